//! Named, timed steps of a trip, and which of them the running code is in.

use std::{
    cell::RefCell,
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
};

use tokio::time::Instant;

use super::{Context, Failure};
use crate::bus::{End, Event};

thread_local! {
    /// The transaction whose code this thread is running; set around each poll, so that
    /// branches of a trip that run side by side each see their own.
    static CURRENT: RefCell<Option<Arc<str>>> = const { RefCell::new(None) };
}

/// The transaction whose code is running, outer names first.
pub(super) fn current() -> Option<Arc<str>> {
    CURRENT.with_borrow(Clone::clone)
}

/// Runs `work` as the transaction `name` of the trip of `ctx`.
pub(super) async fn run<T>(
    ctx: &Context,
    name: &str,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let mut open = Open::begin(ctx, name);
    let mut work = pin!(work);
    let mut result = poll_fn(|task| {
        let _inside = Inside::enter(Arc::clone(&open.name));
        work.as_mut().poll(task)
    })
    .await;
    open.end = match &mut result {
        Ok(_) => End::Done,
        Err(failure) => failure.tell(),
    };
    result
}

/// A transaction that has begun; told of when it is dropped, however that comes about.
struct Open<'a> {
    ctx: &'a Context,
    name: Arc<str>,
    began: Instant,
    end: End,
}

impl<'a> Open<'a> {
    fn begin(ctx: &'a Context, name: &str) -> Self {
        let name = match current() {
            Some(outer) => format!("{outer} :: {name}").into(),
            None => name.into(),
        };
        Self { ctx, name, began: Instant::now(), end: End::Cancelled }
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        let end = if std::thread::panicking() {
            // The trip tells of the panic itself, with its message.
            End::Failed { kind: "panic".into(), message: None }
        } else {
            std::mem::replace(&mut self.end, End::Cancelled)
        };
        self.ctx.tell(Event::Transaction {
            trip: self.ctx.trip(),
            name: Arc::clone(&self.name),
            lag: self.ctx.lag(),
            service: self.began.elapsed(),
            end,
        });
    }
}

/// While it lives, this thread runs the code of a transaction.
struct Inside(Option<Arc<str>>);

impl Inside {
    fn enter(name: Arc<str>) -> Self {
        Self(CURRENT.replace(Some(name)))
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        CURRENT.set(self.0.take());
    }
}
