//! Lines of JSON into rows.

use std::io::{BufRead, Read, Write};

use serde::de::DeserializeSeed;

use super::{error::InspectError, pack::Pack};
use crate::{datapool::RECORD_BYTES_MAX, msgpack};

/// Bytes that one line may have: a control character, one byte in a row, takes six in JSON.
const LINE_BYTES_MAX: u64 = 6 * RECORD_BYTES_MAX as u64;

/// Turns lines of JSON, as [`cat`](super::cat) writes them, into MessagePack rows, and counts
/// them; empty lines are passed over.
///
/// # Errors
/// When a line is not a JSON object, or is too large or too deep for a row; it tells which one.
/// The rows before it have been written.
pub fn uncat(mut reader: impl BufRead, mut writer: impl Write) -> Result<u64, InspectError> {
    let (mut rows, mut number, mut line, mut row) = (0, 0, Vec::new(), Vec::new());
    while read_line(&mut reader, &mut line)? {
        number += 1;
        if line.trim_ascii().is_empty() {
            continue;
        }
        row.clear();
        turn(&line, &mut row).map_err(|problem| InspectError::Line { number, problem })?;
        writer.write_all(&row).map_err(InspectError::Write)?;
        rows += 1;
    }
    writer.flush().map_err(InspectError::Write)?;
    Ok(rows)
}

fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> Result<bool, InspectError> {
    line.clear();
    let mut limited = Read::take(reader, LINE_BYTES_MAX + 1);
    limited.read_until(b'\n', line).map_err(InspectError::Input)?;
    Ok(!line.is_empty())
}

fn turn(line: &[u8], row: &mut Vec<u8>) -> Result<(), String> {
    if line.len() as u64 > LINE_BYTES_MAX {
        return Err("is too long".into());
    }
    let mut json = serde_json::Deserializer::from_slice(line);
    // The levels are counted here, where a `$map` takes three of JSON's for one of its own.
    json.disable_recursion_limit();
    Pack::into(row)
        .deserialize(&mut json)
        .and_then(|()| json.end())
        .map_err(|error| explain(&error))?;
    if !msgpack::is_map(row) {
        return Err(r#"is not an object such as {"username": "ann"}"#.into());
    }
    if row.len() > RECORD_BYTES_MAX {
        return Err(format!("is larger than {} MiB", RECORD_BYTES_MAX >> 20));
    }
    Ok(())
}

fn explain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let problem = text.rsplit_once(" at line ").map_or(&*text, |(problem, _)| problem);
    format!("column {}: {problem}", error.column())
}
