//! Load tests for systems whose users carry state.

pub mod bus;
pub mod journey;
