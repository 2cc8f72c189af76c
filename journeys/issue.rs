//! A recorded wallet is issued one more credential.

use engine::{
    prelude::*,
    wallets::{HolderRecord, Wallet},
};

use super::{pause, times};

/// Has the issuer issue `options.credentials` credentials (1, or a range) to a wallet, `options.think`
/// apart; with `options.keep` the wallet is recorded with them, else it forgets them.
pub async fn issue(ctx: Context, mut holder: Lease<HolderRecord>) -> Outcome {
    let wallet = Wallet::revive(&ctx, HolderRecord::clone(&holder)).await?;
    let connection = wallet.connection("issuer")?;
    ctx.transaction("Go online", wallet.go_online()).await?;
    for round in 0..times(&ctx, "credentials", 1)? {
        if round > 0 {
            pause(&ctx).await?;
        }
        receive_credential(&ctx, &wallet, &connection).await?;
    }
    wallet.go_offline().await;
    if ctx.option("keep")?.unwrap_or(false) {
        return holder.update(wallet.to_record()?).await;
    }
    Ok(())
}

/// Has the issuer issue a new credential to a wallet that has none or one that is being revoked, and
/// records the wallet with it.
pub async fn have_credential(
    ctx: &Context,
    wallet: &Wallet,
    holder: &mut Lease<HolderRecord>,
) -> Outcome {
    if wallet.forget_revoked() || wallet.credential("issuer").is_err() {
        receive_credential(ctx, wallet, &wallet.connection("issuer")?).await?;
        holder.update(wallet.to_record()?).await?;
    }
    Ok(())
}

/// Asks the issuer for a credential and takes what it offers: offer, request, credential, ack.
pub async fn receive_credential(ctx: &Context, wallet: &Wallet, connection: &str) -> Outcome {
    ctx.transaction("Receive credential", async {
        let request = wallet.request_credential("issuer", connection);
        let offered = ctx.transaction("Request offer from issuer", request).await?;
        wallet.receive_credential(connection, &offered).await
    })
    .await
}
