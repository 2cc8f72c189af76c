//! Runs to tell, message by message.

use std::{sync::Arc, time::Duration};

use crate::{
    bus::{DropReason, End, Ending, Event, Message, Model, Phase, Request, Row, Run, TripId},
    report::Tally,
};

pub(super) fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

pub(super) fn us(us: u64) -> Duration {
    Duration::from_micros(us)
}

pub(super) fn tally(messages: &[Message]) -> Tally {
    let mut tally = Tally::default();
    for message in messages {
        tally.fold(message);
    }
    tally
}

pub(super) fn at(at: Duration, event: Event) -> Message {
    Message { at, event }
}

pub(super) fn run(rows: Vec<Row>) -> Run {
    Run {
        engine: "0.1.0".into(),
        scenario: "wallets".into(),
        phase: Phase::ScenarioRun,
        seed: 42,
        began_unix_ms: 1_763_690_580_000,
        share: (0, 1),
        rows,
        thresholds: Vec::new(),
        max_dropped: 0.01,
        remarks: Vec::new(),
    }
}

/// A row whose volume is `hold <rate>/s for <seconds>s`.
pub(super) fn held(journey: &str, rate: u32, seconds: u32) -> Row {
    Row {
        journey: journey.into(),
        datapool: None,
        volume: format!("hold {rate}/s for {seconds}s"),
        model: Model::Open,
        planned: Some(u64::from(rate * seconds)),
        duration: Duration::from_secs(seconds.into()),
        by_second: vec![rate; seconds as usize],
        max_in_flight: 10,
        max_backlog: Duration::from_secs(30),
    }
}

pub(super) fn began(run: Run) -> Message {
    at(Duration::ZERO, Event::Began(Box::new(run)))
}

pub(super) fn finished(when: Duration) -> [Message; 2] {
    [at(when, Event::Draining(Ending::Complete)), at(when, Event::Finished)]
}

pub(super) fn failed(kind: &str, message: &str) -> End {
    End::Failed { kind: kind.into(), message: Some(message.into()) }
}

pub(super) fn dropped(row: u16, count: u64, reason: DropReason) -> Message {
    at(ms(10), Event::Dropped { row, due: ms(10), count, reason })
}

/// One trip, due at a time, late by a lag and under way for a time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trip {
    pub(super) id: TripId,
    pub(super) due: Duration,
    pub(super) lag: Duration,
    pub(super) queued: Duration,
    pub(super) service: Duration,
}

impl Trip {
    pub(super) fn new(row: u16, number: u64, due: Duration, service: Duration) -> Self {
        let id = TripId { row, number };
        Self { id, due, lag: Duration::ZERO, queued: Duration::ZERO, service }
    }

    pub(super) fn late(self, lag: Duration, queued: Duration) -> Self {
        Self { lag, queued, ..self }
    }

    pub(super) fn started(self) -> Message {
        let Self { id: trip, lag, queued, .. } = self;
        at(self.due + self.lag, Event::Started { trip, lag, queued })
    }

    pub(super) fn ended(self, end: End) -> Message {
        let Self { id: trip, lag, service, .. } = self;
        at(self.due + self.lag + self.service, Event::Ended { trip, lag, service, end })
    }

    pub(super) fn transaction(self, name: &str, end: End) -> Message {
        let Self { id: trip, lag, service, .. } = self;
        let name = Arc::from(name);
        let event = Event::Transaction { trip, name, lag, service, end };
        at(self.due + self.lag + self.service, event)
    }

    /// A request that took as long as the trip.
    pub(super) fn request(self, status: u16) -> Message {
        let request = Request {
            method: "POST".into(),
            status: Some(status),
            sending: us(20),
            waiting: self.service,
            receiving: us(30),
            sent_bytes: 100,
            received_bytes: 2_000,
            ..Request::default()
        };
        let request = Box::new(request);
        let event = Event::Request { trip: self.id, transaction: None, request };
        at(self.due + self.lag + self.service, event)
    }

    /// All messages of a trip that is done.
    pub(super) fn done(self) -> [Message; 2] {
        [self.started(), self.ended(End::Done)]
    }
}
