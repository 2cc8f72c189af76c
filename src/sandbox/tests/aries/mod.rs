//! The Aries half through its front doors.

mod admin;
mod agent;
mod holder;
mod hostile;
mod mediator;
mod pickup;
mod public;
mod restart;
mod switches;
