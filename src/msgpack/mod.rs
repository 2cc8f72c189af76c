//! MessagePack as its bytes stand: where a value ends and what it begins with, without decoding it.
//!
//! Nothing here believes a length that the bytes claim: a value has a largest size, its nesting
//! costs no stack, and what is read of a file at a time is bounded.

#[cfg(test)]
pub(crate) mod arbitrary;
mod extent;
mod head;
mod values;
mod walk;

pub(crate) use extent::{Extent, Flaw, Nesting, ROW_NESTING_MAX, VALUE_BYTES_MAX};
pub(crate) use head::{Head, RESERVED, is_map, kind};
pub(crate) use values::{Broken, Values};
pub(crate) use walk::Walk;

#[cfg(test)]
mod tests;
