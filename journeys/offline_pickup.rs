//! Messages that came while a recorded wallet was away.

use engine::{
    prelude::*,
    wallets::{HolderRecord, Wallet},
};

use super::{receive_message::text, times};

/// Has the issuer's controller send `options.messages` basic messages (3, or a range) while the
/// wallet is offline, waits `options.away`, comes online and waits for all of them.
pub async fn offline_pickup(ctx: Context, holder: HolderRecord) -> Outcome {
    let wallet = Wallet::revive(&ctx, holder).await?;
    let connection = wallet.connection("issuer")?;
    let texts: Vec<_> = (0..times(&ctx, "messages", 3)?)
        .map(|round| text(&ctx, round))
        .collect::<Result<_, _>>()?;
    for text in &texts {
        let request = wallet.request_message("issuer", &connection, text);
        ctx.transaction("Request message", request).await?;
    }
    if let Some(away) = ctx.option::<Think>("away")? {
        ctx.think(away).await;
    }
    ctx.transaction("Pick up messages", async {
        ctx.transaction("Go online", wallet.go_online()).await?;
        wallet.await_messages(&connection, &texts).await
    })
    .await?;
    wallet.go_offline().await;
    Ok(())
}
