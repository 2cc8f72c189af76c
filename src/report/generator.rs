//! Whether the generator did what the plan asked for, and what kept it from it.

use std::{collections::BTreeMap, fmt, time::Duration};

use super::{
    figures::span,
    fold::{Histogram, Machine, Merge, Tally},
    scope::Lane,
};
use crate::bus::{DropReason, Model};

/// More lateness of its own than this, at the 99th percentile, is the generator's fault.
const OWN_LATENESS_MAX: Duration = Duration::from_millis(10);
/// The part of the planned trips that may begin late, or never, before the report names a limit.
const LATE_PARTS_PER_HUNDRED: u64 = 1;

/// Who needs less than this in its busiest second is not late of its own work.
const IDLE_CORES_MAX: f64 = 0.5;

/// How the generator did, in words a person can act upon.
#[derive(Debug, Clone, PartialEq)]
pub enum Generator {
    /// It began every trip when it was due, or as soon as a slot was free.
    Healthy {
        /// How late it was by its own fault; `None` where nothing had a due time.
        lateness: Option<Lateness>,
    },
    /// It stood still.
    Stalled {
        /// How often.
        times: u64,
        /// For how long, all together.
        lasted: Duration,
        /// Arrivals that were due meanwhile.
        dropped: u64,
    },
    /// It could not keep up.
    Overloaded {
        /// 99th percentile of the lateness that was its own.
        own_p99: Duration,
        /// Cores in use in the busiest second.
        cores: Option<f64>,
    },
    /// What it had to compute waited for a free core for longer than it then took.
    OutOfCores {
        /// What journeys call the work, as in the trends `anoncreds_queued` and `anoncreds_crypto`.
        work: String,
        /// How long a piece of it waited, on average.
        queued: Duration,
        /// How long it then took, on average.
        took: Duration,
    },
    /// Trips waited for a slot until the plan was over.
    SlotsUsedUp {
        /// Trips of which row, and how they fared.
        waited: Waited,
        /// How many slots there are.
        max_in_flight: u64,
    },
    /// Trips waited for a row of data until the plan was over.
    RowsUsedUp {
        /// Trips of which row, and how they fared.
        waited: Waited,
        /// The datapool that had none.
        datapool: String,
    },
}

impl Generator {
    /// Whether it did what the plan asked for.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        matches!(self, Self::Healthy { .. })
    }

    /// Its name for machines.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Healthy { .. } => "healthy",
            Self::Stalled { .. } => "stalled",
            Self::Overloaded { .. } => "overloaded",
            Self::OutOfCores { .. } => "out_of_cores",
            Self::SlotsUsedUp { .. } => "slots_used_up",
            Self::RowsUsedUp { .. } => "rows_used_up",
        }
    }
}

/// How late trips were by the generator's own fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lateness {
    /// 50th percentile.
    pub p50: Duration,
    /// 99th percentile.
    pub p99: Duration,
    /// The most.
    pub max: Duration,
}

/// How trips fared that had to wait.
#[derive(Debug, Clone, PartialEq)]
pub struct Waited {
    /// The journey, as the report calls its row; `None` where there is but one.
    pub journey: Option<String>,
    /// How much of the planned trips, in per cent, began before the plan was over.
    pub in_time_percent: f64,
    /// 99th percentile of the waiting, of those that began.
    pub p99: Duration,
}

