//! Lines of `name...: figures`, aligned with each other.

use std::fmt::{self, Display, Write};

use super::paint::{ASIDE, FAINT, FIGURE, Paint};

/// Longer names do not push everybody's figures out of sight.
const NAME_WIDTH_MAX: usize = 60;
const DOTS_MIN: usize = 3;

/// Lines of `name...: figures`, aligned with each other.
#[derive(Debug, Default)]
pub(super) struct Table(Vec<Line>);

#[derive(Debug)]
enum Line {
    Heading(String),
    /// `avg=22ms min=16ms`: each column as wide as its widest cell.
    Columns {
        name: String,
        cells: Vec<(&'static str, String)>,
    },
    /// `45 6.561/s`: the first figure stands right, the rest follows.
    Figure {
        name: String,
        first: String,
        rest: String,
    },
}

impl Table {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn heading(&mut self, title: impl Into<String>) {
        self.0.push(Line::Heading(title.into()));
    }

    pub(super) fn columns(
        &mut self,
        name: impl Into<String>,
        cells: impl IntoIterator<Item = (&'static str, String)>,
    ) {
        let cells = cells.into_iter().collect();
        self.0.push(Line::Columns { name: name.into(), cells });
    }

    pub(super) fn figure(
        &mut self,
        name: impl Into<String>,
        first: impl Display,
        rest: impl Into<String>,
    ) {
        let (first, rest) = (first.to_string(), rest.into());
        self.0.push(Line::Figure { name: name.into(), first, rest });
    }

    /// Writes all lines, four spaces in, with an empty one above every heading.
    pub(super) fn write(&self, f: &mut impl Write, paint: Paint) -> fmt::Result {
        let names = self.widest(|line| line.name().map(width).filter(|it| *it <= NAME_WIDTH_MAX));
        let figures = self.widest(Line::figure_width);
        let columns = self.cell_widths();
        for line in &self.0 {
            if let Some(name) = line.name() {
                let dots = (names + DOTS_MIN).saturating_sub(width(name)).max(DOTS_MIN);
                write!(f, "    {name}{}: ", paint.dress(FAINT, &".".repeat(dots)))?;
            }
            match line {
                Line::Heading(title) => write!(f, "\n    {title}")?,
                Line::Columns { cells, .. } => write_cells(f, cells, &columns, paint)?,
                Line::Figure { first, rest, .. } => {
                    let blank = " ".repeat(figures - width(first));
                    write!(f, "{blank}{}", paint.dress(FIGURE, first))?;
                    if !rest.is_empty() {
                        write!(f, " {}", paint.dress(ASIDE, rest))?;
                    }
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }

    fn cell_widths(&self) -> Vec<usize> {
        let columns = |line: &Line| match line {
            Line::Columns { cells, .. } => Some(cells.len()),
            Line::Heading(_) | Line::Figure { .. } => None,
        };
        let count = self.widest(columns);
        (0..count).map(|index| self.widest(|line| line.cell_width(index))).collect()
    }

    fn widest(&self, of: impl Fn(&Line) -> Option<usize>) -> usize {
        self.0.iter().filter_map(of).max().unwrap_or(0)
    }
}

impl Line {
    fn name(&self) -> Option<&str> {
        match self {
            Self::Heading(_) => None,
            Self::Columns { name, .. } | Self::Figure { name, .. } => Some(name),
        }
    }

    fn figure_width(&self) -> Option<usize> {
        match self {
            Self::Figure { first, .. } => Some(width(first)),
            Self::Heading(_) | Self::Columns { .. } => None,
        }
    }

    fn cell_width(&self, index: usize) -> Option<usize> {
        match self {
            Self::Columns { cells, .. } => {
                cells.get(index).map(|(label, value)| width(&cell(label, value)))
            }
            Self::Heading(_) | Self::Figure { .. } => None,
        }
    }
}

/// Writes cells as wide as their columns, but for the last, which nothing follows.
fn write_cells(
    f: &mut impl Write,
    cells: &[(&'static str, String)],
    widths: &[usize],
    paint: Paint,
) -> fmt::Result {
    for (index, ((label, value), column)) in cells.iter().zip(widths).enumerate() {
        write!(f, "{label}={}", paint.dress(FIGURE, value))?;
        if index + 1 < cells.len() {
            write!(f, "{}", " ".repeat(column - width(&cell(label, value)) + 1))?;
        }
    }
    Ok(())
}

fn cell(label: &str, value: &str) -> String {
    format!("{label}={value}")
}

fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(table: &Table, paint: Paint) -> String {
        let mut text = String::new();
        table.write(&mut text, paint).unwrap();
        text
    }

    fn table() -> Table {
        let mut table = Table::default();
        table.heading("HTTP");
        table.columns("waiting", [("avg", "1.25s".into()), ("max", "2s".into())]);
        table.columns("  { quick }", [("avg", "1µs".into()), ("max", "20ms".into())]);
        table.figure("requests", 12_345, "9.1/s");
        table.figure("failed", 7, "");
        table
    }

    #[test]
    fn names_cells_and_figures_stand_in_columns() {
        insta::assert_snapshot!(render(&table(), Paint::Plain), @"
            HTTP
            waiting.......: avg=1.25s max=2s
              { quick }...: avg=1µs   max=20ms
            requests......: 12345 9.1/s
            failed........:     7
        ");
    }

    #[test]
    fn a_name_too_long_moves_nobody_but_itself() {
        let mut table = table();
        table.figure("x".repeat(70), 1, "");
        let text = render(&table, Paint::Plain);
        assert!(text.contains("    requests......: 12345"));
        assert!(text.contains(&format!("    {}...:     1", "x".repeat(70))));
    }

    #[test]
    fn colours_change_no_character() {
        let coloured = render(&table(), Paint::Colour);
        assert!(coloured.contains("\u{1b}["));
        let plain = anstream::adapter::strip_str(&coloured).to_string();
        assert_eq!(plain, render(&table(), Paint::Plain));
    }
}
