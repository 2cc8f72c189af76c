//! How the generator itself did.

use std::time::Duration;

use crate::bus::Health;

/// How the generator itself did.
#[derive(Debug, Clone, Default)]
pub(crate) struct Machine {
    /// Health reports heard.
    reports: u64,
    /// Whole microseconds, because sums of fractions depend on their order.
    cpu_micros_sum: u64,
    cpu_micros_max: u64,
    pub(crate) resident_bytes_max: u64,
    pub(crate) overslept_max: Duration,
    /// How often it stood still.
    pub(crate) stalls: u64,
    /// For how long it stood still, all together.
    pub(crate) stalled: Duration,
}

impl Machine {
    pub(crate) fn report(&mut self, health: &Health) {
        let cpu_micros = Duration::try_from_secs_f64(health.cpu).unwrap_or_default().as_micros();
        let cpu_micros = u64::try_from(cpu_micros).unwrap_or(u64::MAX);
        self.reports += 1;
        self.cpu_micros_sum = self.cpu_micros_sum.saturating_add(cpu_micros);
        self.cpu_micros_max = self.cpu_micros_max.max(cpu_micros);
        self.resident_bytes_max = self.resident_bytes_max.max(health.resident_bytes);
        self.overslept_max = self.overslept_max.max(health.overslept);
    }

    pub(crate) fn stall(&mut self, lasted: Duration) {
        self.stalls += 1;
        self.stalled = self.stalled.saturating_add(lasted);
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.reports += other.reports;
        self.cpu_micros_sum = self.cpu_micros_sum.saturating_add(other.cpu_micros_sum);
        self.cpu_micros_max = self.cpu_micros_max.max(other.cpu_micros_max);
        self.resident_bytes_max = self.resident_bytes_max.max(other.resident_bytes_max);
        self.overslept_max = self.overslept_max.max(other.overslept_max);
        self.stalls += other.stalls;
        self.stalled = self.stalled.saturating_add(other.stalled);
    }

    /// Cores in use, on average, if a health report was heard.
    pub(crate) fn cores_avg(&self) -> Option<f64> {
        let micros = self.cpu_micros_sum.checked_div(self.reports)?;
        Some(Duration::from_micros(micros).as_secs_f64())
    }

    /// Cores in use in the busiest second, if a health report was heard.
    pub(crate) fn cores_max(&self) -> Option<f64> {
        (self.reports > 0).then(|| Duration::from_micros(self.cpu_micros_max).as_secs_f64())
    }
}