/// Tells how the generator did; the gravest first, and health only where nothing else is to tell.
pub(crate) fn judge(lanes: &[Lane<'_>], tally: &Tally) -> Vec<Generator> {
    let own = own_lateness(lanes);
    let label = |lane: &Lane<'_>| (lanes.len() > 1).then(|| lane.label.clone());
    let found: Vec<_> = stalled(lanes, &tally.machine)
        .into_iter()
        .chain(overloaded(&own, &tally.machine))
        .chain(out_of_cores(lanes))
        .chain(lanes.iter().filter_map(|lane| waited(lane, label(lane))))
        .collect();
    if found.is_empty() { vec![Generator::Healthy { lateness: lateness(&own) }] } else { found }
}

fn own_lateness(lanes: &[Lane<'_>]) -> Histogram {
    let mut own = Histogram::default();
    let open = lanes.iter().filter(|lane| lane.is_open());
    open.for_each(|lane| own.merge(&lane.tally.trips.own));
    own
}

fn lateness(own: &Histogram) -> Option<Lateness> {
    Some(Lateness { p50: own.percentile(50.0)?, p99: own.percentile(99.0)?, max: own.max()? })
}

fn stalled(lanes: &[Lane<'_>], machine: &Machine) -> Option<Generator> {
    let dropped = lanes.iter().map(|it| it.tally.trips.dropped_for(DropReason::GeneratorStalled));
    let dropped = dropped.fold(0, u64::saturating_add);
    let (times, lasted) = (machine.stalls, machine.stalled);
    (times > 0 || dropped > 0).then_some(Generator::Stalled { times, lasted, dropped })
}

fn overloaded(own: &Histogram, machine: &Machine) -> Option<Generator> {
    let own_p99 = own.percentile(99.0).filter(|p99| *p99 > OWN_LATENESS_MAX)?;
    Some(Generator::Overloaded { own_p99, cores: machine.cores_max() })
}

/// Tells of work that journeys did on cores of their own, by the trends `<work>_queued` and
/// `<work>_crypto`: what waits longer than it takes makes a target look slower than it is.
fn out_of_cores(lanes: &[Lane<'_>]) -> Option<Generator> {
    let mut measured: BTreeMap<&str, Histogram> = BTreeMap::new();
    for (name, times) in lanes.iter().flat_map(|lane| lane.tally.measured.iter()) {
        measured.entry(name.map_or("", |it| it)).or_default().merge(times);
    }
    measured.iter().find_map(|(name, queued)| {
        let work = name.strip_suffix("_queued")?;
        let took = measured.get(&*format!("{work}_crypto"))?.avg()?;
        let queued = queued.avg().filter(|it| *it > took && *it > OWN_LATENESS_MAX)?;
        Some(Generator::OutOfCores { work: work.to_owned(), queued, took })
    })
}

/// Tells of a row whose trips began late, or never, because they waited.
#[expect(clippy::cast_precision_loss, reason = "three digits are told")]
fn waited(lane: &Lane<'_>, journey: Option<String>) -> Option<Generator> {
    let row = lane.row.filter(|row| row.model == Model::Open)?;
    let (trips, planned) = (&lane.tally.trips, lane.planned());
    let no_row = trips.dropped_for(DropReason::DatapoolEmpty);
    let over = trips.dropped_for(DropReason::RunOver);
    let no_slot = trips.dropped_for(DropReason::Backlog).saturating_add(over);
    let began_late = trips.started.saturating_sub(trips.started_in_time);
    let hindered = began_late.saturating_add(no_row).saturating_add(no_slot);
    let p99 = trips.queued.percentile(99.0).unwrap_or_default();
    let own_fault = trips.own.percentile(99.0).is_some_and(|own| own > p99);
    if own_fault || hindered.saturating_mul(100) <= planned.saturating_mul(LATE_PARTS_PER_HUNDRED) {
        return None;
    }
    let in_time_percent = trips.started_in_time as f64 * 100.0 / planned as f64;
    let waited = Waited { journey, in_time_percent, p99 };
    let max_in_flight = row.max_in_flight;
    Some(match row.datapool.clone().filter(|_| no_row > no_slot) {
        Some(datapool) => Generator::RowsUsedUp { waited, datapool },
        None => Generator::SlotsUsedUp { waited, max_in_flight },
    })
}

impl fmt::Display for Generator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Healthy { lateness: None } => {
                f.write_str("generator healthy: no trip had a due time to be late for")
            }
            Self::Healthy { lateness: Some(own) } => {
                let (p50, p99, max) = (span(own.p50), span(own.p99), span(own.max));
                let own = format_args!("own lateness p50 = {p50}, p99 = {p99}, max = {max}");
                write!(f, "generator healthy: {own}")
            }
            Self::Stalled { times, lasted, dropped } => {
                let (lasted, plural) = (span(*lasted), if *times == 1 { "" } else { "s" });
                write!(f, "generator stalled: stood still for {lasted} ({times} time{plural}); ")?;
                write!(f, "{dropped} arrivals were due meanwhile and are counted as dropped, ")?;
                f.write_str("not as server latency")
            }
            Self::Overloaded { own_p99, cores } => {
                let own = span(*own_p99);
                f.write_str("generator-limited: this machine could not keep up ")?;
                write!(f, "(own lateness p99 = {own}")?;
                cores.map_or(Ok(()), |cores| write!(f, ", CPU {cores:.2} cores"))?;
                let idle = cores.is_some_and(|cores| cores < IDLE_CORES_MAX);
                f.write_str(if idle { ": others had this machine's cores)" } else { ")" })
            }
            Self::OutOfCores { work, queued, took } => {
                let (queued, took) = (span(*queued), span(*took));
                write!(f, "generator-limited: {work} waited {queued} for a free core of this ")?;
                write!(f, "machine and then took {took} (averages); both are in the latencies")
            }
            Self::SlotsUsedUp { waited, max_in_flight } => {
                write!(f, "generator-limited: {waited}; max_in_flight = {max_in_flight} was ")?;
                write!(f, "reached (waiting for a slot p99 = {})", span(waited.p99))
            }
            Self::RowsUsedUp { waited, datapool } => {
                write!(f, "datapool-limited: {waited}; datapool `{datapool}` had no free row ")?;
                write!(f, "(waiting for one p99 = {})", span(waited.p99))
            }
        }
    }
}

impl fmt::Display for Waited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} % of the planned trips ", self.in_time_percent)?;
        self.journey.iter().try_for_each(|journey| write!(f, "of {journey} "))?;
        f.write_str("began within the plan's time")
    }
}
