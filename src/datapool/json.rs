//! MessagePack into JSON, with nothing lost.
//!
//! What JSON has no word for is written as an object of one pair whose name begins with `$`:
//!
//! | MessagePack | JSON |
//! |---|---|
//! | bytes | `{"$bytes": "base64"}` |
//! | a string that is not UTF-8 | `{"$str": "base64"}` |
//! | an extension of type 5 | `{"$ext": [5, "base64"]}` |
//! | a float that is no number | `{"$float": "nan"}`, `"inf"`, `"-inf"` |
//! | a map with a key that is not text, or whose first key is one of these words | `{"$map": [[key, value], …]}` |
//!
//! Numbers keep their value, not their width: a 32-bit float becomes the 64-bit float that is
//! the same number.

use std::io::{self, Write};

use base64::{display::Base64Display, engine::general_purpose::STANDARD};

use super::secret;
use crate::msgpack::{Head, Walk};

/// The names of the objects that stand for what JSON has no word for.
pub(super) const WORDS: [&str; 5] = ["$bytes", "$str", "$ext", "$float", "$map"];

/// How much of a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    /// All of it.
    Full,
    /// What a person wants to see of it: long things are cut short, secrets masked.
    Glance,
}

/// Characters of a string that a glance shows.
const GLANCE_CHARS: usize = 60;
/// Values of an array, and pairs of a map, that a glance shows.
const GLANCE_VALUES: u32 = 16;

/// Writes a whole record as JSON on one line, without a line break at its end.
pub(super) fn write(record: &[u8], out: &mut impl Write) -> io::Result<()> {
    Json { walk: Walk::over(record), out, detail: Detail::Full }.value()
}

/// Shows a value as JSON, long things cut short and secrets masked.
pub(super) fn glance(value: &[u8]) -> String {
    let mut out = Vec::new();
    let shown = Json { walk: Walk::over(value), out: &mut out, detail: Detail::Glance }.value();
    shown.map_or_else(|_| "…".into(), |()| String::from_utf8_lossy(&out).into_owned())
}

struct Json<'a, W> {
    walk: Walk<'a>,
    out: &'a mut W,
    detail: Detail,
}

