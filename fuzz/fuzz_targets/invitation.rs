#![no_main]
//! Lets libFuzzer look for bytes that break `tests/fuzz/invitation.rs`, which every test run tries too.

#[path = "../../tests/fuzz/invitation.rs"]
mod invitation;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| invitation::try_bytes(bytes));
