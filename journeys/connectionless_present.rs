//! A recorded wallet presents what its credential says to a verifier that it does not know.

use engine::{
    prelude::*,
    wallets::{HolderRecord, Wallet},
};

use super::{issue::have_credential, presentation::Presentations, times};

/// Asks the verifier for an invitation with a proof request `options.presentations` times (1, or a
/// range), `options.think` apart, and answers each without a connection. A wallet whose credential is
/// being revoked is issued a new one first.
pub async fn connectionless_present(ctx: Context, mut holder: Lease<HolderRecord>) -> Outcome {
    let presentations = Presentations::of(&ctx)?;
    let wallet = Wallet::revive(&ctx, HolderRecord::clone(&holder)).await?;
    ctx.transaction("Go online", wallet.go_online()).await?;
    have_credential(&ctx, &wallet, &mut holder).await?;
    for round in 0..times(&ctx, "presentations", 1)? {
        if round > 0 {
            presentations.wait(&ctx, &wallet).await?;
        }
        presentations.by_invitation(&ctx, &wallet, true).await?;
    }
    wallet.go_offline().await;
    Ok(())
}
