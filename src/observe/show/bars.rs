//! Progress as bars, for a terminal.

use std::{io, time::Duration};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::bus::Run;

use super::{
    standing::{RowStanding, Standing},
    text,
};

/// How often bars are drawn at most.
const REDRAW_EVERY: Duration = Duration::from_millis(200);
/// Longest name that bars make room for, in characters.
const NAME_WIDTH_MAX: usize = 30;

/// Whether bars are coloured; the caller knows of `NO_COLOR` and the like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// With colours.
    On,
    /// Without.
    Off,
}

/// A bar for each row of the plan.
pub(super) struct Bars {
    screen: MultiProgress,
    style: ProgressStyle,
    rows: Vec<ProgressBar>,
    drawn: Option<Duration>,
}

impl Bars {
    pub(super) fn new(target: ProgressDrawTarget, colour: Colour) -> Self {
        let template = match colour {
            Colour::On => "{prefix:.bold} [{bar:10.cyan/dim}] {wide_msg}",
            Colour::Off => "{prefix} [{bar:10}] {wide_msg}",
        };
        let style = ProgressStyle::with_template(template)
            .expect("the template is a constant that has been tried")
            .progress_chars("=>-");
        let screen = MultiProgress::with_draw_target(target);
        Self { screen, style, rows: Vec::new(), drawn: None }
    }

    /// Puts up a bar for each row.
    pub(super) fn begin(&mut self, run: &Run) {
        let names = run.rows.iter().map(|row| row.journey.chars().count());
        let width = names.max().unwrap_or(0).min(NAME_WIDTH_MAX);
        for row in &run.rows {
            let name: String = row.journey.chars().take(NAME_WIDTH_MAX).collect();
            let bar = self.screen.add(ProgressBar::new(1));
            bar.set_style(self.style.clone());
            bar.set_prefix(format!("{name:width$}"));
            self.rows.push(bar);
        }
    }

    /// Writes a line above the bars.
    pub(super) fn note(&self, text: &str) -> io::Result<()> {
        self.screen.println(text)
    }

    /// Draws how far the run is, unless that has just been done.
    pub(super) fn draw(&mut self, standing: &Standing) {
        if self.drawn.is_some_and(|drawn| standing.at < drawn.saturating_add(REDRAW_EVERY)) {
            return;
        }
        self.drawn = Some(standing.at);
        for (bar, row) in self.rows.iter().zip(&standing.rows) {
            let (done, whole) = share_done(standing, row);
            bar.set_length(whole.max(1));
            bar.set_position(done.min(whole));
            bar.set_message(text::beside_bar(standing, row));
        }
        // Each of these would like to draw all bars; this one does, when all are up to date.
        if let Some(bar) = self.rows.last() {
            bar.force_draw();
        }
    }

    /// Leaves the bars on the screen as they are at the end.
    pub(super) fn finish(&mut self, standing: &Standing) {
        self.drawn = None;
        self.draw(standing);
        self.rows.iter().for_each(ProgressBar::abandon);
    }
}

/// How much of a row is done, and of how much: trips where they are what is asked for, else time.
fn share_done(standing: &Standing, row: &RowStanding) -> (u64, u64) {
    let millis = |it: Duration| u64::try_from(it.as_millis()).unwrap_or(u64::MAX);
    match row.counts_trips() {
        Some(trips) => (row.ended.saturating_add(row.dropped), trips),
        None => (millis(standing.at), millis(row.plan.duration)),
    }
}
