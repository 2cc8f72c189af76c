//! Rows into MessagePack.

use std::sync::Arc;

use serde::Serialize;

use super::{error::Unfit, records::NESTING};
use crate::msgpack::{self, Extent, Flaw};

/// Encodes a row as a map that every reader of a pool accepts.
pub(super) fn map<R: Serialize>(row: &R) -> Result<Arc<[u8]>, Unfit> {
    let map = rmp_serde::to_vec_named(row).map_err(Unfit::Encoding)?;
    if !msgpack::is_map(&map) {
        let found = map.first().map_or("nothing", |&marker| msgpack::kind(marker));
        return Err(Unfit::NotAMap(found));
    }
    match Extent::new(NESTING).find(&map) {
        Err(Flaw::TooLarge) => Err(Unfit::TooLarge),
        Err(Flaw::TooDeep) => Err(Unfit::TooDeep),
        Ok(Some(length)) if length == map.len() => Ok(map.into()),
        // A hand-written `Serialize` that announces more or fewer fields than it writes.
        Ok(_) | Err(Flaw::Reserved(_)) => Err(Unfit::NotAMap("a map of another length")),
    }
}
