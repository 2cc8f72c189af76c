//! What came of it can be told by the exit code alone.

use crate::command::Place;

const SHORT: &str = "40 trips at 100/s";

#[test]
fn a_missed_threshold_is_99() {
    let place = Place::with_users();
    place.change("users.toml", "count==0", "count>0");
    let run = place.engine("scenario run users.toml").volume(SHORT).run().exits(99);
    assert!(run.stdout.contains("✗ 'count>0' count=0"), "{}", run.stdout);
    let free = place.engine("scenario run users.toml --no-thresholds").volume(SHORT);
    free.run().exits(0);
}

#[test]
fn a_wrong_scenario_is_104_and_says_where() {
    let place = Place::with_users();
    place.change("users.toml", "on_empty", "on_emty");
    let wrong = place.engine("scenario run users.toml").run().exits(104);
    assert!(wrong.stderr.contains("on_empty"), "{}", wrong.stderr);
    assert!(wrong.stderr.contains("users.toml:"), "{}", wrong.stderr);
    place.engine("scenario run nowhere.toml").run().exits(104).says("nowhere.toml");
}

#[test]
fn a_flag_may_not_ask_for_more_poisson_arrivals_than_can_be_drawn() {
    let place = Place::with_users();
    place.change("users.toml", "[[load]]", "[[load]]\narrival = \"poisson\"");
    let check = "scenario check users.toml --rate 1000000/s --duration 1d";
    place.engine(check).run().exits(104).says("poisson");
}

#[test]
fn a_journey_nobody_wrote_is_104_and_names_the_nearest() {
    let place = Place::with_users();
    place.change("users.toml", "\"sign-in\"", "\"sing-in\"");
    let wrong = place.engine("scenario run users.toml").run().exits(104);
    insta::assert_snapshot!(wrong.stderr, @"error: [[load]] row 1: no journey is called `sing-in`: did you mean `sign-in`?; `engine journey list` lists them");
}

#[test]
fn an_option_that_the_journey_does_not_read_is_104_and_names_the_nearest() {
    let place = Place::with_users();
    place.change("users.toml", "think = ", "thnik = ");
    for command in ["run", "check"] {
        let wrong = place.engine(&format!("scenario {command} users.toml")).run().exits(104);
        insta::allow_duplicates! {
            insta::assert_snapshot!(wrong.stderr, @"error: [[load]] row 1 (sign-in): unknown option `thnik`: did you mean `think`?");
        }
    }
    let trip = place.engine("journey run sign-in --scenario users.toml").run();
    trip.exits(104).says("unknown option `thnik`");
}

#[test]
fn a_datapool_that_is_not_there_is_104_and_names_the_command_that_makes_it() {
    let place = Place::with_scenario();
    place.engine("scenario run users.toml").run().exits(104).says("`engine create-data`");
}

#[test]
fn a_single_trip_that_fails_is_107() {
    let place = Place::with_scenario();
    let stranger = r#"{"username": "nobody", "password": "wrong"}"#;
    place.engine("datapool uncat strangers.msgpack").read(stranger).exits(0);
    let trip = "journey run sign-in -e app_url=sandbox --datapool strangers.msgpack";
    let trip = place.engine(trip).run().exits(107);
    assert!(trip.stdout.contains("401"), "{}", trip.stdout);
}

#[test]
fn a_datapool_that_must_not_run_out_and_does_is_111() {
    let place = Place::with_users();
    place.change("users.toml", "\"wait 5s\"", "\"fail\"");
    let run = place.engine("scenario run users.toml").volume("400 trips at 1000/s").run();
    let run = run.exits(111);
    assert!(run.stdout.contains("datapool `users` ran out of rows"), "{}", run.stdout);
}

#[test]
fn a_load_that_was_not_achieved_is_112() {
    let place = Place::with_users();
    place.change(
        "users.toml",
        "datapool = \"users\"",
        "datapool = \"users\"\nmax_backlog = \"0s\"",
    );
    let run = place.engine("scenario run users.toml --max-in-flight 1").volume(SHORT).run();
    let run = run.exits(112);
    assert!(run.stdout.contains("load not achieved"), "{}", run.stdout);
}

#[test]
fn users_that_could_not_all_be_created_are_114_and_can_be_topped_up() {
    let place = Place::with_scenario();
    let scenario = place.read("users.toml");
    let failing = "[sandbox]\nfailure_rate = \"50%\"\n\n[config]";
    place.write("users.toml", &scenario.replace("[config]", failing));
    let run = place.engine("create-data users.toml").run().exits(114);
    assert!(run.stdout.contains("of 30 planned trips were done"), "{}", run.stdout);
    let created = place.users();
    assert!((1..30).contains(&created), "{created}");

    place.write("users.toml", &scenario);
    place.engine("create-data users.toml --top-up").run().exits(0);
    assert_eq!(place.users(), 30);
}

#[test]
fn wrong_arguments_are_2() {
    let place = Place::with_users();
    place.engine("scenario").run().exits(2);
    place.engine("scenario run").run().exits(2);
    place.engine("scenario run users.toml --rate fast").run().exits(2).says("fast");
    place
        .engine("scenario run users.toml --rate 5/s --volume")
        .arg("5 trips at 5/s")
        .run()
        .exits(2);
    place.engine("journey run sign-im").run().exits(2).says("did you mean `sign-in`?");
    place.engine("journey run sign-in").run().exits(2).says("rows of User").says("--datapool");
    place.engine("scenario run users.toml -e app_url").run().exits(2).says("KEY=VALUE");
}

#[test]
fn a_phase_without_rows_is_104_and_names_the_other() {
    let place = Place::new();
    place.write("get.toml", include_str!("../../journeys/scenarios/get.toml"));
    place.write("record.toml", include_str!("../../journeys/scenarios/record.toml"));
    place.engine("create-data get.toml").run().exits(104).says("`engine scenario run`");
    place.engine("scenario run record.toml").run().exits(104).says("`engine create-data`");
}
