//! Rows into MessagePack.

use std::sync::Arc;

use serde::Serialize;

use super::{
    error::Unfit,
    extent::{Extent, Flaw},
    head,
};

/// Encodes a row as a map that every reader of a pool accepts.
pub(super) fn map<R: Serialize>(row: &R) -> Result<Arc<[u8]>, Unfit> {
    let map = rmp_serde::to_vec_named(row).map_err(Unfit::Encoding)?;
    match map.first() {
        Some(&marker) if head::begins_map(marker) => {}
        Some(&marker) => return Err(Unfit::NotAMap(head::kind(marker))),
        None => return Err(Unfit::NotAMap("nothing")),
    }
    match Extent::default().find(&map) {
        Err(Flaw::TooLarge) => Err(Unfit::TooLarge),
        Err(Flaw::TooDeep) => Err(Unfit::TooDeep),
        Ok(Some(length)) if length == map.len() => Ok(map.into()),
        // A hand-written `Serialize` that announces more or fewer fields than it writes.
        Ok(_) | Err(Flaw::Reserved(_)) => Err(Unfit::NotAMap("a map of another length")),
    }
}
