//! What a journey holds in its hand: one trip's way to measure, record, wait and throw dice.

use std::{
    future::Future,
    sync::{Arc, OnceLock},
    time::Duration,
};

use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::oneshot;

use super::{
    Failure, Outcome, Settings, Surroundings, Think,
    dice::{Cup, Dice},
    http::{Http, Observer},
    transaction,
};
use crate::{
    bus::{Event, Receipt, RecordedRow, Request, TripId},
    msgpack,
};

/// One trip's way to measure, record, wait and throw dice; clones are the same trip.
#[derive(Clone)]
pub struct Context(Arc<Trip>);

struct Trip {
    id: TripId,
    lag: Duration,
    around: Arc<Surroundings>,
    cup: Cup,
    http: OnceLock<Http>,
}

impl Context {
    /// Makes the context of a trip that begins now, `lag` after it was due.
    #[must_use]
    pub fn new(around: Arc<Surroundings>, id: TripId, lag: Duration) -> Self {
        Self(Arc::new(Trip { id, lag, around, cup: Cup::default(), http: OnceLock::new() }))
    }

    /// Which trip this is.
    #[must_use]
    pub fn trip(&self) -> TripId {
        self.0.id
    }

    /// How much later than due the trip began.
    #[must_use]
    pub fn lag(&self) -> Duration {
        self.0.lag
    }

    /// Runs `work` as a named, timed step; within another it is told as `outer :: inner`.
    ///
    /// Names are what reports have a line for each: keep what differs from trip to trip out.
    /// A transaction that is dropped before its end is told as cancelled.
    ///
    /// # Errors
    /// What `work` fails with.
    pub async fn transaction<T>(
        &self,
        name: impl AsRef<str>,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        transaction::run(self, name.as_ref(), work).await
    }

    /// Records a row under `name`; returns once the operating system has it, so that not even
    /// a killed process loses a row that a journey knows to be recorded.
    ///
    /// The row must be a map (a struct is one). A row with an `id` supersedes an older row of
    /// that `id`.
    ///
    /// # Errors
    /// Kind `record`: the row is not a map, the name is not allowed, the disk is full.
    pub async fn record(&self, name: &str, row: &(impl Serialize + ?Sized)) -> Outcome {
        let encoded = rmp_serde::to_vec_named(row)
            .map_err(|error| Failure::new("record", format!("cannot encode a row: {error}")))?;
        self.record_encoded(name, encoded.into()).await
    }

    /// Deletes all rows recorded under `name`.
    ///
    /// # Errors
    /// Kind `record`: the name is not allowed, the file cannot be deleted.
    pub async fn purge(&self, name: &str) -> Outcome {
        let (receipt, kept) = receipt();
        self.tell(Event::Purged { name: name.into(), receipt: Some(receipt) });
        signed(name, kept).await
    }

    /// Waits as a user who thinks: a duration, a range of durations, or a [`Think`].
    pub async fn think(&self, time: impl Into<Think>) {
        let time = time.into().sample(&mut *self.rng());
        tokio::time::sleep(time).await;
    }

