//! A stage for rehearsals: scenarios run on virtual time, and all that is told is heard.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    dead_code,
    reason = "a test may unwrap, and each test file uses its own part of the stage"
)]

use std::{io, time::Duration};

use engine::{
    bus::{Bus, DropReason, End, Ending, Event, Message, Phase, Subscriber, Subscribers},
    journey::{Journeys, http},
    observe::{Keep, Recorder},
    plan::{Scenario, Share},
    report::{Aggregate, Report, Tally, measure},
    run::{Choices, Means, Pacing, Vetted, prepare},
};
use tokio::sync::mpsc;

/// Keeps all it hears.
#[derive(Default)]
pub(crate) struct Ear(pub(crate) Vec<Message>);

impl Subscriber for Ear {
    fn receive(&mut self, message: &Message) -> io::Result<()> {
        self.0.push(message.clone());
        Ok(())
    }
}

/// What came of a rehearsal.
pub(crate) struct Rehearsal {
    pub(crate) ending: Ending,
    pub(crate) messages: Vec<Message>,
    pub(crate) tally: Tally,
}

/// A rehearsal that is set up but has not begun.
pub(crate) struct Stage {
    pub(crate) scenario: Scenario,
    pub(crate) journeys: Journeys,
    pub(crate) phase: Phase,
    pub(crate) share: Share,
    pub(crate) recorder_dir: tempfile::TempDir,
    /// Virtual times at which somebody presses ctrl-c.
    pub(crate) signals: Vec<Duration>,
}

impl Stage {
    pub(crate) fn new(scenario: &str, journeys: Journeys) -> Self {
        Self {
            scenario: Scenario::parse(scenario, "rehearsal.toml").unwrap(),
            journeys,
            phase: Phase::ScenarioRun,
            share: Share::WHOLE,
            recorder_dir: tempfile::tempdir().unwrap(),
            signals: Vec::new(),
        }
    }

    /// Runs it on virtual time.
    pub(crate) fn rehearse(&self) -> Rehearsal {
        let mut seats = Subscribers::default();
        let ear = seats.subscribe("ear", Ear::default()).unwrap();
        let recorder = Recorder::open(self.recorder_dir.path(), Keep::Append).unwrap();
        let recorder = seats.subscribe_to_records("recorder", recorder).unwrap();
        let bus = seats.open().unwrap();
        let ending = self.run(&bus);
        bus.close();
        recorder.join().unwrap().finish().unwrap();
        let messages = ear.join().unwrap().0;
        let mut tally = Tally::default();
        for message in &messages {
            tally.fold(message);
        }
        Rehearsal { ending, messages, tally }
    }

    /// Runs it on virtual time, telling `bus`.
    pub(crate) fn run(&self, bus: &Bus) -> Ending {
        let choices = Choices {
            phase: self.phase,
            share: self.share,
            recorder_dir: self.recorder_dir.path().into(),
            began_unix_ms: 1_795_000_000_000,
            descriptors: 20_000,
            vetted: Vetted::Lent,
            remarks: Vec::new(),
        };
        let prepared = prepare(&self.scenario, &self.journeys, &choices).unwrap();
        let http = http::Client::new(http::Settings::default()).unwrap();
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let (pressed, signals) = mpsc::channel(4);
            for at in self.signals.clone() {
                let pressed = pressed.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(at).await;
                    pressed.send(()).await.unwrap();
                });
            }
            let bus = bus.clone();
            let means = Means { bus, http, pacing: Pacing::Runtime, signals };
            prepared.go(means).await.unwrap()
        })
    }
}

/// Rehearses a scenario of one load row: `row` is what follows `[[load]]`.
pub(crate) fn rehearse(row: &str, journeys: Journeys) -> Rehearsal {
    Stage::new(&format!("[[load]]\njourney = \"it\"\n{row}\n"), journeys).rehearse()
}

impl Rehearsal {
    pub(crate) fn count(&self, what: impl Fn(&Event) -> bool) -> u64 {
        self.messages.iter().filter(|message| what(&message.event)).count() as u64
    }

    pub(crate) fn planned(&self) -> Option<u64> {
        let planned = self.messages.iter().find_map(|message| match &message.event {
            Event::Began(run) => Some(run.rows.iter().map(|row| row.planned).sum()),
            _ => None,
        });
        planned.unwrap()
    }

    pub(crate) fn started(&self) -> u64 {
        self.count(|event| matches!(event, Event::Started { .. }))
    }

    pub(crate) fn ended(&self) -> u64 {
        self.count(|event| matches!(event, Event::Ended { .. }))
    }

    pub(crate) fn ended_as(&self, wanted: fn(&End) -> bool) -> u64 {
        self.count(|event| matches!(event, Event::Ended { end, .. } if wanted(end)))
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.drops().map(|(_, count)| count).sum()
    }

    pub(crate) fn dropped_for(&self, reason: DropReason) -> u64 {
        self.drops().filter(|(why, _)| *why == reason).map(|(_, count)| count).sum()
    }

    fn drops(&self) -> impl Iterator<Item = (DropReason, u64)> {
        self.messages.iter().filter_map(|message| match message.event {
            Event::Dropped { reason, count, .. } => Some((reason, count)),
            _ => None,
        })
    }

    /// When the last message was told.
    pub(crate) fn lasted(&self) -> Duration {
        self.messages.iter().map(|message| message.at).max().unwrap()
    }

    /// A percentile of the response time of trips, in milliseconds.
    pub(crate) fn response(&self, percent: f64) -> f64 {
        measure(&self.tally, "iteration_duration", None, Aggregate::P(percent)).unwrap().number()
    }

    pub(crate) fn report(&self) -> Report {
        Report::new(self.tally.clone(), Vec::new())
    }
}
