//! Colours of the summary.

use anstyle::{AnsiColor, Style};

/// Whether a text has colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// No escape sequences.
    Plain,
    /// With ANSI escape sequences; `anstream` strips them where nobody can see them.
    Colour,
}

pub(super) const TITLE: Style = Style::new().bold();
pub(super) const FAINT: Style = Style::new().dimmed();
pub(super) const FIGURE: Style = AnsiColor::Cyan.on_default();
pub(super) const ASIDE: Style = AnsiColor::Cyan.on_default().dimmed();
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
pub(super) const WARNING: Style = AnsiColor::Yellow.on_default();
pub(super) const BAD: Style = AnsiColor::Red.on_default();

impl Paint {
    /// Gives `text` a style.
    pub(super) fn dress(self, style: Style, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Colour => format!("{style}{text}{style:#}"),
        }
    }
}
