//! Connects a recorded wallet once more.

use engine::{
    prelude::*,
    wallets::{HolderRecord, Wallet},
};

/// Connects a wallet to `options.system` (the issuer) by a new invitation; with `options.keep` the
/// wallet is recorded with the new connection, else it forgets it. An invitation by the public DID of
/// somebody whom it knows is answered by a reuse, and leaves nothing to forget.
pub async fn connect(ctx: Context, mut holder: Lease<HolderRecord>) -> Outcome {
    let system: String = ctx.option("system")?.unwrap_or_else(|| "issuer".into());
    let wallet = Wallet::revive(&ctx, HolderRecord::clone(&holder)).await?;
    ctx.transaction("Go online", wallet.go_online()).await?;
    let known = wallet.connections(&system);
    let connection = connect_to(&ctx, &wallet, &system).await?;
    if ctx.option("keep")?.unwrap_or(false) {
        wallet.go_offline().await;
        return holder.update(wallet.to_record()?).await;
    }
    // A connection that was used again is in the record, and somebody else's to forget.
    if !known.contains(&connection) {
        ctx.transaction("Forget connection", wallet.forget(&connection)).await?;
    }
    wallet.go_offline().await;
    Ok(())
}

/// Asks a system for an invitation and answers it; gives the id of the connection.
pub async fn connect_to(ctx: &Context, wallet: &Wallet, system: &str) -> Result<String, Failure> {
    let request = wallet.request_invitation(system);
    let invited = ctx.transaction(&format!("Request invitation from {system}"), request).await?;
    let connection = ctx.transaction("Accept connection", wallet.accept(&invited)).await?;
    wallet.learn_remote_id(&invited, &connection).await?;
    Ok(connection)
}
