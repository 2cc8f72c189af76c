//! Credentials are issued once; presented, revoked and issued again ever after.

use std::fs;

use engine::wallets::HolderRecord;

use super::{
    HOLDERS, holders,
    kills::kill,
    privacy::{leaked, written},
    standing::Standing,
    transactions, with_volumes,
};
use crate::command::Place;

const SCENARIO: &str = include_str!("../../../journeys/scenarios/wallets.toml");

/// A directory with the scenario `wallets.toml`, of 4 holders, and a short one for each journey.
fn place() -> Place {
    let place = Place::new();
    let volumes = ["4 trips by 2 users", "4 trips by 2 users", "2 trips by 2 users"];
    place.write("wallets.toml", &with_volumes(SCENARIO, &volumes));
    place.change("wallets.toml", "\"1s..2s\"", "\"50ms..300ms\"");
    place.change("wallets.toml", "presentations = [1, 3]", "presentations = 2");
    let (config, _) = SCENARIO.split_once("[[create]]").unwrap();
    for journey in ["present", "connectionless-present", "present-revoked", "issue"] {
        let row = "datapool = \"holders\"\nvolume = \"2 trips by 1 users\"";
        let row = format!("{config}[[load]]\njourney = \"{journey}\"\n{row}\n");
        place.write(&format!("{journey}.toml"), &row);
    }
    place
}

const DONE: [&str; 5] =
    ["connections", "credentials_issued", "revocations", "verified_true", "verified_false"];

