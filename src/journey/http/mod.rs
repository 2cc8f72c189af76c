//! The HTTP/1.1 client of journeys: every request is timed phase by phase and told.
//!
//! One [`Client`] serves a whole process and pools its connections; each trip has an [`Http`]
//! with cookies of its own:
//!
//! ```no_run
//! # use std::sync::Arc;
//! # use engine::journey::http::{Client, HttpError, Observer, Settings};
//! # struct Ignore;
//! # impl Observer for Ignore { fn request(&self, _: Box<engine::bus::Request>) {} }
//! # async fn journey() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::new(Settings::default())?;
//! let http = client.for_trip(Arc::new(Ignore));
//! let answer = http.post("http://127.0.0.1:8080/login").json(&["alice"]).send().await?;
//! answer.error_for_status()?;
//! # Ok(())
//! # }
//! ```
//!
//! The codec is our own, over `httparse`, and not hyper's. Measured bare, on one machine and with the
//! same socket calls, hyper's client connection (driven inline, without a task of its own) took 9 to
//! 10 µs of CPU for a keep-alive GET, and 16.4 KB for a connection that waits for its second answer,
//! because it keeps two buffers of 8 KB from its first request on. One read buffer per thread took 6
//! to 7.5 µs and 1.2 KB; all of this module comes to 9 to 10 µs, 6.5 of them in the kernel, and
//! 3 KB. Besides, it knows how much of a request was written when a connection breaks, which is what
//! decides whether a POST may be sent again.
//!
//! What it deliberately does not do: HTTP/2, proxies, pipelining, upgrades, and content codings (no
//! `Accept-Encoding` is sent and a body is returned as it came).

mod answer;
mod chunked;
mod client;
mod connection;
mod cookies;
mod dial;
mod error;
mod head;
mod hop;
mod names;
mod outgoing;
mod pool;
mod redirect;
mod request;
mod response;
mod send;
mod settings;
mod tls;

#[cfg(test)]
mod tests;

pub use client::{Client, Http};
pub use error::HttpError;
pub use hop::Observer;
pub use request::RequestBuilder;
pub use response::Response;
pub use settings::{Connections, Settings, SettingsError};
pub use tls::CaError;
