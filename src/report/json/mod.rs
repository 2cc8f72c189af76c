//! The report for machines: `summary.json`, in the shape of k6's, with a schedule.
//!
//! - `metrics`: by name, `{type, contains, values, thresholds}`; times are milliseconds.
//! - `transactions`, `schedule`, `exchanges`, `unheard`, `errors`: what k6 has no word for.
//! - `verdict`: `outcome`, `exitCode`, what was `achieved`, and how the `generator` did.
//!
//! A percentile that falls among trips that were dropped or cancelled has no value, but a bound:
//! `"p(99)": null, "p(99)_at_least": 30000`.

mod exchanges;
mod metrics;
mod summary;
mod values;

pub(crate) use summary::summary;
