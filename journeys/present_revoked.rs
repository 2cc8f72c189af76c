//! A recorded wallet presents a credential that has been revoked: the verifier must find it false.

use engine::{
    prelude::*,
    wallets::{HolderRecord, Wallet},
};

use super::{
    issue::{have_credential, receive_credential},
    present_and_revoke::revoke,
    presentation::Presentations,
    times,
};

/// Has the issuer revoke the wallet's credential, presents it `options.presentations` times (1, or a
/// range), each of which the verifier must find false; then takes the notification, and is issued a
/// new one. A wallet that has several loses all of them, and is issued as many.
pub async fn present_revoked(ctx: Context, mut holder: Lease<HolderRecord>) -> Outcome {
    let presentations = Presentations::of(&ctx)?;
    let wallet = Wallet::revive(&ctx, HolderRecord::clone(&holder)).await?;
    let connection = wallet.connection("issuer")?;
    ctx.transaction("Go online", wallet.go_online()).await?;
    have_credential(&ctx, &wallet, &mut holder).await?;
    // Of several it would present one that is not revoked.
    let credentials = wallet.credentials("issuer");
    for credential in &credentials {
        revoke(&ctx, &wallet, &mut holder, credential).await?;
    }
    for round in 0..times(&ctx, "presentations", 1)? {
        if round > 0 {
            presentations.wait(&ctx, &wallet).await?;
        }
        presentations.by_invitation(&ctx, &wallet, false).await?;
    }
    for _ in &credentials {
        let notified = wallet.await_revocation(&connection);
        ctx.transaction("Receive revocation notification", notified).await?;
    }
    for _ in &credentials {
        receive_credential(&ctx, &wallet, &connection).await?;
    }
    wallet.go_offline().await;
    holder.update(wallet.to_record()?).await
}
