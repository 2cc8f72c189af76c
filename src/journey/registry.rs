//! The journeys of a program, by name, bound to the rows they take.

use std::{
    any::type_name, collections::BTreeMap, future::Future, marker::PhantomData, pin::Pin, sync::Arc,
};

use serde::de::DeserializeOwned;

use super::{Context, Lease, Outcome};
use crate::datapool::{DataPool, PoolError, RawLease};

/// A trip that has not been polled yet.
pub type Trip = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// Journeys by name.
#[derive(Default)]
pub struct Journeys {
    by_name: BTreeMap<&'static str, Journey>,
    last: Option<&'static str>,
}

impl Journeys {
    /// Adds a journey: an async function of a [`Context`], of a context and a row of any type
    /// that serde reads, or of a context and a [`Lease`] of one.
    ///
    /// # Panics
    /// When the name is taken: two journeys of one name would be a mistake in the program.
    #[must_use]
    pub fn with<Row>(mut self, name: &'static str, journey: impl IntoJourney<Row>) -> Self {
        let taken = self.by_name.insert(name, journey.into_journey());
        assert!(taken.is_none(), "two journeys are called {name}");
        self.last = Some(name);
        self
    }

    /// Says in one line what the journey added last does, for `engine journey list`.
    #[must_use]
    pub fn about(mut self, text: &'static str) -> Self {
        if let Some(journey) = self.last.and_then(|name| self.by_name.get_mut(name)) {
            journey.about = text;
        }
        self
    }

    /// The journey of that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Journey> {
        self.by_name.get(name)
    }

    /// The name that is most like `name`, if one is.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Option<&'static str> {
        let alike = |known: &&&'static str| strsim::jaro_winkler(known, name);
        let nearest = self.by_name.keys().max_by(|a, b| alike(a).total_cmp(&alike(b)))?;
        (alike(&nearest) > 0.7).then_some(*nearest)
    }

    /// All journeys with their names, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Journey)> {
        self.by_name.iter().map(|(name, journey)| (*name, journey))
    }
}

/// What one user does.
#[derive(Clone)]
pub struct Journey {
    about: &'static str,
    row: Option<Row>,
    begin: Begin,
}

#[derive(Clone, Copy)]
struct Row {
    type_name: &'static str,
    check: fn(&DataPool) -> Result<(), PoolError>,
}

type Begin = Arc<dyn Fn(Context, Option<RawLease>) -> Trip + Send + Sync>;

impl Journey {
    /// What it does, in one line; empty if nobody said.
    #[must_use]
    pub fn about(&self) -> &'static str {
        self.about
    }

    /// The type of the rows it takes, if it takes any.
    #[must_use]
    pub fn row_type(&self) -> Option<&'static str> {
        self.row.map(|row| row.type_name)
    }

    /// Reads every row of a pool as the type that the journey takes.
    ///
    /// # Errors
    /// The first row that is not of that type, with file, record and field.
    pub fn check(&self, pool: &DataPool) -> Result<(), PoolError> {
        self.row.map_or(Ok(()), |row| (row.check)(pool))
    }

    /// Makes a trip, which begins when it is first polled.
    #[must_use]
    pub fn begin(&self, ctx: Context, row: Option<RawLease>) -> Trip {
        (self.begin)(ctx, row)
    }

    fn plain<F, T>(journey: F) -> Self
    where
        F: Fn(Context) -> T + Send + Sync + 'static,
        T: Future<Output = Outcome> + Send + 'static,
    {
        let journey = Arc::new(journey);
        let begin: Begin = Arc::new(move |ctx, row| {
            let journey = Arc::clone(&journey);
            Box::pin(async move {
                let outcome = journey(ctx).await;
                // Rows that the journey does not read are on loan for as long as it lasts.
                drop(row);
                outcome
            })
        });
        Self { about: "", row: None, begin }
    }

    fn with_row<R, F, T>(journey: F) -> Self
    where
        R: DeserializeOwned + 'static,
        F: Fn(Context, RawLease) -> T + Send + Sync + 'static,
        T: Future<Output = Outcome> + Send + 'static,
    {
        let begin: Begin = Arc::new(move |ctx, row| {
            let row = row.expect("a journey that takes rows is prepared with a datapool");
            Box::pin(journey(ctx, row))
        });
        let row = Row { type_name: type_name::<R>(), check: DataPool::check::<R> };
        Self { about: "", row: Some(row), begin }
    }
}

/// What can be a journey; `Row` tells the three shapes apart and is never written out.
pub trait IntoJourney<Row> {
    /// Makes it one.
    fn into_journey(self) -> Journey;
}

/// `async fn(Context)`
pub struct NoRow;
/// `async fn(Context, R)`
pub struct Owned<R>(PhantomData<R>);
/// `async fn(Context, Lease<R>)`
pub struct Leased<R>(PhantomData<R>);

impl<F, T> IntoJourney<NoRow> for F
where
    F: Fn(Context) -> T + Send + Sync + 'static,
    T: Future<Output = Outcome> + Send + 'static,
{
    fn into_journey(self) -> Journey {
        Journey::plain(self)
    }
}

impl<R, F, T> IntoJourney<Owned<R>> for F
where
    R: DeserializeOwned + Send + 'static,
    F: Fn(Context, R) -> T + Send + Sync + 'static,
    T: Future<Output = Outcome> + Send + 'static,
{
    fn into_journey(self) -> Journey {
        let journey = Arc::new(self);
        Journey::with_row::<R, _, _>(move |ctx, lent| {
            let journey = Arc::clone(&journey);
            async move {
                let (row, lent) = lent.typed::<R>()?.into_parts();
                let outcome = journey(ctx, row).await;
                drop(lent);
                outcome
            }
        })
    }
}

impl<R, F, T> IntoJourney<Leased<R>> for F
where
    R: DeserializeOwned + Send + 'static,
    F: Fn(Context, Lease<R>) -> T + Send + Sync + 'static,
    T: Future<Output = Outcome> + Send + 'static,
{
    fn into_journey(self) -> Journey {
        let journey = Arc::new(self);
        Journey::with_row::<R, _, _>(move |ctx, lent| {
            let journey = Arc::clone(&journey);
            async move {
                let lease = Lease::new(lent.typed::<R>()?, ctx.clone());
                journey(ctx, lease).await
            }
        })
    }
}
