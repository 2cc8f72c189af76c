//! A recorded wallet presents what its credential says to a verifier that it does not know.

use engine::{
    prelude::*,
    wallets::{HolderRecord, Wallet},
};

use super::{presentation::Presentations, times};

/// Asks the verifier for an invitation with a proof request `options.presentations` times (1, or a
/// range), `options.think` apart, and answers each without a connection.
pub async fn connectionless_present(ctx: Context, holder: HolderRecord) -> Outcome {
    let presentations = Presentations::of(&ctx)?;
    let wallet = Wallet::revive(&ctx, holder).await?;
    ctx.transaction("Go online", wallet.go_online()).await?;
    for round in 0..times(&ctx, "presentations", 1)? {
        if round > 0 {
            presentations.wait(&ctx, &wallet).await?;
        }
        presentations.by_invitation(&ctx, &wallet, true).await?;
    }
    wallet.go_offline().await;
    Ok(())
}
