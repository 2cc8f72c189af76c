//! Which row supersedes which: the one field that says so.

use crate::msgpack::{Head, Walk};

/// Finds the value of the top-level field `id` in a map, as it is encoded.
pub(super) fn of(map: &[u8]) -> Option<&[u8]> {
    let mut walk = Walk::over(map);
    let (Head::Map(pairs), _) = walk.step()? else { return None };
    for _ in 0..pairs {
        let key = walk.value()?;
        let value = walk.value()?;
        if matches!(Walk::over(key).step(), Some((Head::Str(2), b"id"))) {
            return Some(value);
        }
    }
    None
}
