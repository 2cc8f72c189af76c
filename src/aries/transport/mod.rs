//! Where bytes come and go: HTTP as the program brings it, and sockets to mediators.

mod dial;
mod http;
mod invitation;
mod known;
mod listen;
mod resolver;
pub(super) mod socket;
pub(super) mod text;

pub use http::{Answer, Body, Call, Http, HttpFailure, Method, Sending};
pub use invitation::{FetchError, fetch_invitation};
pub use known::KnownDids;
pub(crate) use listen::listen;
pub use resolver::HttpResolver;
pub use socket::SocketError;
