//! Provisions a wallet: a mediator, connections and credentials, and a record of it all.

use engine::{prelude::*, wallets::Wallet};

use super::{connect::connect_to, issue::receive_credential};

/// Makes a wallet, connects it to the mediator (if one is configured) and `options.connections`
/// times (1) to the issuer, has `options.credentials` credentials (1) issued to it over the first of
/// them, and records it under `holders`.
pub async fn provision_holder(ctx: Context) -> Outcome {
    let wallet = Wallet::create(&ctx).await?;
    if wallet.has_mediator() {
        ctx.transaction("Connect to mediator", wallet.connect_mediator()).await?;
        ctx.transaction("Go online", wallet.go_online()).await?;
    }
    for _ in 0..ctx.option("connections")?.unwrap_or(1_u32) {
        connect_to(&ctx, &wallet, "issuer").await?;
    }
    let credentials = ctx.option("credentials")?.unwrap_or(1_u32);
    if credentials > 0 {
        let connection = wallet.connection("issuer")?;
        for _ in 0..credentials {
            receive_credential(&ctx, &wallet, &connection).await?;
        }
    }
    wallet.go_offline().await;
    wallet.record().await
}
