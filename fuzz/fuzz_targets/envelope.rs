#![no_main]
//! Lets libFuzzer look for bytes that break `tests/fuzz/envelope.rs`, which every test run tries too.

#[path = "../../tests/fuzz/envelope.rs"]
mod envelope;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| envelope::try_bytes(bytes));
