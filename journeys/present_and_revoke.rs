//! The life of a credential: presented, revoked, noticed, issued again, presented again.

use engine::{
    prelude::*,
    wallets::{CredentialFacts, HolderRecord, Wallet},
};

use super::{
    issue::{have_credential, receive_credential},
    pause,
    presentation::Presentations,
    times,
};

/// `options.rounds` times (1, or a range): presents `options.presentations` times (1 to 10), each
/// after `options.think`, by an invitation of the verifier; then, after `options.think`, has the issuer
/// revoke the credential, deletes it when the notification comes, and is issued a new one.
///
/// From before the revocation until the new credential is recorded, the record says that the old one
/// is being revoked: a trip that finds such a record is issued a new one first.
pub async fn present_and_revoke(ctx: Context, mut holder: Lease<HolderRecord>) -> Outcome {
    let presentations = Presentations::of(&ctx)?;
    let wallet = Wallet::revive(&ctx, HolderRecord::clone(&holder)).await?;
    let connection = wallet.connection("issuer")?;
    ctx.transaction("Connect to mediator", wallet.go_online()).await?;
    have_credential(&ctx, &wallet, &mut holder).await?;
    for _ in 0..times(&ctx, "rounds", 1)? {
        for _ in 0..times(&ctx, "presentations", [1, 10])? {
            presentations.wait(&ctx, &wallet).await?;
            presentations.by_invitation(&ctx, &wallet, true).await?;
        }
        pause(&ctx).await?;
        let credential = wallet.credential("issuer")?;
        revoke(&ctx, &wallet, &mut holder, &credential).await?;
        ctx.transaction("Receive revocation notification", wallet.await_revocation(&connection))
            .await?;
        receive_credential(&ctx, &wallet, &connection).await?;
        holder.update(wallet.to_record()?).await?;
    }
    wallet.go_offline().await;
    Ok(())
}

/// Has the issuer revoke a wallet's credential, which is recorded as being revoked before.
pub async fn revoke(
    ctx: &Context,
    wallet: &Wallet,
    holder: &mut Lease<HolderRecord>,
    credential: &CredentialFacts,
) -> Outcome {
    wallet.mark_revoked(credential);
    holder.update(wallet.to_record()?).await?;
    let request = wallet.request_revocation(credential);
    ctx.transaction("Request revocation from issuer", request).await
}
