//! How a user behaves.

pub mod http;
