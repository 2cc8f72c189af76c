//! Records rows and does nothing else: the recorder's own load test.

use engine::prelude::*;
use serde::Serialize;

#[derive(Serialize)]
struct Reading {
    trip: u64,
    number: u64,
    text: &'static str,
}

/// Records `options.rows` rows, 100 if it is not said.
pub async fn record(ctx: Context) -> Outcome {
    let rows = ctx.option("rows")?.unwrap_or(100);
    for number in 0..rows {
        let reading =
            Reading { trip: ctx.trip().number, number, text: "a row of some sixty bytes" };
        ctx.record("readings", &reading).await?;
    }
    Ok(())
}
