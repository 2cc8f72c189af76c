//! Progress as lines, for logs and pipes.

use std::io::{self, Write};

use super::{
    standing::{RowStanding, Standing, whole_seconds},
    text,
};

/// Seconds in which there are lines each second; then they are rarer.
const EAGER: u64 = 10;
/// How many seconds lie between lines after that.
const EVERY: u64 = 10;

/// Writes lines: each second for the first ten, then every ten.
pub(super) struct Plain {
    out: Box<dyn Write + Send>,
    /// The second at which the next lines are due.
    next: u64,
}

impl Plain {
    pub(super) fn new(out: Box<dyn Write + Send>) -> Self {
        Self { out, next: 1 }
    }

    /// Writes what somebody wants to know at once.
    pub(super) fn note(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{text}")?;
        self.out.flush()
    }

    /// Writes how far the run is, if it is time to.
    pub(super) fn tick(&mut self, standing: &Standing) -> io::Result<()> {
        let second = whole_seconds(standing.at);
        if second < self.next {
            return Ok(());
        }
        self.next = if second < EAGER { second + 1 } else { (second / EVERY + 1) * EVERY };
        self.rows(standing, text::running)
    }

    /// Writes what the run came to.
    pub(super) fn finish(&mut self, standing: &Standing) -> io::Result<()> {
        self.rows(standing, text::finished)
    }

    fn rows(
        &mut self,
        standing: &Standing,
        line: fn(&Standing, &RowStanding) -> String,
    ) -> io::Result<()> {
        let lines: Vec<_> = standing.rows.iter().map(|row| line(standing, row)).collect();
        if lines.is_empty() { Ok(()) } else { self.note(&lines.join("\n")) }
    }
}
