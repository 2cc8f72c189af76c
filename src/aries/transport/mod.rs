//! Where bytes come and go: HTTP as the program brings it, and WebSockets.

mod http;
mod resolver;

pub use http::{Answer, Body, Call, Http, HttpFailure, Method, Sending};
pub use resolver::HttpResolver;
