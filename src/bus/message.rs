//! The vocabulary of a run: everything that can happen, and when.

use std::{borrow::Cow, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use super::{Change, Receipt, Run, nanos};

/// Something that happened, and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Time since the run began, on a clock that never steps.
    #[serde(with = "nanos")]
    pub at: Duration,
    /// What happened.
    pub event: Event,
}

/// Everything that can happen in a run.
///
/// Messages of one trip may arrive out of order (an end before its start): whoever adds up
/// must not depend on their sequence. [`Event::Began`] is always first, [`Event::Finished`]
/// always last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Event {
    /// The run is about to begin.
    Began(Box<Run>),
    /// A trip began.
    Started {
        /// Which one.
        trip: TripId,
        /// Actual start minus due time.
        #[serde(with = "nanos")]
        lag: Duration,
        /// The part of `lag` spent waiting for a free slot or a free row; the rest is our own lateness.
        #[serde(with = "nanos")]
        queued: Duration,
    },
    /// A named step of a trip ended.
    Transaction {
        /// The trip it is part of.
        trip: TripId,
        /// Its name, outer names first: `outer :: inner`.
        name: Arc<str>,
        /// How late the trip was: response time is `lag + service`.
        #[serde(with = "nanos")]
        lag: Duration,
        /// From its actual start to its end.
        #[serde(with = "nanos")]
        service: Duration,
        /// How it ended.
        end: End,
    },
    /// An HTTP request ended.
    Request {
        /// The trip that made it.
        trip: TripId,
        /// The transaction it was made in, if any.
        transaction: Option<Arc<str>>,
        /// Its figures.
        request: Box<Request>,
    },
    /// A trip ended.
    Ended {
        /// Which one.
        trip: TripId,
        /// Actual start minus due time.
        #[serde(with = "nanos")]
        lag: Duration,
        /// From its actual start to its end.
        #[serde(with = "nanos")]
        service: Duration,
        /// How it ended.
        end: End,
    },
    /// Trips that were due and will never start.
    Dropped {
        /// Index of the plan row they belong to.
        row: u16,
        /// When the (first) one was due.
        #[serde(with = "nanos")]
        due: Duration,
        /// How many.
        count: u64,
        /// Why.
        reason: DropReason,
    },
    /// A journey recorded a row; its content is for the recorder alone and is never serialized.
    Recorded {
        /// The datapool it goes to.
        name: Arc<str>,
        /// Size of the encoded row in bytes.
        bytes: u32,
        /// The row as MessagePack, with the receipt its journey waits for.
        #[serde(skip)]
        row: Option<RecordedRow>,
    },
    /// A journey asked for all recorded rows of a name to be deleted.
    Purged {
        /// The datapool to delete.
        name: Arc<str>,
        /// The receipt its journey waits for.
        #[serde(skip)]
        receipt: Option<Receipt>,
    },
    /// A message of a journey's own.
    Sent {
        /// The trip that sent it.
        trip: TripId,
        /// What kind of message, in the journey's own words.
        kind: Arc<str>,
        /// Its fields.
        fields: serde_json::Value,
    },
    /// A journey measured durations of its own.
    Measured {
        /// The trip that measured them.
        trip: TripId,
        /// The transaction they were measured in, if any.
        transaction: Option<Arc<str>>,
        /// What was measured.
        values: Box<[Measured]>,
    },
    /// Something became of an exchange of a protocol, as one of its sides sees it.
    Exchange {
        /// The side: `holders`, or the name of a system such as `issuer`.
        party: Arc<str>,
        /// The protocol, such as `issue-credential`.
        protocol: Arc<str>,
        /// What became of it.
        change: Change,
    },
    /// A system was not heard for a time: what became of its exchanges meanwhile is not known.
    Unheard {
        /// The system.
        party: Arc<str>,
        /// For how long.
        #[serde(with = "nanos")]
        lasted: Duration,
    },
    /// How the generator itself is doing; once a second.
    Health(Health),
    /// The generator itself stood still; what was due meanwhile is dropped, not sent in a burst.
    Stalled {
        /// For how long.
        #[serde(with = "nanos")]
        lasted: Duration,
    },
    /// The plan's time is over, or the run was stopped: nothing new arrives. What waits may still
    /// start if the ending is [`Ending::Complete`].
    Draining(Ending),
    /// The run is over; nothing comes after this.
    Finished,
}

