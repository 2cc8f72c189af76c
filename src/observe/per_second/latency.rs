//! Latencies of a second, and the HdrHistogram interval log that keeps them.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use hdrhistogram::{
    Histogram,
    serialization::{
        V2DeflateSerializer,
        interval_log::{IntervalLogWriterBuilder, IntervalLogWriterError, Tag},
    },
};

use crate::{
    bus::Run,
    observe::private::{self, CreateError},
};

/// Longer latencies count as one hour.
const MICROS_MAX: u64 = 3_600_000_000;
const LEGEND: &str =
    r#""StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram""#;

/// Microseconds, to three digits; it grows with the longest and is emptied, not made anew.
pub(super) struct Latencies(Histogram<u32>);

impl Latencies {
    pub(super) fn new() -> Self {
        Self(Histogram::new(3).expect("three digits are within what a histogram can do"))
    }

    pub(super) fn record(&mut self, latency: Duration) {
        let micros = u64::try_from(latency.as_micros()).unwrap_or(MICROS_MAX);
        self.0
            .record(micros.clamp(1, MICROS_MAX))
            .expect("a histogram that grows has room for an hour");
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.0.add(&other.0).expect("a histogram that grows takes every value of its like");
    }

    pub(super) fn clear(&mut self) {
        self.0.reset();
    }

    /// The latency that a share of all stays within, or `None` where there were none.
    pub(super) fn quantile(&self, share: f64) -> Option<Duration> {
        let some = !self.0.is_empty();
        some.then(|| Duration::from_micros(self.0.value_at_quantile(share)))
    }
}

/// The latencies of one journey in one second.
pub(super) struct Trio {
    /// From when a trip was due to its end.
    pub(super) response: Latencies,
    /// From when it began to its end.
    pub(super) service: Latencies,
    /// From when it was due to when it began.
    pub(super) lag: Latencies,
}

impl Trio {
    pub(super) fn new() -> Self {
        Self { response: Latencies::new(), service: Latencies::new(), lag: Latencies::new() }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.response.add(&other.response);
        self.service.add(&other.service);
        self.lag.add(&other.lag);
    }

    pub(super) fn clear(&mut self) {
        self.response.clear();
        self.service.clear();
        self.lag.clear();
    }
}

/// An interval log: an interval for each second and tag in which there was something to time.
pub(super) struct LatencyLog {
    path: PathBuf,
    file: BufWriter<File>,
    serializer: V2DeflateSerializer,
}

impl LatencyLog {
    pub(super) fn create(path: PathBuf) -> Result<Self, CreateError> {
        let file = BufWriter::new(private::create(&path)?);
        Ok(Self { path, file, serializer: V2DeflateSerializer::new() })
    }

    /// Writes what tools want to know before the first interval.
    pub(super) fn begin(&mut self, run: &Run) -> io::Result<()> {
        let (began, engine) = (Duration::from_millis(run.began_unix_ms).as_secs_f64(), &run.engine);
        write!(
            self.file,
            "#[Logged with engine {}]\n\
             #[Histogram log format version 1.3]\n\
             #[Values are microseconds]\n\
             #[StartTime: {began:.3} (seconds since epoch)]\n\
             #[BaseTime: {began:.3} (seconds since epoch)]\n\
             {LEGEND}\n",
            engine.escape_default()
        )
        .map_err(private::name(&self.path))
    }

    /// Writes the intervals of one journey in one second.
    pub(super) fn write(&mut self, second: u64, journey: &str, trio: &Trio) -> io::Result<()> {
        for (kind, latencies) in
            [("response", &trio.response), ("service", &trio.service), ("lag", &trio.lag)]
        {
            if !latencies.0.is_empty() {
                let tag = format!("{journey}/{kind}");
                self.interval(second, &tag, latencies).map_err(private::name(&self.path))?;
            }
        }
        Ok(())
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.file.flush().map_err(private::name(&self.path))
    }

    fn interval(&mut self, second: u64, tag: &str, latencies: &Latencies) -> io::Result<()> {
        let tag = Tag::new(tag).expect("a journey's name has been made fit for a tag");
        let (start, length) = (Duration::from_secs(second), Duration::from_secs(1));
        IntervalLogWriterBuilder::new()
            .begin_log_with(&mut self.file, &mut self.serializer)?
            .write_histogram(&latencies.0, start, length, Some(tag))
            .map_err(|error| match error {
                IntervalLogWriterError::IoError(error) => error,
                IntervalLogWriterError::SerializeError(error) => io::Error::other(error),
            })
    }
}

/// A journey's name as a part of a tag, which may hold neither commas nor white space.
pub(super) fn tag(journey: &str) -> String {
    journey.replace(|it: char| it == ',' || it.is_whitespace() || it.is_control(), "_")
}

/// Where the log of a run is.
pub(super) fn path(run_dir: &Path) -> PathBuf {
    run_dir.join("latency.hdr")
}
