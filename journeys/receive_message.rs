//! The issuer writes to a recorded wallet, which is online.

use engine::{
    prelude::*,
    wallets::{HolderRecord, Wallet},
};

use super::times;

/// Has the issuer's controller send `options.messages` basic messages (1, or a range) of
/// `options.bytes` bytes (64), one after the other, and waits for each: "Receive message" is from
/// the request to the controller until the wallet has read it.
pub async fn receive_message(ctx: Context, holder: HolderRecord) -> Outcome {
    let wallet = Wallet::revive(&ctx, holder).await?;
    let connection = wallet.connection("issuer")?;
    ctx.transaction("Go online", wallet.go_online()).await?;
    let think: Option<Think> = ctx.option("think")?;
    for round in 0..times(&ctx, "messages", 1)? {
        if let Some(think) = think.filter(|_| round > 0) {
            ctx.think(think).await;
        }
        let text = text(&ctx, round)?;
        ctx.transaction("Receive message", async {
            let request = wallet.request_message("issuer", &connection, &text);
            ctx.transaction("Request message", request).await?;
            wallet.await_message(&connection, &text).await
        })
        .await?;
    }
    wallet.go_offline().await;
    Ok(())
}

/// A text that no other trip of any run is sent, `options.bytes` long at least.
pub fn text(ctx: &Context, round: u32) -> Result<String, Failure> {
    let bytes = ctx.option("bytes")?.unwrap_or(64);
    let head = format!("{}/{round} ", ctx.unique());
    // The width of a format has 16 bits.
    let rest = ".".repeat(usize::saturating_sub(bytes, head.len()));
    Ok(head + &rest)
}
