//! A report: a tally, judged.

use serde_json::Value as Json;

use super::{Paint, Tally, ThresholdResult, Verdict, json, scope::header, text};
use crate::bus::Run;

/// What a run comes to.
#[derive(Debug)]
pub struct Report {
    pub(crate) run: Run,
    pub(crate) tally: Tally,
    pub(crate) verdict: Verdict,
}

impl Report {
    /// Judges a tally by what came of the scenario's thresholds, in their order.
    #[must_use]
    pub fn new(tally: Tally, thresholds: Vec<ThresholdResult>) -> Self {
        let run = header(&tally);
        let verdict = Verdict::of(&run, &tally, thresholds);
        Self { run, tally, verdict }
    }

    /// The report for people.
    #[must_use]
    pub fn text(&self, paint: Paint) -> String {
        text::Summary { report: self, paint }.to_string()
    }

    /// The report for machines: what `summary.json` holds.
    #[must_use]
    pub fn json(&self) -> Json {
        json::summary(self)
    }

    /// Whether the run did what it promised.
    #[must_use]
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }
}
