//! Load tests for systems whose users carry state.

pub mod bus;
pub mod datapool;
pub mod journey;
pub mod observe;
pub mod plan;
pub mod quantity;
pub mod report;
pub mod sandbox;
