//! A flag goes before the environment, the environment before the file.

use serde_json::Value;

use crate::command::{Engine, Place};

/// Nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:1/";
/// `get.toml`, of five trips.
fn get() -> Place {
    let place = Place::new();
    place.write("get.toml", include_str!("../../journeys/scenarios/get.toml"));
    place.change("get.toml", "hold 100/s for 10s", "5 trips at 100/s");
    place
}

/// How many of five requests were answered.
fn answered(place: &Place, run: Engine) -> u64 {
    let run = run.arg("-o").arg("results").run();
    let summary: Value = serde_json::from_str(&place.read("results/summary.json")).unwrap();
    let failed = &summary["schedule"][0]["failed"];
    5 - failed.as_u64().unwrap_or_else(|| panic!("{summary:#}\n{}", run.stdout))
}

#[test]
fn the_environment_goes_before_the_file() {
    let place = get();
    assert_eq!(answered(&place, place.engine("scenario run get.toml")), 5);
    let place = get();
    let run = place.engine("scenario run get.toml").env("ENGINE_CONF_URL", NOWHERE);
    assert_eq!(answered(&place, run), 0);
}

#[test]
fn a_flag_goes_before_the_environment() {
    let place = get();
    let run = place.engine("scenario run get.toml -e url=sandbox");
    assert_eq!(answered(&place, run.env("ENGINE_CONF_URL", NOWHERE)), 5);
    let place = get();
    let run = place.engine("scenario run get.toml -e url=http://127.0.0.1:1/");
    assert_eq!(answered(&place, run.env("ENGINE_CONF_URL", "sandbox")), 0);
}

#[test]
fn two_words_of_a_key_are_one_variable() {
    let place = Place::with_users();
    place.change("users.toml", "app_url = \"sandbox\"", "app_url = \"http://127.0.0.1:1\"");
    let run = place.engine("scenario run users.toml").volume("20 trips at 100/s");
    run.env("ENGINE_CONF_APP_URL", "sandbox").run().exits(0);
}

#[test]
fn a_seed_is_taken_from_flag_environment_and_file_in_that_order() {
    let seed = |run: Engine| {
        let text = run.run().exits(0).stdout;
        text.lines().next().unwrap().to_owned()
    };
    let place = Place::with_users();
    let check = || place.engine("scenario check users.toml");
    assert_eq!(seed(check()), "scenario users, seed 42");
    assert_eq!(seed(check().env("ENGINE_SEED", "7")), "scenario users, seed 7");
    let both = place.engine("scenario check users.toml --seed 8").env("ENGINE_SEED", "7");
    assert_eq!(seed(both), "scenario users, seed 8");
}

#[test]
fn the_same_seed_throws_the_same_dice() {
    let passwords = |seed: &str| {
        let place = Place::with_scenario();
        place.engine("create-data users.toml --seed").arg(seed).run().exits(0);
        let mut passwords = place.passwords();
        passwords.sort();
        passwords
    };
    let first = passwords("1");
    assert_eq!(first, passwords("1"));
    assert_ne!(first, passwords("2"));
}

#[test]
fn settings_of_the_run_have_variables_too() {
    let place = Place::with_users();
    let run = place.engine("scenario run users.toml").env("ENGINE_VOLUME", "20 trips at 100/s");
    let run = run.env("ENGINE_OUTPUT", "elsewhere").run().exits(0);
    assert!(run.stdout.contains("sign-in: 20 trips at 100/s"), "{}", run.stdout);
    assert_eq!(place.read("elsewhere/summary.txt"), run.stdout);
}

#[test]
fn a_key_that_cannot_be_set_is_named_with_where_it_was_said() {
    let place = Place::with_users();
    let flag = place.engine("scenario check users.toml -e app_url.x=1").run().exits(2);
    flag.says("error: -e app_url.x: ");
    let variable = place.engine("scenario check users.toml").env("ENGINE_CONF_APP_URL__X", "1");
    variable.run().exits(2).says("error: ENGINE_CONF_APP_URL__X: ");
}

#[test]
fn a_mistyped_key_is_104_a_new_one_is_warned_of_and_one_that_may_be_left_out_is_fine() {
    let place = Place::with_users();
    let check = |flag: &str| place.engine("scenario check users.toml -e").arg(flag).run();
    insta::assert_snapshot!(check("ap_url=sandbox").exits(104).stderr, @"error: -e ap_url: did you mean `app_url`?; a key that [config] does not have yet is written there first");
    check("ap_url.inner=sandbox").exits(104).says("did you mean `app_url`?");
    check("tenant=t").exits(0).says("-e tenant: [config] has no such key, only app_url");
    for flag in ["app_url=sandbox", "wallets.did=did:peer:2", "ledger=http://127.0.0.1:1"] {
        assert_eq!(check(flag).exits(0).stderr, "", "{flag}");
    }
}

#[test]
fn a_table_is_written_in_braces_by_flag_and_variable() {
    let place = Place::with_users();
    let check = |text: &str| place.engine("scenario check users.toml -e").arg(text);
    let key = "issuer.api_key=k";
    check("issuer=http://127.0.0.1:1")
        .arg("-e")
        .arg(key)
        .run()
        .exits(2)
        .says("write `-e 'issuer={ url = \"…\", api_key = \"…\" }'`");
    check("issuer={ url = \"http://127.0.0.1:1\" }").arg("-e").arg(key).run().exits(0);
    let variable = check(key).env("ENGINE_CONF_ISSUER", "{ url = \"http://127.0.0.1:1\" }");
    variable.run().exits(0);
    check("issuer={ url = http }").run().exits(2).says("error: -e issuer: ");
}
