//! A recorded wallet presents what its credential says, along a connection with the verifier.

use engine::{
    prelude::*,
    wallets::{HolderRecord, Wallet},
};

use super::{connect::connect_to, issue::have_credential, presentation::Presentations, times};

/// Has the verifier ask `options.presentations` times (1, or a range), `options.think` apart, and
/// answers. A wallet that does not know the verifier yet is connected to it first, and recorded so;
/// one whose credential is being revoked is issued a new one first.
pub async fn present(ctx: Context, mut holder: Lease<HolderRecord>) -> Outcome {
    let presentations = Presentations::of(&ctx)?;
    let wallet = Wallet::revive(&ctx, HolderRecord::clone(&holder)).await?;
    ctx.transaction("Go online", wallet.go_online()).await?;
    have_credential(&ctx, &wallet, &mut holder).await?;
    let connection = if let Some(known) = wallet.connections("verifier").pop() {
        known
    } else {
        let connection = connect_to(&ctx, &wallet, "verifier").await?;
        holder.update(wallet.to_record()?).await?;
        connection
    };
    for round in 0..times(&ctx, "presentations", 1)? {
        if round > 0 {
            presentations.wait(&ctx, &wallet).await?;
        }
        presentations.along(&ctx, &wallet, &connection).await?;
    }
    wallet.go_offline().await;
    Ok(())
}
