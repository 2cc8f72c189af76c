//! A program of journeys that `engine` itself has not: this test, started with [`VARIABLE`] set.

use std::{env, process::ExitCode};

use engine::{
    aries::protocol::action_menu::{Menu, MenuOption},
    prelude::*,
    wallets::{HolderRecord, Wallet, made_with_these, well_configured},
};

use crate::problems::be_refused;

pub(crate) const VARIABLE: &str = "ENGINE_TEST_PROGRAM";

/// Whether this process is to be that program.
pub(crate) fn is_asked_for() -> bool {
    env::var_os(VARIABLE).is_some()
}

pub(crate) fn main() -> ExitCode {
    let journeys = Journeys::default()
        .with("ping-issuer", ping_issuer)
        .needs(well_configured)
        .vet::<HolderRecord>(made_with_these)
        .with("choose", choose)
        .needs(well_configured)
        .vet::<HolderRecord>(made_with_these)
        .with("answer-a-used-invitation", answer_a_used_invitation)
        .needs(well_configured)
        .with("be-refused", be_refused)
        .needs(well_configured)
        .vet::<HolderRecord>(made_with_these);
    engine::main(journeys)
}

/// Pings the issuer.
async fn ping_issuer(ctx: Context, holder: HolderRecord) -> Outcome {
    let wallet = Wallet::revive(&ctx, holder).await?;
    let connection = wallet.connection("issuer")?;
    ctx.transaction("Go online", wallet.go_online()).await?;
    ctx.transaction("Ping issuer", wallet.ping(&connection)).await?;
    wallet.go_offline().await;
    Ok(())
}

/// Has the issuer offer a menu, and chooses from it.
async fn choose(ctx: Context, holder: HolderRecord) -> Outcome {
    let wallet = Wallet::revive(&ctx, holder).await?;
    let connection = wallet.connection("issuer")?;
    ctx.transaction("Go online", wallet.go_online()).await?;
    let option = |name: &str| MenuOption {
        name: name.to_owned(),
        title: name.to_owned(),
        description: String::new(),
        form: None,
    };
    let options = vec![option("yes"), option("no")];
    let menu = Menu { title: "Sure?".to_owned(), description: "Really?".to_owned(), options };
    wallet.request_menu("issuer", &connection, &menu).await?;
    ctx.transaction("Choose", wallet.choose(&connection, "no")).await?;
    wallet.go_offline().await;
    Ok(())
}

/// Has an invitation answered by one wallet, and then by another.
async fn answer_a_used_invitation(ctx: Context) -> Outcome {
    let (one, other) = (Wallet::create(&ctx).await?, Wallet::create(&ctx).await?);
    let invited = one.request_invitation("issuer").await?;
    one.accept(&invited).await?;
    ctx.transaction("Answer it again", other.accept(&invited)).await.map(drop)
}