    /// The trip's dice: the same for the same seed, journey and trip, on one machine or many.
    ///
    /// Give them back before the next `.await`: `let n = ctx.rng().random_range(1..=10);`
    #[must_use]
    pub fn rng(&self) -> Dice<'_> {
        self.0.cup.take(self.0.around.seed, &self.0.around.journey, self.0.id)
    }

    /// A word that no other trip of any run is given: for names that must be new to the target.
    #[must_use]
    pub fn unique(&self) -> String {
        let TripId { row, number } = self.0.id;
        format!("{:x}-{row:x}-{number:x}", self.0.around.began_unix_ms)
    }

    /// A setting of `[config]`, as text.
    ///
    /// # Errors
    /// Kind `config`: it is not set, or it is a table or an array.
    pub fn config(&self, key: &str) -> Result<String, Failure> {
        match self.0.around.config.get(key) {
            Some(serde_json::Value::String(text)) => Ok(text.clone()),
            Some(value) if !value.is_object() && !value.is_array() => Ok(value.to_string()),
            Some(_) => Err(Failure::new("config", format!("`{key}` in [config] is not a text"))),
            None => Err(not_set(key)),
        }
    }

    /// A setting of `[config]`, of any type.
    ///
    /// # Errors
    /// Kind `config`: it is not set, or of another type.
    pub fn config_as<T: DeserializeOwned>(&self, key: &str) -> Result<T, Failure> {
        let value = self.0.around.config.get(key).ok_or_else(|| not_set(key))?;
        T::deserialize(value)
            .map_err(|error| Failure::new("config", format!("`{key}` in [config]: {error}")))
    }

    /// All settings of `[config]` by key.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.around.config
    }

    /// An entry of the plan row's `options`, if it is there.
    ///
    /// # Errors
    /// Kind `options`: it is of another type.
    pub fn option<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, Failure> {
        let Some(value) = self.0.around.options.get(key) else { return Ok(None) };
        T::deserialize(value)
            .map(Some)
            .map_err(|error| Failure::new("options", format!("`{key}` in options: {error}")))
    }

    /// What all trips of the run share: the one value of type `T`, made by the first that asks.
    ///
    /// Trips that ask meanwhile wait for it, so `make` should only make and not connect. When it
    /// fails, the next trip that asks tries again. Give the type a name of your own:
    ///
    /// ```
    /// # use engine::prelude::*;
    /// /// What enrolment is asked of, and which one is next.
    /// struct Desk {
    ///     url: String,
    ///     next: std::sync::atomic::AtomicU64,
    /// }
    ///
    /// async fn enrol(ctx: Context) -> Outcome {
    ///     let desk = ctx.shared(|| {
    ///         Ok(Desk { url: ctx.config("desk")?, next: Default::default() })
    ///     })?;
    ///     let number = desk.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    ///     ctx.http().get(format!("{}/{number}", desk.url)).send().await?;
    ///     Ok(())
    /// }
    /// # let _ = Journeys::default().with("enrol", enrol);
    /// ```
    ///
    /// # Errors
    /// What `make` fails with.
    pub fn shared<T: Send + Sync + 'static>(
        &self,
        make: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<Arc<T>, Failure> {
        self.0.around.shared.get(make)
    }

    /// The trip's HTTP client: cookies are its own, connections are kept alive.
    #[must_use]
    pub fn http(&self) -> &Http {
        self.0.http.get_or_init(|| {
            let told = Told { trip: self.0.id, around: Arc::clone(&self.0.around) };
            self.0.around.http.for_trip(Arc::new(told))
        })
    }

    /// Whether the run is coming to its end: no more trips start, and what is still under way
    /// is given the grace period.
    #[must_use]
    pub fn stopping(&self) -> bool {
        *self.0.around.stopping.borrow()
    }

    /// Waits until [`stopping`](Self::stopping).
    pub async fn stopped(&self) {
        // An error means that the run is gone altogether, which is stopping too.
        let _ = self.0.around.stopping.clone().wait_for(|stopping| *stopping).await;
    }

    pub(super) fn around(&self) -> &Arc<Surroundings> {
        &self.0.around
    }

    pub(super) fn tell(&self, event: Event) {
        self.0.around.tell(event);
    }

    pub(super) async fn record_encoded(&self, name: &str, encoded: Arc<[u8]>) -> Outcome {
        if !msgpack::is_map(&encoded) {
            let why = format!(
                "a row for {name} is not a map; record a struct or a map, such as {{\"username\": \"ann\"}}"
            );
            return Err(Failure::new("record", why));
        }
        let (receipt, kept) = receipt();
        let bytes = u32::try_from(encoded.len()).unwrap_or(u32::MAX);
        let row = Some(RecordedRow { encoded, receipt });
        self.tell(Event::Recorded { name: name.into(), bytes, row });
        signed(name, kept).await
    }
}

type Kept = oneshot::Receiver<Result<(), String>>;

fn receipt() -> (Receipt, Kept) {
    let (signed, kept) = oneshot::channel();
    // A journey that no longer waits does not care.
    let receipt = Receipt::new(move |answer| drop(signed.send(answer)));
    (receipt, kept)
}

async fn signed(name: &str, kept: Kept) -> Outcome {
    let answer = kept.await.unwrap_or_else(|_| Err("the run is over".into()));
    answer.map_err(|why| Failure::new("record", format!("cannot record to {name}: {why}")))
}

fn not_set(key: &str) -> Failure {
    let hint = format!("`{key}` is not set: add it to [config] or pass -e {key}=…");
    Failure::new("config", hint)
}

/// Tells of each HTTP request of a trip.
struct Told {
    trip: TripId,
    around: Arc<Surroundings>,
}

impl Observer for Told {
    fn request(&self, request: Box<Request>) {
        let transaction = transaction::current();
        self.around.tell(Event::Request { trip: self.trip, transaction, request });
    }
}
