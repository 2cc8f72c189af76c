//! What happened, told to whoever listens.
//!
//! Publishers ([`Bus`]) and listeners ([`Subscriber`]) share nothing but [`Message`]. Each
//! subscriber has a thread and a bounded inbox of its own: one that cannot keep up holds the
//! publishers back, which the report shows as lateness; one that fails ends the run.

mod exchange;
mod message;
mod nanos;
mod publish;
mod receipt;
mod run;
mod subscriber;

pub use exchange::Change;
pub use message::{
    DropReason, End, Ending, Event, Health, Measured, Message, RecordedRow, Request, TripId,
};
pub use publish::{Bus, Subscribers};
pub use receipt::Receipt;
pub use run::{Model, Phase, Row, Run};
pub use subscriber::{Subscriber, SubscriberError, Subscription};
