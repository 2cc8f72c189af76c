//! One holder, as its tasks share it.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::oneshot::error::RecvError,
    time::{Instant, error::Elapsed, sleep, timeout},
};

use super::{
    Agency, HolderError, Means, Received, Sent, Trouble,
    arrival::Arrival,
    state::State,
    waiting::{Awaited, Place},
    wallet::{Connection, Line},
};
use crate::{
    aries::{
        didcomm::{Kind, Message, Verkey, envelope},
        protocol::{ProtocolError, notification, trust_ping},
        transport::{Body, Call, Method, socket::Outlet},
    },
    quantity::shortened,
};

/// One holder, as its tasks share it.
pub(super) struct Inner {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) agency: Arc<Agency>,
    pub(super) means: Means,
    state: Mutex<State>,
}

impl Inner {
    pub(super) fn new(agency: Arc<Agency>, means: Means, id: String, label: String) -> Self {
        Self { id, label, agency, means, state: Mutex::new(State::new()) }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn connection(&self, id: &str) -> Result<Arc<Connection>, HolderError> {
        let found = self.state().wallet.connection(id).cloned();
        found.ok_or_else(|| HolderError::NoConnection { id: id.to_owned() })
    }

    pub(super) fn tell_trouble(&self, kind: &'static str, text: String) {
        self.means.observer.trouble(&Trouble { kind, text });
    }

    /// Packs and sends a message. What comes back the same way has arrived when this returns the
    /// moment at which the message was written.
    pub(super) async fn send(
        self: &Arc<Self>,
        line: &Line,
        message: Message,
    ) -> Result<Instant, HolderError> {
        let message =
            if self.answers_come_back(line) { message.with_return_route() } else { message };
        let begun = Instant::now();
        let target = &line.target;
        let packed = line.channel()?.pack(&message.to_bytes());
        let packed = envelope::forward(packed, &target.recipient, &target.routing)?;
        let crypto = begun.elapsed();
        let (bytes, packed_at) = (packed.len(), Instant::now());
        let (written, sending) = match self.outlet(line) {
            Some(outlet) => {
                let written = outlet.send(packed, self.agency.settings.answer_limit).await?;
                (written, written.duration_since(packed_at))
            }
            None => (self.post(line, &message, packed).await?, Duration::ZERO),
        };
        self.means.observer.sent(&message.kind, Sent { crypto, sending, bytes });
        Ok(written)
    }

    /// Sends a message and waits for what it leads to.
    pub(super) async fn ask(
        self: &Arc<Self>,
        line: &Line,
        message: Message,
        awaited: &'static str,
    ) -> Result<Message, HolderError> {
        self.ask_for(line, message, &[], awaited).await
    }

    /// As [`ask`](Self::ask), where some answer by one of these kinds without naming the thread.
    pub(super) async fn ask_for(
        self: &Arc<Self>,
        line: &Line,
        message: Message,
        threadless: &'static [Kind],
        awaited: &'static str,
    ) -> Result<Message, HolderError> {
        let answer = Awaited::Answer(message.thread_id().to_owned(), threadless);
        let seat = self.sit(*line.key.verkey(), answer);
        let written = self.send(line, message).await?;
        Ok(self.found(seat, line, awaited, Some(written)).await?.message)
    }

    /// Waits for a message that may be here already.
    pub(super) async fn wait(
        self: &Arc<Self>,
        line: &Line,
        awaited: Awaited,
        what: &str,
    ) -> Result<Message, HolderError> {
        let seat = self.sit(*line.key.verkey(), awaited);
        Ok(self.found(seat, line, what, None).await?.message)
    }

    pub(super) fn sit(self: &Arc<Self>, key: impl Into<Option<Verkey>>, awaited: Awaited) -> Seat {
        let place = self.state().waiting.wait(key, awaited);
        Seat { place, holder: Arc::clone(self) }
    }

    pub(super) async fn found(
        self: &Arc<Self>,
        mut seat: Seat,
        line: &Line,
        awaited: &str,
        asked: Option<Instant>,
    ) -> Result<Arrival, HolderError> {
        let limit = self.agency.settings.answer_limit;
        let found = timeout(limit, &mut seat.place.found);
        let found = if self.has_no_way_in(line) {
            // Whoever asks has given the other side something to answer.
            let silence =
                if asked.is_some() { self.agency.settings.poll_every } else { Duration::ZERO };
            tokio::select! {
                biased;
                found = found => found,
                // Boxed, because most holders never need what it takes.
                never = Box::pin(self.call_for(line, silence)) => match never {},
            }
        } else {
            found.await
        };
        self.heard(found, awaited, asked)
    }

    /// Waits for a message of whoever has one. Nobody is called for it.
    pub(super) async fn found_of_anybody(
        &self,
        mut seat: Seat,
        awaited: &str,
    ) -> Result<Arrival, HolderError> {
        let limit = self.agency.settings.answer_limit;
        let found = timeout(limit, &mut seat.place.found).await;
        self.heard(found, awaited, None)
    }

    fn heard(
        &self,
        found: Result<Result<Arrival, RecvError>, Elapsed>,
        awaited: &str,
        asked: Option<Instant>,
    ) -> Result<Arrival, HolderError> {
        let Ok(Ok(arrival)) = found else {
            let limit = self.agency.settings.answer_limit;
            return Err(HolderError::NoResponse { awaited: awaited.to_owned(), limit });
        };
        self.tell_received(&arrival, asked);
        match notification::problem(&arrival.message) {
            Some(problem) => Err(ProtocolError::Problem(problem).into()),
            None => Ok(arrival),
        }
    }

    pub(super) fn tell_received(&self, arrival: &Arrival, asked: Option<Instant>) {
        let waiting = asked.map(|asked| arrival.at.saturating_duration_since(asked));
        // More than all of the wait is somebody else's, or a lie.
        let theirs = arrival.message.theirs().filter(|it| waiting.is_some_and(|all| *it <= all));
        let figures = Received {
            crypto: arrival.crypto,
            queued: arrival.open_at.elapsed(),
            waiting,
            theirs,
            bytes: arrival.bytes,
        };
        self.means.observer.received(&arrival.message.kind, figures);
    }

    /// Whether somebody whom the holder knows can write to it only by answering it.
    fn has_no_way_in(&self, line: &Line) -> bool {
        let wallet = &self.state().wallet;
        wallet.mediator.is_none()
            && self.agency.settings.endpoint.is_none()
            && wallet.by_key(line.key.verkey()).is_some()
    }

    /// Gives the other side something to answer now and then: what it has for a holder without a
    /// way in waits there for a message of the holder's, one for each (RFC 0092).
    async fn call_for(self: &Arc<Self>, line: &Line, mut silence: Duration) -> Infallible {
        loop {
            sleep(silence).await;
            silence = self.agency.settings.poll_every;
            if let Err(error) = self.send(line, trust_ping::ping(false)).await {
                self.tell_trouble("pickup failed", error.to_string());
            }
        }
    }

    /// Whether messages of this line ask for answers the way they go: those to the mediator all do
    /// (it forgets with each message), others where there is no other way in.
    fn answers_come_back(&self, line: &Line) -> bool {
        match self.state().wallet.mediator.as_deref() {
            Some(mediator) => mediator.connection.line.key.verkey() == line.key.verkey(),
            None => self.agency.settings.endpoint.is_none(),
        }
    }

    /// The socket, if this line's messages go over it.
    fn outlet(&self, line: &Line) -> Option<Arc<Outlet>> {
        let state = self.state();
        let over_it = match &state.wallet.mediator {
            Some(mediator) => mediator.connection.line.key.verkey() == line.key.verkey(),
            // It is the mediator's, whom the holder is getting to know.
            None => line.target.endpoint.starts_with("ws"),
        };
        state.outlet.clone().filter(|_| over_it)
    }

    async fn post(
        self: &Arc<Self>,
        line: &Line,
        message: &Message,
        packed: Vec<u8>,
    ) -> Result<Instant, HolderError> {
        let endpoint = &line.target.endpoint;
        if !endpoint.starts_with("http") {
            let whose = format!("the other side of a {}", message.kind);
            return Err(HolderError::NoEndpoint { whose });
        }
        let call = Call {
            method: Method::Post,
            url: endpoint.clone(),
            headers: Vec::new(),
            body: Body::Envelope(packed),
        };
        let written = Instant::now();
        let answer = self.means.http.send(call).await?;
        if answer.status >= 300 {
            return Err(HolderError::Status {
                endpoint: endpoint.clone(),
                kind: message.kind.clone(),
                status: answer.status,
                text: shortened(String::from_utf8_lossy(&answer.body).trim()),
            });
        }
        if !answer.body.is_empty() {
            self.arrive(&answer.body, Instant::now());
        }
        Ok(written)
    }
}

/// A place in the queue, given up when it is left.
pub(super) struct Seat {
    place: Place,
    holder: Arc<Inner>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.holder.state().waiting.leave(self.place.number);
    }
}
