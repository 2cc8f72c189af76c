//! A screen that remembers what was written on it.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
    time::Duration,
};

use indicatif::{ProgressDrawTarget, TermLike};

use crate::observe::{Colour, Progress, Style};

/// What was written, to a file or to a terminal of 150 columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Screen(Arc<Mutex<String>>);

impl Screen {
    pub(super) fn text(&self) -> String {
        self.0.lock().unwrap().clone()
    }

    pub(super) fn bars(&self, colour: Colour) -> Progress {
        let target = ProgressDrawTarget::term_like(Box::new(self.clone()));
        Progress::on(target, colour)
    }

    pub(super) fn plain(&self) -> Progress {
        Progress::new(Style::Plain(Box::new(self.clone()))).with_drain(Duration::from_secs(30))
    }
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().push_str(std::str::from_utf8(bytes).unwrap());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl TermLike for Screen {
    fn width(&self) -> u16 {
        150
    }

    fn move_cursor_up(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_down(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.write_str(&format!("{text}\n"))
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.lock().unwrap().push_str(text);
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        self.write_str("\r")
    }

    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}
