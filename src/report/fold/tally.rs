//! The fold itself: messages in, sums out.

use std::{collections::BTreeMap, io, sync::Arc, time::Duration};

use super::{
    Bounded, Exchanges, Lived, Machine, Merge, RowTally, Unheard,
    requests::FAILURE_KINDS_MAX,
    row::{ERROR_GROUPS_MAX, KINDS_MAX, MEASURED_MAX, TRANSACTIONS_MAX},
};
use crate::bus::{Ending, Event, Message, Run, Subscriber};

/// Protocols as different sides see them: systems are few, and so are protocols.
const SIDES_MAX: usize = 32;

/// What all messages of a run come to, whatever order they came in.
///
/// A run that is under way, one that is replayed from its log, and one that is merged from many
/// workers give the same tally.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// The header of each share of the plan.
    pub(crate) headers: BTreeMap<(u32, u32), Box<Run>>,
    pub(crate) rows: BTreeMap<u16, RowTally>,
    pub(crate) recorded: Bounded<Arc<str>, Recorded, KINDS_MAX>,
    /// What became of exchanges, by protocol and side.
    pub(crate) exchanges: Bounded<(Arc<str>, Arc<str>), Exchanges, SIDES_MAX>,
    /// Sides that were not heard for a time.
    pub(crate) unheard: Bounded<Arc<str>, Unheard, SIDES_MAX>,
    pub(crate) machine: Machine,
    pub(crate) ending: Option<Ending>,
    pub(crate) finished: bool,
    /// Time of the last message of the trips: what systems are waited for after that is no time in
    /// which anything was asked of them.
    pub(crate) last: Duration,
}

/// Whether an event may come when the trips are over.
fn is_beside_the_trips(event: &Event) -> bool {
    matches!(event, Event::Exchange { .. } | Event::Unheard { .. } | Event::Finished)
}

/// Rows recorded under one name.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Recorded {
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
}

impl Tally {
    /// Adds one message.
    ///
    /// Their order is of no importance, but that the header comes first.
    pub fn fold(&mut self, message: &Message) {
        let at = message.at;
        if !is_beside_the_trips(&message.event) {
            self.last = self.last.max(at);
        }
        match &message.event {
            Event::Began(run) => self.begin(run),
            Event::Started { trip, lag, queued } => self.row(trip.row).start(at, *lag, *queued),
            Event::Transaction { trip, name, lag, service, end } => {
                let lived = Lived { at, lag: *lag, service: *service };
                self.row(trip.row).end_transaction(name, lived, end);
            }
            Event::Request { trip, request, .. } => self.row(trip.row).requests.end(request),
            Event::Ended { trip, lag, service, end } => {
                let lived = Lived { at, lag: *lag, service: *service };
                self.row(trip.row).end_trip(lived, end);
            }
            Event::Dropped { row, count, reason, .. } => {
                self.row(*row).trips.drop_some(*count, *reason);
            }
            Event::Recorded { name, bytes, .. } => {
                let one = Recorded { rows: 1, bytes: u64::from(*bytes) };
                self.recorded.update(name, |it| it.merge(&one));
            }
            Event::Sent { trip, kind, .. } => {
                self.row(trip.row).sent.update(kind, |count| *count += 1);
            }
            Event::Measured { trip, transaction, values } => {
                self.row(trip.row).measure(transaction.as_ref(), values);
            }
            Event::Exchange { party, protocol, change } => {
                let place = (Arc::clone(protocol), Arc::clone(party));
                self.exchanges.update(&place, |it| it.add(change));
            }
            Event::Unheard { party, lasted } => {
                let one = Unheard { times: 1, lasted: *lasted };
                self.unheard.update(party, |it| it.merge(&one));
            }
            Event::Health(health) => self.machine.report(health),
            Event::Stalled { lasted } => self.machine.stall(*lasted),
            Event::Draining(ending) => self.end(ending),
            Event::Finished => self.finished = true,
            Event::Purged { .. } => {}
        }
    }

    /// What the run said of itself before it began; `None` if that was never heard.
    #[must_use]
    pub fn run(&self) -> Option<&Run> {
        self.headers.values().next().map(Box::as_ref)
    }

    /// Adds all that another tally counted: another worker's, or another part of the log.
    pub fn merge(&mut self, other: &Self) {
        for (share, run) in &other.headers {
            self.headers.entry(*share).or_insert_with(|| run.clone());
        }
        for (row, tally) in &other.rows {
            self.row(*row).merge(tally);
        }
        self.recorded.merge(&other.recorded);
        self.exchanges.merge(&other.exchanges);
        self.unheard.merge(&other.unheard);
        self.machine.merge(&other.machine);
        other.ending.iter().for_each(|ending| self.end(ending));
        self.finished |= other.finished;
        self.last = self.last.max(other.last);
    }

    /// Says of which names there were more than there was room for.
    pub(crate) fn cuts(&self) -> Vec<String> {
        let any = |cut: fn(&RowTally) -> bool| self.rows.values().any(cut);
        [
            (any(|row| row.transactions.is_cut()), TRANSACTIONS_MAX, "transactions"),
            (any(|row| row.errors.is_cut()), ERROR_GROUPS_MAX, "kinds of failure"),
            (any(|row| row.sent.is_cut()), KINDS_MAX, "kinds of message"),
            (any(|row| row.measured.is_cut()), MEASURED_MAX, "measurements"),
            (any(|row| row.requests.failures.is_cut()), FAILURE_KINDS_MAX, "HTTP failures"),
            (self.recorded.is_cut(), KINDS_MAX, "names of recorded rows"),
            (self.exchanges.is_cut(), SIDES_MAX, "sides of protocols"),
        ]
        .into_iter()
        .filter(|(cut, ..)| *cut)
        .map(|(_, max, what)| format!("only the first {max} {what} by name are told apart"))
        .collect()
    }

    fn row(&mut self, row: u16) -> &mut RowTally {
        self.rows.entry(row).or_default()
    }

    fn begin(&mut self, run: &Run) {
        for (index, row) in (0..=u16::MAX).zip(&run.rows) {
            self.row(index).plan = row.duration;
        }
        self.headers.entry(run.share).or_insert_with(|| Box::new(run.clone()));
    }

    /// Keeps the gravest ending.
    fn end(&mut self, ending: &Ending) {
        if self.ending.as_ref().is_none_or(|known| gravity(known) < gravity(ending)) {
            self.ending = Some(ending.clone());
        }
    }
}

impl Subscriber for Tally {
    fn receive(&mut self, message: &Message) -> io::Result<()> {
        self.fold(message);
        Ok(())
    }
}

impl Merge for Recorded {
    fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.bytes = self.bytes.saturating_add(other.bytes);
    }
}

fn gravity(ending: &Ending) -> (u8, &str) {
    match ending {
        Ending::Complete => (0, ""),
        Ending::DatapoolExhausted(name) => (1, name),
        Ending::SubscriberFailed(error) => (2, error),
        Ending::Signal => (3, ""),
    }
}
