//! The Aries half through its front doors.

mod admin;
mod agent;
mod attached;
mod credentials;
mod events;
mod holder;
mod hostile;
mod mediator;
mod pickup;
mod public;
mod publishing;
mod refusals;
mod restart;
mod switches;
mod wallet;
