//! Laws and whole outputs of reports.

mod document;
mod exchanges;
mod failures;
mod freeze;
mod laws;
mod promises;
mod runs;
mod story;
mod text;
