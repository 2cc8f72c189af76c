//! A recorded wallet comes online and pings its mediator.

use engine::{
    prelude::*,
    wallets::{HolderRecord, Wallet},
};

use super::times;

/// Pings the mediator `options.pings` times (1, or a range such as `[1, 10]`), `options.think` apart.
pub async fn ping_mediator(ctx: Context, holder: HolderRecord) -> Outcome {
    let wallet = Wallet::revive(&ctx, holder).await?;
    wallet.require_mediator()?;
    ctx.transaction("Go online", wallet.go_online()).await?;
    let think: Option<Think> = ctx.option("think")?;
    for round in 0..times(&ctx, "pings", 1)? {
        if let Some(think) = think.filter(|_| round > 0) {
            ctx.think(think).await;
        }
        ctx.transaction("Ping mediator", wallet.ping_mediator()).await?;
    }
    wallet.go_offline().await;
    Ok(())
}
