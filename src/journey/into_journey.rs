//! The shapes that a journey may have, and how each becomes one.

use std::{future::Future, marker::PhantomData, sync::Arc};

use serde::de::DeserializeOwned;

use super::{Context, Journey, Lease, Outcome};

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
