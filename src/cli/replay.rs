//! `engine report`: the report of an earlier run, made again from its messages.

use super::{Code, args, error::CliError, say};
use crate::{
    observe::replay,
    plan::Threshold,
    report::{Paint, Report, Tally, ThresholdResult},
};

/// Folds the messages of a run once more and prints what they come to.
pub(super) fn run(order: &args::Report) -> Code {
    let mut tally = Tally::default();
    let mut messages = replay(&order.directory.join("messages.msgpack"))?;
    for message in messages.by_ref() {
        tally.fold(&message?);
    }
    if messages.torn_bytes() > 0 {
        tracing::warn!(
            "the last message is torn ({} bytes left out): the run was killed",
            messages.torn_bytes()
        );
    }
    let report = judge(tally)?;
    if order.json {
        say::result(format_args!("{:#}\n", report.json()))?;
    } else {
        say::result(report.text(Paint::Colour))?;
    }
    Ok(report.verdict().exit_code())
}

/// Holds a tally against the thresholds that its run was given.
pub(super) fn judge(tally: Tally) -> Result<Report, CliError> {
    let given = tally.run().map(|run| run.thresholds.as_slice()).unwrap_or_default();
    let results = given.iter().map(|(metric, expression)| {
        Ok(ThresholdResult::of(&Threshold::parse(metric, expression)?, &tally))
    });
    let results = results.collect::<Result<_, CliError>>()?;
    Ok(Report::new(tally, results))
}