#[test]
fn the_main_job_goes_round_and_a_later_run_provisions_nothing() {
    let place = place();
    let sandbox = Standing::start(&place);
    sandbox.engine(&place, "create-data wallets.toml --fresh -o made").run().exits(0);
    assert_eq!(sandbox.stats(DONE), [8, 4, 0, 0, 0]);
    // All holders of a process share what is published.
    let read = ["registry_definitions_read", "registry_tails_read", "registry_lists_read"];
    assert_eq!(sandbox.stats(read), [1, 0, 0]);
    sandbox.stop();
    let made = holders(&place);
    assert_eq!(made.len(), 4);
    assert!(made.iter().all(|it| it.credentials.len() == 1 && it.link_secret.is_some()));

    let sandbox = Standing::start(&place);
    sandbox.engine(&place, "scenario run wallets.toml -o run").run().exits(0);
    // Four rounds of two presentations, and two presentations beside.
    assert_eq!(sandbox.stats(DONE), [0, 4, 4, 10, 0]);
    assert_eq!(sandbox.stat("registry_tails_read"), 1);
    let connectionless = "scenario run connectionless-present.toml";
    sandbox.engine(&place, connectionless).run().exits(0);
    assert_eq!(sandbox.stats(DONE), [0, 4, 4, 12, 0]);
    sandbox.stop();
    assert_eq!(holders(&place).len(), 4);

    let of = |run| transactions(&place, run).into_iter().collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(of("made"), @r#"
    Accept connection
    Connect to mediator
    Go online
    Receive credential
    Receive credential :: Request offer from issuer
    Request invitation from issuer
    "#);
    insta::assert_snapshot!(of("run"), @r#"
    Connect to mediator
    Go online
    Receive credential
    Receive credential :: Request offer from issuer
    Receive revocation notification
    Request invitation from verifier
    Request revocation from issuer
    Request verdict from verifier
    Send presentation
    "#);
}

#[test]
fn an_issuer_that_publishes_in_batches_is_asked_to_publish() {
    let place = place();
    let batching = "issuer   = { url = \"http://127.0.0.1:1\", publish = \"batch\" }";
    place.change("wallets.toml", "issuer   = \"sandbox\"", batching);
    let sandbox = Standing::start(&place);
    let run = |arguments: &str| sandbox.engine_with_issuer(&place, arguments).run().exits(0);
    run("create-data wallets.toml --fresh");
    // Nobody is notified, and no run ends well, unless what is revoked is published.
    run("scenario run wallets.toml");
    assert_eq!(sandbox.stats(DONE), [8, 8, 4, 10, 0]);
    assert!((1..=4).contains(&sandbox.stat("lists_published")));
    sandbox.stop();
}

#[test]
fn every_journey_of_credentials_runs_on_one_pool() {
    let place = place();
    place.engine("create-data wallets.toml --fresh").run().exits(0);
    for journey in ["present", "connectionless-present", "present-revoked", "issue"] {
        place.engine(&format!("scenario run {journey}.toml -o {journey}")).run().exits(0);
    }
    place.engine("scenario run present.toml").run().exits(0);
    let of = |run| transactions(&place, run).into_iter().collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(of("present-revoked"), @r#"
    Go online
    Receive credential
    Receive credential :: Request offer from issuer
    Receive revocation notification
    Request invitation from verifier
    Request revocation from issuer
    Request verdict from verifier
    Send presentation
    "#);
    insta::assert_snapshot!(of("present"), @r#"
    Accept connection
    Go online
    Request invitation from verifier
    Request presentation
    Request verdict from verifier
    Send presentation
    "#);
    insta::assert_snapshot!(of("issue"), @r#"
    Go online
    Receive credential
    Receive credential :: Request offer from issuer
    "#);
}

#[test]
fn whoever_presents_is_issued_a_new_credential_first_if_the_old_one_was_being_revoked() {
    let place = place();
    place.engine("create-data wallets.toml --fresh").run().exits(0);
    for journey in ["present", "connectionless-present"] {
        let mut rows = Vec::new();
        for mut holder in holders(&place) {
            holder.credentials[0].revoked = true;
            rows.extend(rmp_serde::to_vec_named(&holder).unwrap());
        }
        fs::write(place.path(HOLDERS), rows).unwrap();
        let run = place.engine(&format!("scenario run {journey}.toml"));
        run.volume("4 trips by 1 users").run().exits(0);
        let after = holders(&place);
        assert!(after.iter().all(|it| it.credentials.len() == 1 && !it.credentials[0].revoked));
    }
}

#[test]
fn a_wallet_that_has_several_credentials_presents_none_that_holds_once_it_is_revoked() {
    let place = place();
    place.engine("create-data wallets.toml --fresh").run().exits(0);
    place.change("issue.toml", "volume", "options = { keep = true }\nvolume");
    place.engine("scenario run issue.toml").volume("4 trips by 2 users").run().exits(0);
    let verdicts =
        "[thresholds]\n\"transaction{Request verdict from verifier}\" = [\"failed==0\"]\n[[load]]";
    place.change("present-revoked.toml", "[[load]]", verdicts);
    let run = place.engine("scenario run present-revoked.toml");
    run.volume("4 trips by 2 users").run().exits(0);
    assert!(holders(&place).iter().all(|it| it.credentials.len() == 2));
}

#[test]
fn a_credential_that_was_being_revoked_when_its_run_was_killed_is_marked_and_issued_anew() {
    let place = place();
    place.engine("create-data wallets.toml --fresh").run().exits(0);
    let run = place.engine("scenario run wallets.toml -o killed").volume("hold 20/s for 1h");
    let marked = || holders(&place).iter().any(|it| it.credentials.iter().any(|it| it.revoked));
    kill(run.start(), marked);
    assert_eq!(holders(&place).len(), 4);
    place.engine("scenario run wallets.toml -o after").run().exits(0);
    let after = holders(&place);
    let whole = |it: &&HolderRecord| it.credentials.len() == 1 && !it.credentials[0].revoked;
    assert_eq!(after.iter().filter(whole).count(), 4);
}

#[test]
fn no_link_secret_is_in_logs_messages_reports_or_the_sandbox() {
    let place = place();
    let mut said = Vec::new();
    for arguments in [
        "create-data wallets.toml --fresh -vvv",
        "scenario run wallets.toml -vvv",
        "datapool show recorder-data/holders.msgpack",
    ] {
        let run = place.engine(arguments).run().exits(0);
        said.extend([run.stdout.into_bytes(), run.stderr.into_bytes()]);
    }
    let mut secrets = Vec::new();
    for holder in holders(&place) {
        let secret = holder.link_secret.unwrap();
        let digits = serde_json::to_string(&secret).unwrap();
        secrets.push(digits.trim_matches('"').as_bytes().to_vec());
        let packed = rmp_serde::to_vec(&secret).unwrap();
        secrets.extend(written(packed.last_chunk().unwrap()));
    }
    let pool = place.path(HOLDERS);
    assert!(
        leaked(&fs::read(&pool).unwrap(), &secrets).is_some(),
        "the search finds what is there"
    );
    let files = ["runs", "sandbox-data", "recorder-data"].map(|it| place.files(it)).concat();
    for file in files.iter().filter(|file| **file != pool) {
        assert_eq!(leaked(&fs::read(file).unwrap(), &secrets), None, "{}", file.display());
    }
    for text in said {
        assert_eq!(leaked(&text, &secrets), None, "{}", String::from_utf8_lossy(&text));
    }
}
