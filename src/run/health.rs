//! How the generator itself is doing: CPU, memory, oversleeping.

use std::{fs, time::Duration};

use rustix::{
    param::page_size,
    time::{ClockId, clock_gettime},
};

use super::runner::Runner;
use crate::bus::Health;

/// Reads what has changed since it was last read, or made.
pub(super) struct Meter {
    cpu: Duration,
    at: Duration,
}

impl Meter {
    pub(super) fn new(runner: &Runner) -> Self {
        Self { cpu: cpu_time(), at: runner.now() }
    }

    pub(super) fn read(&mut self, runner: &Runner) -> Health {
        let (cpu, at) = (cpu_time(), runner.now());
        let (used, passed) = (cpu.saturating_sub(self.cpu), at.saturating_sub(self.at));
        (self.cpu, self.at) = (cpu, at);
        Health {
            cpu: if passed.is_zero() { 0.0 } else { used.as_secs_f64() / passed.as_secs_f64() },
            resident_bytes: resident_bytes().unwrap_or(0),
            in_flight: runner.in_flight() as u64,
            backlog: runner.backlog() as u64,
            overslept: runner.take_overslept(),
        }
    }
}

/// CPU time that all threads of this process have used.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let (secs, nanos) = (u64::try_from(time.tv_sec), u32::try_from(time.tv_nsec));
    Duration::new(secs.unwrap_or(0), nanos.unwrap_or(0))
}

/// Resident memory, where the system tells (Linux).
fn resident_bytes() -> Option<u64> {
    let pages = fs::read_to_string("/proc/self/statm").ok()?;
    let resident: u64 = pages.split_whitespace().nth(1)?.parse().ok()?;
    Some(resident * page_size() as u64)
}
