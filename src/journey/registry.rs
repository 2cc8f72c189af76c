//! The journeys of a program, by name, bound to the rows they take.

use std::{
    any::{TypeId, type_name},
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    sync::Arc,
};

use serde::de::DeserializeOwned;

use super::{Context, IntoJourney, Outcome, Settings};
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
        if let Some(journey) = self.last() {
            journey.about = text;
        }
        self
    }

    /// Lets `check` hold every row of the journey added last against `[config]` before a run
    /// starts, and say what is wrong with it: rows that were recorded with other systems, say.
    ///
    /// `R` is the type of the rows that the journey takes; of one that a scenario says `records`
    /// rows, the type of those, so that a datapool which is added to does not become a mixed one.
    ///
    /// ```
    /// # use engine::{journey::Settings, prelude::*};
    /// #[derive(serde::Deserialize)]
    /// struct User {
    ///     app_url: String,
    /// }
    ///
    /// fn same_app(config: &Settings, user: &User) -> Result<(), String> {
    ///     match config.get("app_url").and_then(|it| it.as_str()) {
    ///         Some(url) if url == user.app_url => Ok(()),
    ///         url => Err(format!("is a user of {}, not of {url:?}", user.app_url)),
    ///     }
    /// }
    /// # async fn sign_in(_: Context, _: User) -> Outcome { Ok(()) }
    /// let journeys = Journeys::default().with("sign-in", sign_in).vet::<User>(same_app);
    /// ```
    #[must_use]
    pub fn vet<R: DeserializeOwned + 'static>(
        mut self,
        check: fn(&Settings, &R) -> Result<(), String>,
    ) -> Self {
        if let Some(journey) = self.last() {
            let check =
                move |pool: &DataPool, config: &Settings| pool.vet(|row: &R| check(config, row));
            journey.vet = Some(Vet { of: TypeId::of::<R>(), check: Arc::new(check) });
        }
        self
    }

    /// Lets `check` read what the journey added last needs of `[config]` before anything starts, and
    /// say what is wrong with it.
    #[must_use]
    pub fn needs(mut self, check: fn(&Settings) -> Result<(), String>) -> Self {
        if let Some(journey) = self.last() {
            journey.needs = Some(check);
        }
        self
    }

    /// Names all entries of a row's `options` that the journey added last reads, so that another
    /// one, mistyped maybe, keeps a run from starting. Without this, any is let through.
    ///
    /// ```
    /// # use engine::prelude::*;
    /// # async fn browse(_: Context) -> Outcome { Ok(()) }
    /// let journeys = Journeys::default().with("browse", browse).options(&["pages", "think"]);
    /// ```
    #[must_use]
    pub fn options(mut self, names: &'static [&'static str]) -> Self {
        if let Some(journey) = self.last() {
            journey.options = Some(names);
        }
        self
    }

    fn last(&mut self) -> Option<&mut Journey> {
        self.last.and_then(|name| self.by_name.get_mut(name))
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

/// Says what is wrong with `[config]`.
type Needs = fn(&Settings) -> Result<(), String>;

/// What one user does.
#[derive(Clone)]
pub struct Journey {
    about: &'static str,
    row: Option<Row>,
    vet: Option<Vet>,
    needs: Option<Needs>,
    options: Option<&'static [&'static str]>,
    begin: Begin,
}

#[derive(Clone, Copy)]
struct Row {
    of: TypeId,
    type_name: &'static str,
    check: fn(&DataPool) -> Result<(), PoolError>,
}

#[derive(Clone)]
struct Vet {
    of: TypeId,
    check: Arc<Check>,
}

type Check = dyn Fn(&DataPool, &Settings) -> Result<(), PoolError> + Send + Sync;

type Begin = Arc<dyn Fn(Context, Option<RawLease>) -> Trip + Send + Sync>;

impl Journey {
    /// What it does, in one line; empty if nobody said.
    #[must_use]
    pub fn about(&self) -> &'static str {
        self.about
    }

    /// The type of the rows it takes, without its path, if it takes any.
    #[must_use]
    pub fn row_type(&self) -> Option<&'static str> {
        self.row.map(|row| row.type_name.rsplit("::").next().unwrap_or(row.type_name))
    }

    /// Reads every row of a pool as the type that the journey takes.
    ///
    /// # Errors
    /// The first row that is not of that type, with file, record and field.
    pub fn check(&self, pool: &DataPool) -> Result<(), PoolError> {
        self.row.map_or(Ok(()), |row| (row.check)(pool))
    }

    /// Holds every row of a pool against `[config]`, if the program said how.
    ///
    /// # Errors
    /// The first row that is not of the vetted type, or is refused, with file, record and reason.
    pub fn vet(&self, pool: &DataPool, config: &Settings) -> Result<(), PoolError> {
        self.vet.as_ref().map_or(Ok(()), |vet| (vet.check)(pool, config))
    }

    /// Reads what the journey needs of `[config]`, if the program said how.
    ///
    /// # Errors
    /// What is missing or wrong.
    pub fn check_config(&self, config: &Settings) -> Result<(), String> {
        self.needs.map_or(Ok(()), |check| check(config))
    }

    /// All entries of a row's `options` that it reads, if the program named them.
    #[must_use]
    pub fn options(&self) -> Option<&'static [&'static str]> {
        self.options
    }

    /// Whether the program said how to vet its rows.
    #[must_use]
    pub fn vets(&self) -> bool {
        self.vet.is_some()
    }

    /// Whether vetting reads rows as the very type that it takes, and so checks them too.
    #[must_use]
    pub fn vets_rows_it_takes(&self) -> bool {
        self.row.zip(self.vet.as_ref()).is_some_and(|(row, vet)| row.of == vet.of)
    }

    /// Makes a trip, which begins when it is first polled.
    #[must_use]
    pub fn begin(&self, ctx: Context, row: Option<RawLease>) -> Trip {
        (self.begin)(ctx, row)
    }

    pub(super) fn plain<F, T>(journey: F) -> Self
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
        Self { about: "", row: None, vet: None, needs: None, options: None, begin }
    }

    pub(super) fn with_row<R, F, T>(journey: F) -> Self
    where
        R: DeserializeOwned + 'static,
        F: Fn(Context, RawLease) -> T + Send + Sync + 'static,
        T: Future<Output = Outcome> + Send + 'static,
    {
        let begin: Begin = Arc::new(move |ctx, row| {
            let row = row.expect("a journey that takes rows is prepared with a datapool");
            Box::pin(journey(ctx, row))
        });
        let (of, type_name) = (TypeId::of::<R>(), type_name::<R>());
        let row = Row { of, type_name, check: DataPool::check::<R> };
        Self { about: "", row: Some(row), vet: None, needs: None, options: None, begin }
    }
}
