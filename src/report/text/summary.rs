//! The whole text, section by section.

use std::fmt::{self, Write};

use super::{
    super::{
        Report,
        failures::{Failures, failures},
        figures::{span, tame, utc},
        scope::{Lane, Scope, lanes},
    },
    exchanges,
    paint::{BAD, FAINT, GOOD, Paint, TITLE, WARNING},
    results, schedule,
    table::Table,
};
use crate::bus::Phase;

/// Groups of failures that are written out; `summary.json` has them all.
const FAILURES_MAX: usize = 20;

/// A report for people.
#[derive(Debug)]
pub(crate) struct Summary<'a> {
    pub(crate) report: &'a Report,
    pub(crate) paint: Paint,
}

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lanes = lanes(&self.report.run, &self.report.tally);
        let total = Scope::of(&lanes);
        self.header(f)?;
        self.thresholds(f)?;
        self.total_results(f, &total)?;
        if lanes.len() > 1 {
            lanes.iter().try_for_each(|lane| self.journey(f, lane))?;
        }
        self.exchanges(f)?;
        self.schedule(f, &lanes, &total)?;
        self.errors(f, &failures(&lanes))?;
        self.notes(f)?;
        self.verdict(f)
    }
}

impl Summary<'_> {
    fn header(&self, f: &mut impl Write) -> fmt::Result {
        let run = &self.report.run;
        let phase = match run.phase {
            Phase::CreateData => "create-data",
            Phase::ScenarioRun => "scenario run",
            Phase::JourneyRun => "journey run",
        };
        let execution = match (self.report.tally.headers.len(), run.share) {
            (..=1, (_, ..=1)) => "local".to_owned(),
            (..=1, (index, of)) => format!("share {index} of {of}"),
            (shares, (_, of)) => format!("{shares} of {of} shares"),
        };
        writeln!(f, "     execution: {execution}")?;
        writeln!(f, "      scenario: {} ({phase})", tame(&run.scenario))?;
        writeln!(f, "          seed: {}", run.seed)?;
        writeln!(f, "         began: {}", utc(run.began_unix_ms))?;
        writeln!(f, "      duration: {}", span(self.report.tally.last))?;
        run.remarks.iter().try_for_each(|it| writeln!(f, "        remark: {}", tame(it)))
    }

    fn title(&self, f: &mut impl Write, name: &str) -> fmt::Result {
        writeln!(f, "\n\n  {}", self.paint.dress(TITLE, &format!("█ {name}")))
    }

    fn thresholds(&self, f: &mut impl Write) -> fmt::Result {
        let thresholds = &self.report.verdict.thresholds;
        if thresholds.is_empty() {
            return Ok(());
        }
        self.title(f, "THRESHOLDS")?;
        let mut metric = None;
        for it in thresholds {
            if metric.replace(&it.metric) != Some(&it.metric) {
                writeln!(f, "\n    {}", tame(&it.metric))?;
            }
            let (style, mark) = if it.passed { (GOOD, "✓") } else { (BAD, "✗") };
            write!(f, "    {} '{}' ", self.paint.dress(style, mark), tame(&it.expression))?;
            match it.value {
                Some(value) => writeln!(f, "{}={value}", it.aggregate)?,
                None => writeln!(f, "never measured")?,
            }
        }
        Ok(())
    }

    fn total_results(&self, f: &mut impl Write, total: &Scope) -> fmt::Result {
        let tally = &self.report.tally;
        let mut table = Table::default();
        results::custom(&mut table, total, tally);
        results::results(&mut table, total, tally.last);
        self.title(f, "TOTAL RESULTS")?;
        table.write(f, self.paint)
    }

    fn journey(&self, f: &mut impl Write, lane: &Lane<'_>) -> fmt::Result {
        let mut table = Table::default();
        results::of_journey(&mut table, &Scope::of([lane]), self.report.tally.last);
        self.title(f, &format!("JOURNEY: {}", tame(&lane.label)))?;
        table.write(f, self.paint)
    }

    fn exchanges(&self, f: &mut impl Write) -> fmt::Result {
        let tally = &self.report.tally;
        let mut table = Table::default();
        exchanges::sides(&mut table, tally);
        if table.is_empty() {
            return Ok(());
        }
        self.title(f, "EXCHANGES")?;
        table.write(f, self.paint)?;
        let remarks = exchanges::remarks(tally);
        if !remarks.is_empty() {
            writeln!(f)?;
        }
        let dress = |it: &String| self.paint.dress(WARNING, it);
        remarks.iter().try_for_each(|it| writeln!(f, "    {}", dress(it)))
    }

    fn schedule(&self, f: &mut impl Write, lanes: &[Lane<'_>], total: &Scope) -> fmt::Result {
        let mut table = Table::default();
        schedule::rows(&mut table, lanes);
        schedule::machine(&mut table, &self.report.tally.machine);
        self.title(f, "SCHEDULE")?;
        table.write(f, self.paint)?;
        writeln!(f)?;
        for remark in schedule::remarks(lanes, total) {
            writeln!(f, "    {}", self.paint.dress(FAINT, &remark))?;
        }
        for it in &self.report.verdict.generator {
            let style = if it.is_healthy() { GOOD } else { WARNING };
            writeln!(f, "    {}", self.paint.dress(style, &it.to_string()))?;
        }
        Ok(())
    }

    fn errors(&self, f: &mut impl Write, failures: &[Failures]) -> fmt::Result {
        let Some(most) = failures.first() else { return Ok(()) };
        let digits = most.count.to_string().len();
        self.title(f, "ERRORS")?;
        writeln!(f)?;
        for it in failures.iter().take(FAILURES_MAX) {
            let kind = self.paint.dress(BAD, &tame(&it.kind));
            let place = it.transaction.as_ref().map_or(String::new(), |name| tame(name) + ", ");
            writeln!(
                f,
                "    {:>digits$} × {kind} in {place}journey {}",
                it.count,
                tame(&it.journey)
            )?;
            let (first, last, indent) = (span(it.first), span(it.last), digits + 7);
            let sample = tame(&it.sample);
            writeln!(f, "{:indent$}first at {first}, last at {last}: {sample}", "")?;
        }
        match failures.len().saturating_sub(FAILURES_MAX) {
            0 => Ok(()),
            more => writeln!(f, "    and {more} more, in summary.json"),
        }
    }

    fn notes(&self, f: &mut impl Write) -> fmt::Result {
        let notes = self.report.tally.cuts();
        if !notes.is_empty() {
            writeln!(f)?;
        }
        notes.iter().try_for_each(|note| writeln!(f, "    note: {note}"))
    }

    fn verdict(&self, f: &mut impl Write) -> fmt::Result {
        let outcome = tame(&self.report.verdict.outcome.to_string());
        match self.report.verdict.exit_code() {
            0 => writeln!(f, "\n\n  {} {outcome}", self.paint.dress(GOOD, "✓")),
            code => {
                let mark = self.paint.dress(BAD, "✗");
                writeln!(f, "\n\n  {mark} {outcome} (exit code {code})")
            }
        }
    }
}
