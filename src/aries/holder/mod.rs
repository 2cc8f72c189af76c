//! Holders: where protocols, keys and sockets meet.

mod agency;
mod arrive;
mod connect;
mod error;
mod inbound;
mod inner;
mod life;
mod observer;
mod online;
mod record;
mod state;
#[cfg(test)]
mod tests;
mod waiting;
mod wallet;

pub use agency::{Agency, Means, Settings};
pub use error::HolderError;
pub use inbound::serve;
pub use life::Holder;
pub use observer::{Observer, Received, Sent, Trouble};
pub use record::{ConnectionRecord, HolderRecord, MediatorRecord};
