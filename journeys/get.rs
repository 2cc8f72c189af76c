//! Gets one URL.

use engine::prelude::*;

/// Gets `[config] url` once.
pub async fn get(ctx: Context) -> Outcome {
    let url = ctx.config("url")?;
    ctx.transaction("Get", async {
        ctx.http().get(url).send().await?.error_for_status()?;
        Ok(())
    })
    .await
}
