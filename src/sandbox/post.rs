//! Delivering messages to the endpoints of others, over connections that are kept alive.

use std::{sync::Arc, time::Duration};

use axum::body::{Body, to_bytes};
use bytes::Bytes;
use http::{Request, Uri, header};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};

use super::counts::Counts;

/// What an envelope is sent as (RFC 0044).
pub(super) const ENVELOPE: &str = "application/didcomm-envelope-enc";
/// Messages that may wait to be delivered or be under way.
const QUEUE: usize = 10_000;
/// Deliveries under way at a time.
const AT_A_TIME: usize = 256;
/// How often a message is tried; the pause doubles from one time to the next.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(250);
/// How long one try may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Idle connections are kept for as long as most servers keep them.
const IDLE: Duration = Duration::from_mins(1);
/// Largest answer that is read, in bytes: nothing in it is used.
const ANSWER_MAX: usize = 64 * 1024;

/// Why a message was not taken to be delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Undeliverable {
    /// Too many wait already.
    #[error("{QUEUE} messages wait to be delivered already; ask for fewer at a time")]
    Busy,
    /// Nowhere to deliver it to.
    #[error("there is no endpoint to deliver it to; one is written like http://127.0.0.1:8080")]
    NoEndpoint,
}

/// A place in the queue: whoever has one can have a message delivered.
pub(super) struct Place(OwnedSemaphorePermit);

/// Everybody's outgoing mail.
pub(super) struct Post {
    client: Client<HttpConnector, Body>,
    places: Arc<Semaphore>,
    slots: Semaphore,
    counts: Arc<Counts>,
}

impl Post {
    pub(super) fn new(counts: Arc<Counts>) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(AT_A_TIME)
            .build(connector);
        let (places, slots) = (Arc::new(Semaphore::new(QUEUE)), Semaphore::new(AT_A_TIME));
        Self { client, places, slots, counts }
    }

    /// Takes a place, before any work is done on what shall be delivered.
    pub(super) fn place(&self) -> Result<Place, Undeliverable> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        place.map(Place).map_err(|_| Undeliverable::Busy)
    }

    /// Delivers an envelope, later.
    pub(super) fn deliver(
        self: &Arc<Self>,
        place: Place,
        endpoint: &str,
        envelope: Vec<u8>,
    ) -> Result<(), Undeliverable> {
        let url: Uri = endpoint.parse().map_err(|_| Undeliverable::NoEndpoint)?;
        if url.scheme_str() != Some("http") {
            return Err(Undeliverable::NoEndpoint);
        }
        let (post, envelope) = (Arc::clone(self), Bytes::from(envelope));
        tokio::spawn(async move {
            if !post.deliver_now(&url, &envelope).await {
                post.counts.undelivered.one();
            }
            drop(place.0);
        });
        Ok(())
    }

    /// Tries until it is taken; says whether it was.
    async fn deliver_now(&self, url: &Uri, envelope: &Bytes) -> bool {
        for attempt in 0..TRIES {
            let Ok(slot) = self.slots.acquire().await else { return false };
            let taken = timeout(PATIENCE, self.post(url, envelope)).await;
            drop(slot);
            match taken {
                Ok(Fate::Taken) => return true,
                Ok(Fate::Refused) => return false,
                Ok(Fate::Failed) | Err(_) => {}
            }
            if attempt + 1 < TRIES {
                sleep(PAUSE * 2_u32.pow(attempt)).await;
            }
        }
        false
    }

    async fn post(&self, url: &Uri, envelope: &Bytes) -> Fate {
        let request = Request::post(url)
            .header(header::CONTENT_TYPE, ENVELOPE)
            .body(Body::from(envelope.clone()))
            .expect("a URL that was read and a header that is right make a request");
        let Ok(answer) = self.client.request(request).await else { return Fate::Failed };
        let status = answer.status();
        // Read to its end, or the connection would serve nobody else.
        let _ = to_bytes(Body::new(answer.into_body()), ANSWER_MAX).await;
        match status.as_u16() {
            200..300 => Fate::Taken,
            400..500 => Fate::Refused,
            _ => Fate::Failed,
        }
    }
}

/// What became of one try.
enum Fate {
    Taken,
    /// Another try would be refused too.
    Refused,
    Failed,
}
