//! A recorded wallet that is online and does nothing: most wallets are, most of the time.

use engine::{
    prelude::*,
    wallets::{HolderRecord, Wallet},
};

/// Comes online and stays for `options.stay` ("60s"), or until the run ends; pings the mediator
/// every `options.heartbeat` if it is set, and at the end, which proves that it was still online.
///
/// The last ping has a name of its own: at the end of a plan all wallets ping at once.
pub async fn idle_wallet(ctx: Context, holder: HolderRecord) -> Outcome {
    let wallet = Wallet::revive(&ctx, holder).await?;
    wallet.require_mediator()?;
    ctx.transaction("Go online", wallet.go_online()).await?;
    let stay: Think = ctx.option("stay")?.unwrap_or_else(|| "60s".parse().expect("a duration"));
    let heartbeat: Option<Think> = ctx.option("heartbeat")?;
    let stayed = async {
        match heartbeat {
            None => ctx.think(stay).await,
            Some(heartbeat) => {
                let over = ctx.think(stay);
                tokio::pin!(over);
                loop {
                    tokio::select! {
                        () = &mut over => break,
                        () = ctx.think(heartbeat) => {
                            ctx.transaction("Ping mediator", wallet.ping_mediator()).await?;
                        }
                    }
                }
            }
        }
        Outcome::Ok(())
    };
    tokio::select! {
        stayed = stayed => stayed?,
        () = ctx.stopped() => {}
    }
    ctx.transaction("Still online", wallet.ping_mediator()).await?;
    wallet.go_offline().await;
    Ok(())
}
