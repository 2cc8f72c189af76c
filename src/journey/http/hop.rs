//! One request on its way: timed phase by phase, and told when it ends, however it ends.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use http::{Method, StatusCode};
use tokio::time::Instant;

use super::error::{Flaw, Kind};
use crate::bus;

/// Whoever is told of each request, redirects and failures included.
pub trait Observer: Send + Sync {
    /// Takes the figures of a request that has ended.
    fn request(&self, request: Box<bus::Request>);
}

/// Nobody is told.
impl Observer for () {
    fn request(&self, _: Box<bus::Request>) {}
}

/// What a request is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Blocked,
    LookingUp,
    Connecting,
    TlsHandshaking,
    Sending,
    Waiting,
    Receiving,
}

/// A request under way; one that is dropped is told as cancelled.
pub(super) struct Hop<'a> {
    observer: &'a dyn Observer,
    figures: Option<Box<bus::Request>>,
    phase: Phase,
    since: Instant,
}

impl<'a> Hop<'a> {
    pub(super) fn begin(observer: &'a dyn Observer, method: &Method) -> Self {
        let figures = bus::Request { method: name(method), ..bus::Request::default() };
        Self {
            observer,
            figures: Some(Box::new(figures)),
            phase: Phase::Blocked,
            since: Instant::now(),
        }
    }

    /// Ends the phase it is in and begins another.
    pub(super) fn enter(&mut self, phase: Phase) {
        let now = Instant::now();
        let spent = now - self.since;
        if let Some(figures) = &mut self.figures {
            *time_of(figures, self.phase) += spent;
        }
        self.since = now;
        self.phase = phase;
    }

    /// Begins anew on another connection: what the first one took was waiting for a connection.
    pub(super) fn again(&mut self) {
        self.enter(Phase::Blocked);
        self.change(|it| {
            it.blocked += it.sending + it.waiting + it.receiving;
            (it.sending, it.waiting, it.receiving) = Default::default();
            (it.sent_bytes, it.received_bytes, it.reused) = Default::default();
        });
    }

    /// Notes that the connection has served before.
    pub(super) fn reuses(&mut self) {
        self.change(|it| it.reused = true);
    }

    /// Notes how many bytes of bodies have gone either way.
    pub(super) fn moved(&mut self, sent: usize, received: usize) {
        self.change(|it| {
            it.sent_bytes = u64::try_from(sent).unwrap_or(u64::MAX);
            it.received_bytes = u64::try_from(received).unwrap_or(u64::MAX);
        });
    }

    /// Tells how it ended.
    pub(super) fn end(&mut self, ended: Result<StatusCode, &Flaw>) {
        self.tell(ended.map_err(|flaw| flaw.kind));
    }

    fn tell(&mut self, ended: Result<StatusCode, Kind>) {
        self.enter(self.phase);
        let Some(mut figures) = self.figures.take() else { return };
        match ended {
            Ok(status) => figures.status = Some(status.as_u16()),
            Err(kind) => figures.failure = Some(kind.name().into()),
        }
        self.observer.request(figures);
    }

    fn change(&mut self, change: impl FnOnce(&mut bus::Request)) {
        if let Some(figures) = &mut self.figures {
            change(figures);
        }
    }
}

impl Drop for Hop<'_> {
    fn drop(&mut self) {
        if self.figures.is_some() {
            self.tell(Err(Kind::Cancelled));
        }
    }
}

fn time_of(figures: &mut bus::Request, phase: Phase) -> &mut Duration {
    match phase {
        Phase::Blocked => &mut figures.blocked,
        Phase::LookingUp => &mut figures.looking_up,
        Phase::Connecting => &mut figures.connecting,
        Phase::TlsHandshaking => &mut figures.tls_handshaking,
        Phase::Sending => &mut figures.sending,
        Phase::Waiting => &mut figures.waiting,
        Phase::Receiving => &mut figures.receiving,
    }
}

/// The method's name, shared: a request should not allocate it.
fn name(method: &Method) -> Arc<str> {
    static COMMON: LazyLock<[(Method, Arc<str>); 7]> = LazyLock::new(|| {
        [
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::HEAD,
            Method::OPTIONS,
        ]
        .map(|method| (method.clone(), method.as_str().into()))
    });
    let common = COMMON.iter().find(|(common, _)| common == method);
    common.map_or_else(|| method.as_str().into(), |(_, name)| Arc::clone(name))
}
