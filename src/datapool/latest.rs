//! Rows recorded more than once, of which the last one counts.

use std::collections::HashMap;

/// Items in order, each in the place of the first of its id, as the last of its id.
#[derive(Debug)]
pub(super) struct Latest<T> {
    items: Vec<T>,
    places: HashMap<Box<[u8]>, usize>,
    superseded: u64,
}

impl<T> Latest<T> {
    pub(super) fn new() -> Self {
        Self { items: Vec::new(), places: HashMap::new(), superseded: 0 }
    }

    /// Takes an item in; one that has no id supersedes nothing.
    pub(super) fn put(&mut self, id: Option<&[u8]>, item: T) {
        if let Some(id) = id {
            if let Some(&place) = self.places.get(id) {
                self.items[place] = item;
                self.superseded += 1;
                return;
            }
            self.places.insert(id.into(), self.items.len());
        }
        self.items.push(item);
    }

    /// Returns the items that count, and the number of those that do not.
    pub(super) fn into_parts(self) -> (Vec<T>, u64) {
        (self.items, self.superseded)
    }
}
