//! Lines of a stream, of which none may be too long.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

/// Longest line that is read, in bytes.
pub(super) const LINE_MAX: usize = 1 << 20;

/// A line, without its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    Text(String),
    TooLong,
    NotUtf8,
}

/// Reads lines.
pub(super) struct Lines<R> {
    stream: BufReader<R>,
    begun: Vec<u8>,
    too_long: bool,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    pub(super) fn new(stream: R) -> Self {
        Self { stream: BufReader::new(stream), begun: Vec::new(), too_long: false }
    }

    /// The next line, or none at the end; nothing is lost when this is given up.
    pub(super) async fn next(&mut self) -> io::Result<Option<Line>> {
        loop {
            let read = self.stream.fill_buf().await?;
            let is_end = read.is_empty();
            let end = read.iter().position(|it| *it == b'\n');
            let part = &read[..end.unwrap_or(read.len())];
            if self.begun.len() + part.len() > LINE_MAX {
                self.too_long = true;
                self.begun = Vec::new();
            }
            if !self.too_long {
                self.begun.extend_from_slice(part);
            }
            let consumed = part.len() + usize::from(end.is_some());
            self.stream.consume(consumed);
            if is_end && self.begun.is_empty() && !self.too_long {
                return Ok(None);
            }
            if is_end || end.is_some() {
                return Ok(Some(self.take()));
            }
        }
    }

    fn take(&mut self) -> Line {
        if std::mem::take(&mut self.too_long) {
            return Line::TooLong;
        }
        String::from_utf8(std::mem::take(&mut self.begun)).map_or(Line::NotUtf8, Line::Text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(bytes: &[u8]) -> Vec<Line> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (mut lines, mut all) = (Lines::new(bytes), Vec::new());
            while let Some(line) = lines.next().await.unwrap() {
                all.push(line);
            }
            all
        })
    }

    fn text(text: &str) -> Line {
        Line::Text(text.to_owned())
    }

    #[test]
    fn a_line_that_is_too_long_is_one_line_and_the_next_is_read() {
        let longest = "x".repeat(LINE_MAX);
        let bytes = format!("{longest}\n{longest}x\nnext\n");
        assert_eq!(lines(bytes.as_bytes()), [text(&longest), Line::TooLong, text("next")]);
        assert_eq!(lines("x".repeat(LINE_MAX * 3).as_bytes()), [Line::TooLong]);
    }

    #[test]
    fn the_last_line_needs_no_end_and_an_empty_one_counts() {
        assert_eq!(lines(b""), []);
        assert_eq!(lines(b"\na\n\xff\nb"), [text(""), text("a"), Line::NotUtf8, text("b")]);
    }

    proptest! {
        #[test]
        fn lines_come_as_they_were_written(written in prop::collection::vec("[^\n]{0,40}", 0..20)) {
            let bytes: String = written.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
            let expected: Vec<_> = written.iter().map(|line| text(line)).collect();
            prop_assert_eq!(lines(bytes.as_bytes()), expected);
        }
    }
}
