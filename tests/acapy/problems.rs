//! What wallets and agents tell each other when something cannot be done.

use engine::{
    prelude::*,
    wallets::{HolderRecord, Wallet},
};
use serde_json::{Value, json};

use crate::{
    admin::Admin,
    agents::Version,
    fleet::Fleet,
    runs::Summary,
    trials::{Claim, claim},
    world::World,
};

pub(crate) fn claims(version: Version) -> Vec<Claim> {
    let mut claims = vec![
        claim("a_verifier_is_told_what_a_wallet_cannot_prove", |fleet| {
            cannot_prove(fleet, "stranger", "present");
        }),
        claim("an_issuer_is_told_which_offer_a_wallet_cannot_take", cannot_take),
        claim("an_issuer_that_thinks_better_of_it_ends_a_wait_at_once", is_refused),
    ];
    // 0.12.8 looks for the connection that such a report came over.
    if version != Version::V0_12_8 {
        claims.push(claim("a_verifier_without_a_connection_is_told_too", |fleet| {
            cannot_prove(fleet, "elder", "connectionless-present");
        }));
    }
    claims
}

/// Nobody else is asked for this request.
fn cannot_prove(fleet: &'static Fleet, request: &str, journey: &str) {
    let world = World::of(fleet);
    let wallets = world.holders();
    let options = format!("request = \"{request}\"");
    let run = wallets.run(journey, "2 trips by 2 users", &options).expect(99);
    fails(&run, "nothing fits", "Send presentation");
    let asks = |it: &Value| {
        let formats = it["by_format"]["pres_request"].as_object().unwrap();
        formats.values().any(|it| it["name"] == request)
    };
    let told = abandoned(&world.verifier.admin, "/present-proof-2.0/records", |it| it, asks);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().all(|why| why.contains("no credential fits")), "{told:?}");
}

fn cannot_take(fleet: &'static Fleet) {
    let world = World::of(fleet);
    let empty = "{ kind = \"file\", path = \"published.json\" }";
    let wallets = world.wallets_that_read(empty, "1.0");
    wallets.place.write("published.json", "{}");
    wallets.make(2);
    let run = wallets.run("issue", "2 trips by 2 users", "").expect(99);
    fails(&run, "credential definition not published", "Receive credential");
    let ids = wallets.connection_ids();
    let theirs = |it: &Value| ids.iter().any(|id| it["connection_id"] == **id);
    let path = "/issue-credential-2.0/records";
    let told = abandoned(&world.issuer.admin, path, |it| &it["cred_ex_record"], theirs);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().all(|why| why.contains("not published")), "{told:?}");
}

fn is_refused(fleet: &'static Fleet) {
    let world = World::of(fleet);
    let wallets = world.wallets("1.0");
    wallets.make(2);
    let run = wallets.run_ours("be-refused", "2 trips by 2 users").expect(99);
    fails(&run, "problem report", "Receive credential");
}

/// A wallet asks for a credential, which the issuer thinks better of while the wallet is away.
pub(crate) async fn be_refused(ctx: Context, holder: HolderRecord) -> Outcome {
    let remote_id = holder.connections[0].remote_id.clone().unwrap();
    let wallet = Wallet::revive(&ctx, holder).await?;
    let connection = wallet.connection("issuer")?;
    let asked = wallet.request_credential("issuer", &connection).await?;
    let issuer: Value = ctx.config_as("issuer")?;
    let key = ("x-api-key", issuer["api_key"].as_str().unwrap());
    let records = format!("{}/issue-credential-2.0/records", issuer["url"].as_str().unwrap());
    let offered = ctx.http().get(format!("{records}?connection_id={remote_id}"));
    let offered: Value = offered.header(key.0, key.1).send().await?.json()?;
    let id = &offered["results"][0]["cred_ex_record"]["cred_ex_id"];
    let report = ctx.http().post(format!("{records}/{}/problem-report", id.as_str().unwrap()));
    let report = report.header(key.0, key.1).json(&json!({ "description": "no more" }));
    report.send().await?.error_for_status()?;
    ctx.transaction("Go online", wallet.go_online()).await?;
    let refused = wallet.receive_credential(&connection, &asked);
    ctx.transaction("Receive credential", refused).await
}

/// All trips failed, in the same manner, and did not wait until they gave up.
#[track_caller]
fn fails(run: &Summary, kind: &str, transaction: &str) {
    assert_eq!(run.ended(), (0, 2));
    let [failure] = &run.0["errors"].as_array().unwrap()[..] else {
        panic!("{:#}", run.0["errors"]);
    };
    assert!(failure["kind"].as_str().unwrap().starts_with(kind), "{failure:#}");
    assert_eq!(failure["transaction"], transaction);
    assert!(failure["lastMs"].as_f64().unwrap() < 15_000.0, "{failure:#}");
}

/// What an agent was told of exchanges that were given up.
fn abandoned(
    agent: &Admin,
    path: &str,
    record: fn(&Value) -> &Value,
    is_so: impl Fn(&Value) -> bool,
) -> Vec<String> {
    let of = |all: &Value| -> Vec<String> {
        let all = all["results"].as_array().unwrap().iter().map(record);
        let all = all.filter(|it| it["state"] == "abandoned" && is_so(it));
        all.map(|it| it["error_msg"].as_str().unwrap_or_default().to_owned()).collect()
    };
    of(&agent.until(&format!("{path}?limit=1000"), |all| of(all).len() >= 2))
}
