//! A pool's row on loan to one trip.

use std::ops::Deref;

use serde::Serialize;

use super::{Context, Outcome};
use crate::datapool;

/// A row on loan to one trip; the pool has it back when this is dropped.
pub struct Lease<R> {
    row: datapool::Lease<R>,
    ctx: Context,
}

impl<R> Lease<R> {
    pub(super) fn new(row: datapool::Lease<R>, ctx: Context) -> Self {
        Self { row, ctx }
    }
}

impl<R: Serialize> Lease<R> {
    /// Changes the row: it is what the pool lends next, and what the recorder keeps, so that
    /// the next run starts from where this one ended.
    ///
    /// # Errors
    /// Kind `PoolError`: a recorded row without an `id`, or with another one than before.
    /// Kind `record`: it could not be kept.
    pub async fn update(&mut self, row: R) -> Outcome {
        let encoded = self.row.replace(row)?;
        let Some(name) = self.row.pool().recorded_as().map(str::to_owned) else { return Ok(()) };
        self.ctx.record_encoded(&name, encoded).await
    }
}

impl<R> Deref for Lease<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.row
    }
}
