//! A recorded wallet that loses its socket again and again.

use engine::{
    prelude::*,
    wallets::{HolderRecord, Wallet},
};

use super::times;

/// Comes online and loses its socket without a goodbye `options.losses` times (1, or a range),
/// `options.think` apart; "Reconnect" is until the mediator answers a ping again.
pub async fn reconnect_storm(ctx: Context, holder: HolderRecord) -> Outcome {
    let wallet = Wallet::revive(&ctx, holder).await?;
    wallet.require_mediator()?;
    ctx.transaction("Go online", wallet.go_online()).await?;
    let think: Option<Think> = ctx.option("think")?;
    for _ in 0..times(&ctx, "losses", 1)? {
        if let Some(think) = think {
            ctx.think(think).await;
        }
        wallet.lose_socket();
        ctx.transaction("Reconnect", async {
            wallet.go_online().await?;
            wallet.ping_mediator().await
        })
        .await?;
    }
    wallet.go_offline().await;
    Ok(())
}
