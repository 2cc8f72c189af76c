//! What a run has left of wallets.

use std::fs;

use engine::wallets::HolderRecord;

use super::Place;

/// All holders that are recorded at a place; of rows with the same id the last one counts.
pub(crate) fn holders(place: &Place) -> Vec<HolderRecord> {
    let rows = fs::read(place.path("recorder-data/holders.msgpack")).unwrap();
    let mut rest = &rows[..];
    let mut holders: Vec<HolderRecord> = Vec::new();
    while !rest.is_empty() {
        let row: HolderRecord = rmp_serde::from_read(&mut rest).unwrap();
        holders.retain(|it| it.id != row.id);
        holders.push(row);
    }
    holders
}
