//! One HTTP listener for all holders of a process: a message is for whoever has its key.

use std::sync::Arc;

use axum::{
    Router, body::Bytes, extract::DefaultBodyLimit, extract::State, http::StatusCode, routing::post,
};
use tokio::net::TcpListener;

use super::Agency;
use crate::aries::transport::listen;

/// Largest message that is taken, in bytes.
const BODY_MAX: usize = 4 * 1024 * 1024;

/// Takes messages in for all holders of an agency until it is dropped: from 4,096 connections at a
/// time, each of which may be silent for 75 seconds.
pub async fn serve(listener: TcpListener, agency: Arc<Agency>) {
    let router = Router::new()
        .route("/", post(receive))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .with_state(agency);
    listen(listener, router).await;
}

/// A message that is for nobody here is refused, so that its sender knows.
async fn receive(State(agency): State<Arc<Agency>>, packed: Bytes) -> StatusCode {
    if agency.receive(&packed) { StatusCode::OK } else { StatusCode::NOT_FOUND }
}