impl<W: Write> Json<'_, W> {
    /// Writes the next value; a record's levels are bounded, and so is this recursion.
    fn value(&mut self) -> io::Result<()> {
        let (head, body) = self.walk.step().ok_or(io::ErrorKind::UnexpectedEof)?;
        match head {
            Head::Nil => self.out.write_all(b"null"),
            Head::Bool(bool) => write!(self.out, "{bool}"),
            Head::Unsigned(number) => write!(self.out, "{number}"),
            Head::Signed(number) => write!(self.out, "{number}"),
            Head::Float32(number) => self.float(number.into()),
            Head::Float64(number) => self.float(number),
            Head::Str(_) => self.string(body),
            Head::Bin(_) => self.base64("$bytes", body),
            Head::Ext(kind, _) => {
                write!(self.out, "{{\"$ext\":[{kind},\"{}\"]}}", self.shown_bytes(body))
            }
            Head::Array(values) => self.array(values),
            Head::Map(pairs) if self.is_object(pairs) => self.object(pairs),
            Head::Map(pairs) => self.pairs(pairs),
        }
    }

    fn float(&mut self, number: f64) -> io::Result<()> {
        if number.is_finite() {
            return Ok(serde_json::to_writer(&mut *self.out, &number)?);
        }
        let name = match number {
            f64::INFINITY => "inf",
            f64::NEG_INFINITY => "-inf",
            _ => "nan",
        };
        write!(self.out, "{{\"$float\":\"{name}\"}}")
    }

    fn string(&mut self, body: &[u8]) -> io::Result<()> {
        let Ok(text) = std::str::from_utf8(body) else { return self.base64("$str", body) };
        match (self.detail, text.char_indices().nth(GLANCE_CHARS)) {
            (Detail::Glance, Some((end, _))) => self.text(&format!("{}…", &text[..end])),
            _ => self.text(text),
        }
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        Ok(serde_json::to_writer(&mut *self.out, text)?)
    }

    fn base64(&mut self, word: &str, body: &[u8]) -> io::Result<()> {
        write!(self.out, "{{\"{word}\":\"{}\"}}", self.shown_bytes(body))
    }

    fn shown_bytes<'b>(&self, body: &'b [u8]) -> impl std::fmt::Display + 'b {
        let shown = match self.detail {
            Detail::Full => body,
            Detail::Glance => &body[..body.len().min(GLANCE_CHARS / 4 * 3)],
        };
        let more = if shown.len() < body.len() { "…" } else { "" };
        std::fmt::from_fn(move |f| write!(f, "{}{more}", Base64Display::new(shown, &STANDARD)))
    }

    fn array(&mut self, values: u32) -> io::Result<()> {
        self.out.write_all(b"[")?;
        self.each(values, Self::value, Self::skip)?;
        self.out.write_all(b"]")
    }

    fn object(&mut self, pairs: u32) -> io::Result<()> {
        self.out.write_all(b"{")?;
        self.each(pairs, Self::field, Self::skip_pair)?;
        self.out.write_all(b"}")
    }

    fn field(&mut self) -> io::Result<()> {
        let show = self.shower();
        let (_, name) = self.walk.step().ok_or(io::ErrorKind::UnexpectedEof)?;
        self.string(name)?;
        self.out.write_all(b":")?;
        show(self)
    }

    fn pairs(&mut self, pairs: u32) -> io::Result<()> {
        self.out.write_all(b"{\"$map\":[")?;
        self.each(pairs, Self::pair, Self::skip_pair)?;
        self.out.write_all(b"]}")
    }

    fn pair(&mut self) -> io::Result<()> {
        let show = self.shower();
        self.out.write_all(b"[")?;
        self.value()?;
        self.out.write_all(b",")?;
        show(self)?;
        self.out.write_all(b"]")
    }

    /// Decides by the key that comes next how its value is written.
    fn shower(&self) -> fn(&mut Self) -> io::Result<()> {
        let key = match self.detail {
            Detail::Full => return Self::value,
            Detail::Glance => self.walk.clone().step(),
        };
        match key {
            Some((_, name)) if secret::looks_secret(&String::from_utf8_lossy(name)) => Self::mask,
            _ => Self::value,
        }
    }

    fn mask(&mut self) -> io::Result<()> {
        self.skip()?;
        self.out.write_all(b"\"***\"")
    }

    /// Writes `count` things with commas between; a glance skips those after the first few.
    fn each(
        &mut self,
        count: u32,
        write: impl Fn(&mut Self) -> io::Result<()>,
        skip: impl Fn(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        let shown = match self.detail {
            Detail::Full => count,
            Detail::Glance => count.min(GLANCE_VALUES),
        };
        for number in 0..shown {
            if number > 0 {
                self.out.write_all(b",")?;
            }
            write(self)?;
        }
        if shown < count {
            self.out.write_all("…".as_bytes())?;
        }
        (shown..count).try_for_each(|_| skip(self))
    }

    fn skip(&mut self) -> io::Result<()> {
        self.walk.value().map(drop).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    fn skip_pair(&mut self) -> io::Result<()> {
        self.skip()?;
        self.skip()
    }

    /// Whether the map of `pairs` pairs that comes next can be a JSON object.
    fn is_object(&self, pairs: u32) -> bool {
        let mut ahead = self.walk.clone();
        (0..pairs).all(|number| {
            let key = ahead.step();
            ahead.value();
            let Some((Head::Str(_), name)) = key else { return false };
            std::str::from_utf8(name).is_ok_and(|name| number > 0 || !WORDS.contains(&name))
        })
    }
}
