//! What is said of a wrong scenario.

use insta::assert_snapshot;

use super::ROW;
use crate::plan::Scenario;

fn error(text: &str) -> String {
    Scenario::parse(text, "w.toml").unwrap_err().to_string()
}

fn with_row(lines: &str) -> String {
    error(&format!("{ROW}{lines}"))
}

#[test]
fn an_unknown_key_is_answered_with_the_nearest() {
    assert_snapshot!(error("[[load]]\njorney = \"a\""), @"w.toml:2:1: load[0].jorney: unknown key `jorney` in [[load]]: did you mean `journey`?");
    assert_snapshot!(error("sed = 4"), @"w.toml:1:1: sed: unknown key `sed` at the top of the file: did you mean `seed`?");
    assert_snapshot!(with_row("[http]\ntime_out = \"5s\""), @"w.toml:5:1: http.time_out: unknown key `time_out` in [http]: did you mean `timeout`?");
    assert_snapshot!(with_row("[datapool.holders]\nsource = \"a\"\nxyz = 1"), @"w.toml:6:1: datapool.holders.xyz: unknown key `xyz` in [datapool.holders]: there are `source`, `mode`, `on_empty`");
    assert_snapshot!(with_row("arrival = \"evn\""), @"w.toml:4:11: load[0].arrival: `evn` is not known here: did you mean `even`?");
}

#[test]
fn a_missing_key_is_named_with_an_example() {
    assert_snapshot!(error("[[load]]\nvolume = \"hold 5/s for 10s\""), @r#"w.toml:1:1: load[0]: missing key `journey`; a right one is `journey = "present-and-revoke"`"#);
    assert_snapshot!(with_row("[[load]]\njourney = \"a\""), @r#"w.toml:4:1: load[1]: missing key `volume`; a right one is `volume = "hold 50/s for 5m"`"#);
    assert_snapshot!(with_row("[datapool.holders]\nmode = \"once\""), @r#"w.toml:4:1: datapool.holders: missing key `source`; a right one is `source = "recorder-data/holders.msgpack"`"#);
    assert_snapshot!(error("seed = 4"), @r#"w.toml:1:1: there is nothing to run: a scenario has rows such as [[load]] with `journey = "sign-in"` and `volume = "hold 50/s for 5m"`"#);
}

#[test]
fn a_wrong_value_is_named_with_its_place() {
    assert_snapshot!(error("[[load]]\njourney = \"é\"\nvolume = \"hold 5/s for 10s, hold 5 for 1s\""), @"w.toml:3:10: load[0].volume: stage 2 `hold 5 for 1s`: `5` is no rate, which is written like `50/s`, `600/m`, `90/h` or `1/10s`; a right one is `hold 50/s for 5m`");
    assert_snapshot!(error("[[load]]\njourney = \"a\"\nvolume = 5"), @r#"w.toml:3:10: load[0].volume: invalid type: integer `5`, expected text such as "hold 50/s for 5m""#);
    assert_snapshot!(error("seed = -4"), @"w.toml:1:8: seed: invalid value: integer `-4`, expected a whole number from 0; a right one is `seed = 42`");
    assert_snapshot!(error("grace = 30"), @r#"w.toml:1:9: grace: invalid type: integer `30`, expected text such as "30s""#);
    assert_snapshot!(error("max_dropped = \"2\""), @"w.toml:1:15: max_dropped: `2` is no percentage from 0% to 100%, which is written like `1%` or `0.5%`");
    assert_snapshot!(with_row("[http]\ntimeout = \"0s\""), @"w.toml:5:11: http.timeout: zero does not mean unlimited: it has to be some time, such as `30s`");
    assert_snapshot!(with_row("[http]\nredirects = \"many\""), @r#"w.toml:5:13: http.redirects: invalid type: string "many", expected a whole number from 0; a right one is `redirects = 10`"#);
    assert_snapshot!(with_row("[sandbox]\nfreeze = \"4s..3s\""), @"w.toml:5:10: sandbox.freeze: `4s..3s` is no stretch of time, which is written like `3s..4s`");
    assert_snapshot!(with_row("[datapool.d]\nsource = \"a\"\non_empty = \"wait\""), @"w.toml:6:12: datapool.d.on_empty: `wait` is none of `wait 5s`, `stop` and `fail`");
    assert_snapshot!(with_row("[thresholds]\n\"transaction{a b}\" = [\"p(95)<1s\", \"p(95)<1%\"]"), @r#"w.toml:5:35: thresholds."transaction{a b}"[1]: `1%` in `p(95)<1%` is not a duration of 30 days at most; a right one is `p(95)<500ms`"#);
    assert_snapshot!(with_row("[config]\nsince = { day = 2024-01-01 }"), @r#"w.toml:5:17: config.since.day: a date is written as text, such as "2024-01-01""#);
    assert_snapshot!(with_row("options = { ratio = [1.0, inf] }"), @"w.toml:4:27: load[0].options.ratio[1]: inf is no number to reckon with, such as 1.5");
}

#[test]
fn keys_have_to_fit_each_other() {
    assert_snapshot!(with_row("datapool = \"holder\"\n[datapool.holders]\nsource = \"a\""), @"w.toml:4:12: load[0].datapool: there is no [datapool.holder]: did you mean `holders`?");
    assert_snapshot!(with_row("datapool = \"holders\""), @r#"w.toml:4:12: load[0].datapool: there is no [datapool.holders]: write one with `source = "recorder-data/holders.msgpack"`"#);
    assert_snapshot!(with_row("records = \"holders\""), @"w.toml:4:11: load[0].records: what a journey records is named in [[create]] alone; a load keeps the rows of its `datapool`");
    assert_snapshot!(with_row("max_in_flight = 0"), @"w.toml:4:17: load[0].max_in_flight: zero does not mean unlimited: write a number such as `5000`, or leave it out for the default");
    assert_snapshot!(with_row("[[create]]\njourney = \"a\"\nvolume = \"2 users for 1s\"\narrival = \"even\""), @"w.toml:7:11: create[0].arrival: users of `2 users for 1s` begin anew when they are done, so nothing arrives: leave it out, or write a volume such as `hold 50/s for 5m`");
    assert_snapshot!(with_row("[[create]]\njourney = \"a\"\nvolume = \"2 users for 1s\"\nrecords = \"../x\""), @"w.toml:7:11: create[0].records: `../x` is no name of a datapool to record: it may have letters, digits, `-`, `_` and, but for its start, `.`, such as `holders`");
    assert_snapshot!(with_row("[[load]]\njourney = \"a\"\nvolume = \"hold 1_000_000/s for 1d\"\narrival = \"poisson\""), @"w.toml:6:10: load[1].volume: with poisson arrivals a volume comes to 100,000,000 trips at most; a right one is `hold 50/s for 5m`");
}

#[test]
fn what_is_no_toml_is_said_with_its_place() {
    assert_snapshot!(error("name = \"a\"\nseed = = 4"), @"w.toml:2:8: extra `=`, expected nothing");
    assert_snapshot!(error("seed = 4\nseed = 5"), @"w.toml:2:1: duplicate key");
    assert_snapshot!(error("[[load]\n"), @"w.toml:1:8: unclosed array table, expected `]`");
}
