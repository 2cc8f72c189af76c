//! Provisions a wallet: a mediator, connections with the issuer, and a record of it all.

use engine::{prelude::*, wallets::Wallet};

use super::connect::connect_to;

/// Makes a wallet, connects it to the mediator (if one is configured) and `options.connections`
/// times (1) to the issuer, and records it under `holders`.
pub async fn provision_holder(ctx: Context) -> Outcome {
    let wallet = Wallet::create(&ctx).await?;
    if wallet.has_mediator() {
        ctx.transaction("Connect to mediator", wallet.connect_mediator()).await?;
        ctx.transaction("Go online", wallet.go_online()).await?;
    }
    for _ in 0..ctx.option("connections")?.unwrap_or(1_u32) {
        connect_to(&ctx, &wallet, "issuer").await?;
    }
    wallet.go_offline().await;
    wallet.record().await
}
