//! The subscriber that writes a line for each second.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use crate::{
    bus::{Event, Message, Model, Row, Run, Subscriber},
    observe::private::{self, CreateError},
};

use super::{
    latency::{self, LatencyLog, Trio},
    line::{Line, Setting},
    second::Second,
};

/// Seconds that are open at a time: messages come out of order, and up to so much late.
const OPEN: usize = 3;
/// Longest silence that is filled with empty lines, in seconds: a week.
const SILENCE_MAX: u64 = 7 * 86_400;

/// Writes `series.csv`, a line for every second of the run, and `latency.hdr`, an HdrHistogram
/// interval log in microseconds with the tags `journey/response`, `journey/service` and
/// `journey/lag`.
///
/// A second is written once a message of the third after it has come, or the run is over. A
/// message that comes later than that counts into the oldest second that is open, so that
/// every column adds up to the total of the run. Percentiles are of trips that ended in a
/// second, `lag` of those that began in it; `http_failed` counts requests without an answer
/// and with a status of 400 or more.
pub struct Series {
    path: PathBuf,
    csv: csv::Writer<File>,
    log: LatencyLog,
    rows: Vec<Row>,
    /// Journeys as they are named in tags, each once.
    journeys: Vec<String>,
    /// The index of its journey for each row.
    tags: Vec<usize>,
    /// Open seconds; second `s` is at `s % OPEN`.
    open: [Second; OPEN],
    /// The oldest second that is open.
    first: u64,
    /// The newest second that was heard of.
    last: u64,
    started: u64,
    ended: u64,
    /// All journeys of a second together.
    total: Trio,
}

impl Series {
    /// Begins both files in the directory of a run, which must be there.
    ///
    /// # Errors
    /// When one cannot be made, or is there already.
    pub fn create(run_dir: &Path) -> Result<Self, CreateError> {
        let path = run_dir.join("series.csv");
        Ok(Self {
            csv: csv::Writer::from_writer(private::create(&path)?),
            path,
            log: LatencyLog::create(latency::path(run_dir))?,
            rows: Vec::new(),
            journeys: Vec::new(),
            tags: Vec::new(),
            open: Default::default(),
            first: 0,
            last: 0,
            started: 0,
            ended: 0,
            total: Trio::new(),
        })
    }

    fn begin(&mut self, run: &Run) -> io::Result<()> {
        self.rows.clone_from(&run.rows);
        self.journeys.clear();
        self.tags.clear();
        for row in &run.rows {
            let tag = latency::tag(&row.journey);
            let known = self.journeys.iter().position(|it| *it == tag);
            self.tags.push(known.unwrap_or(self.journeys.len()));
            if known.is_none() {
                self.journeys.push(tag);
            }
        }
        for second in &mut self.open {
            second.latencies.resize_with(self.journeys.len(), Trio::new);
        }
        self.log.begin(run)
    }

    /// Writes the seconds that no message is waited for any more, now that one of `second` came.
    fn advance(&mut self, second: u64) -> io::Result<()> {
        if second > self.last.saturating_add(SILENCE_MAX) {
            let text = format!("a message of second {second} follows one of {}", self.last);
            return Err(private::name(&self.path)(io::Error::other(text)));
        }
        self.last = self.last.max(second);
        if self.first + OPEN as u64 > self.last {
            return Ok(());
        }
        while self.first + OPEN as u64 <= self.last {
            self.close()?;
        }
        self.flush()
    }

    /// Writes the oldest open second and opens the one after the newest in its place.
    fn close(&mut self) -> io::Result<()> {
        let second = &mut self.open[slot(self.first)];
        self.total.clear();
        for (journey, trio) in self.journeys.iter().zip(&second.latencies) {
            self.total.add(trio);
            self.log.write(self.first, journey, trio)?;
        }
        self.started += second.counts.started;
        self.ended += second.counts.ended;
        let setting = Setting {
            second: self.first,
            planned: wanted(&self.rows, Model::Open, self.first),
            users: wanted(&self.rows, Model::Closed, self.first),
            in_flight: self.started.saturating_sub(self.ended),
        };
        let line = Line::new(&setting, &second.counts, second.health.as_ref(), &self.total);
        second.clear();
        self.first += 1;
        self.csv.serialize(line).map_err(|error| private::name(&self.path)(error.into()))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.csv.flush().map_err(private::name(&self.path))?;
        self.log.flush()
    }
}

impl Subscriber for Series {
    fn receive(&mut self, message: &Message) -> io::Result<()> {
        if let Event::Began(run) = &message.event {
            return self.begin(run);
        }
        let second = message.at.as_secs();
        self.advance(second)?;
        self.open[slot(second.max(self.first))].count(&message.event, &self.tags);
        if message.event == Event::Finished {
            while self.first <= self.last {
                self.close()?;
            }
            self.flush()?;
        }
        Ok(())
    }
}

/// What the plan wants in a second: arrivals of open rows, or users of closed ones.
fn wanted(rows: &[Row], model: Model, second: u64) -> u64 {
    let second = usize::try_from(second).unwrap_or(usize::MAX);
    rows.iter()
        .filter(|row| row.model == model)
        .filter_map(|row| row.by_second.get(second))
        .map(|&wanted| u64::from(wanted))
        .sum()
}

fn slot(second: u64) -> usize {
    usize::try_from(second % OPEN as u64).expect("a remainder of three fits an index")
}
