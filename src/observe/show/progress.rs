//! The subscriber that shows a person how far the run is.

use std::{
    io::{self, Write},
    time::Duration,
};

use indicatif::ProgressDrawTarget;

use crate::bus::{Event, Message, Run, Subscriber};

use super::{
    bars::{Bars, Colour},
    plain::Plain,
    standing::Standing,
    text,
};

/// How often the terminal may be drawn on per second unless it is asked for, as low as it goes.
const REDRAWS_PER_SECOND: u8 = 1;

/// How progress is shown.
pub enum Style {
    /// As bars on stderr, which should be a terminal: they are hidden where it is none.
    Bars(Colour),
    /// As lines.
    Plain(Box<dyn Write + Send>),
    /// Not at all.
    Silent,
}

/// Shows how far the run is; it knows no time but that of the messages.
///
/// Who does not listen is no reason to end a run: an output that cannot be written to is not
/// written to again, and no error is made of it.
pub struct Progress {
    view: View,
    standing: Standing,
    drain: Option<Duration>,
}

enum View {
    Bars(Bars),
    Plain(Plain),
    Silent,
}

impl Progress {
    /// Begins to show a run.
    #[must_use]
    pub fn new(style: Style) -> Self {
        Self::with_view(match style {
            Style::Bars(colour) => View::Bars(Bars::new(
                ProgressDrawTarget::stderr_with_hz(REDRAWS_PER_SECOND),
                colour,
            )),
            Style::Plain(out) => View::Plain(Plain::new(out)),
            Style::Silent => View::Silent,
        })
    }

    /// Says, when the run stops, that trips under way have at most so long to end.
    #[must_use]
    pub fn with_drain(self, drain: Duration) -> Self {
        Self { drain: Some(drain), ..self }
    }

    #[cfg(test)]
    pub(super) fn on(target: ProgressDrawTarget, colour: Colour) -> Self {
        Self::with_view(View::Bars(Bars::new(target, colour)))
    }

    fn with_view(view: View) -> Self {
        Self { view, standing: Standing::default(), drain: None }
    }

    fn show(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Began(run) => self.begin(run),
            Event::Health(_) => match &mut self.view {
                View::Plain(plain) => plain.tick(&self.standing),
                View::Bars(_) | View::Silent => Ok(()),
            },
            Event::Stalled { lasted } => self.note(&text::stalled(*lasted)),
            Event::Draining(ending) => {
                self.note(&text::draining(ending, self.standing.in_flight(), self.drain))
            }
            Event::Finished => self.finish(),
            Event::Started { .. }
            | Event::Transaction { .. }
            | Event::Request { .. }
            | Event::Ended { .. }
            | Event::Dropped { .. }
            | Event::Recorded { .. }
            | Event::Purged { .. }
            | Event::Sent { .. }
            | Event::Measured { .. }
            | Event::Exchange { .. }
            | Event::Unheard { .. } => Ok(()),
        }
    }

    fn begin(&mut self, run: &Run) -> io::Result<()> {
        self.standing = Standing::new(run);
        self.note(&format!("{}\n", text::header(run)))?;
        if let View::Bars(bars) = &mut self.view {
            bars.begin(run);
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        match &mut self.view {
            View::Bars(bars) => bars.finish(&self.standing),
            View::Plain(plain) => plain.finish(&self.standing)?,
            View::Silent => {}
        }
        Ok(())
    }

    fn note(&mut self, text: &str) -> io::Result<()> {
        match &mut self.view {
            View::Bars(bars) => bars.note(text),
            View::Plain(plain) => plain.note(text),
            View::Silent => Ok(()),
        }
    }
}

impl Subscriber for Progress {
    fn receive(&mut self, message: &Message) -> io::Result<()> {
        if let View::Silent = self.view {
            return Ok(());
        }
        self.standing.count(message);
        if self.show(&message.event).is_err() {
            self.view = View::Silent;
        }
        Ok(())
    }

    fn rest(&mut self) -> io::Result<()> {
        if let View::Bars(bars) = &mut self.view {
            bars.draw(&self.standing);
        }
        Ok(())
    }
}