/// A duration that a journey measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// What it is a sample of; reports have a line for each name.
    pub name: Cow<'static, str>,
    /// How long it was.
    #[serde(with = "nanos")]
    pub took: Duration,
}

/// A row on its way to the recorder.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedRow {
    /// The row, a MessagePack map.
    pub encoded: Arc<[u8]>,
    /// Signed by the recorder once the operating system has the row.
    pub receipt: Receipt,
}

/// One trip of a run: the index of its plan row, and its number in that row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TripId {
    /// Index of the plan row.
    pub row: u16,
    /// Number of the arrival in its row, from 0.
    pub number: u64,
}

/// How a trip or a transaction ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    /// As it should.
    Done,
    /// With a failure.
    Failed {
        /// What to count it by.
        kind: Arc<str>,
        /// What to read; only where the failure is told first, so that it is counted once.
        message: Option<Arc<str>>,
    },
    /// It was dropped before its end, by the journey or at the end of the run.
    Cancelled,
}

/// Why a trip that was due never started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DropReason {
    /// `max_in_flight` trips were under way for longer than `max_backlog`.
    Backlog,
    /// No row was free for as long as `on_empty` allows.
    DatapoolEmpty,
    /// The datapool ran out and `on_empty = "stop"` ended the row.
    DatapoolStop,
    /// The generator itself stood still.
    GeneratorStalled,
    /// The run was over before a slot was free.
    RunOver,
    /// The run was stopped by a signal or a failure.
    Aborted,
    /// The run was stopped before it was due.
    NotReached,
}

/// Why nothing new arrives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// All that was planned has been done.
    Complete,
    /// Somebody asked for it (ctrl-c, SIGTERM).
    Signal,
    /// A datapool ran out under `on_empty = "fail"`; its name.
    DatapoolExhausted(String),
    /// A subscriber failed; its error.
    SubscriberFailed(String),
}

/// The figures of one HTTP request; times are zero for what did not happen.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Request {
    /// The method, in upper case.
    pub method: Arc<str>,
    /// The status, if an answer came.
    pub status: Option<u16>,
    /// The kind of failure, if none came; a status of 400 or more is not one.
    pub failure: Option<Arc<str>>,
    /// Waiting for a connection of ours.
    #[serde(with = "nanos")]
    pub blocked: Duration,
    /// Resolving the name.
    #[serde(with = "nanos")]
    pub looking_up: Duration,
    /// Opening the TCP connection.
    #[serde(with = "nanos")]
    pub connecting: Duration,
    /// Shaking hands for TLS.
    #[serde(with = "nanos")]
    pub tls_handshaking: Duration,
    /// Writing the request.
    #[serde(with = "nanos")]
    pub sending: Duration,
    /// From the request's last byte to the answer's first.
    #[serde(with = "nanos")]
    pub waiting: Duration,
    /// From the answer's first byte to its last.
    #[serde(with = "nanos")]
    pub receiving: Duration,
    /// Body bytes sent.
    pub sent_bytes: u64,
    /// Body bytes received.
    pub received_bytes: u64,
    /// Whether it went over a connection that had served before.
    pub reused: bool,
}

/// How the generator itself is doing.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Health {
    /// CPU seconds this process used in the last second, all cores together.
    pub cpu: f64,
    /// Resident memory in bytes.
    pub resident_bytes: u64,
    /// Trips under way.
    pub in_flight: u64,
    /// Arrivals that wait for a slot or a row.
    pub backlog: u64,
    /// The longest that the pacer overslept in the last second.
    #[serde(with = "nanos")]
    pub overslept: Duration,
}
