//! Users are created once, and put to work ever after.

use crate::command::Place;

const SHORT: &str = "40 trips at 100/s";

#[test]
fn users_created_by_one_process_sign_in_from_others() {
    let place = Place::with_users();
    assert_eq!(place.users(), 30);
    for _ in 0..2 {
        let run = place.engine("scenario run users.toml").volume(SHORT).run().exits(0);
        assert!(run.stdout.contains("planned....................: 40"), "{}", run.stdout);
        assert!(run.stdout.ends_with("✓ passed\n"), "{}", run.stdout);
    }
    assert_eq!(place.users(), 30, "the load creates nobody");
}

#[test]
fn a_report_made_again_is_the_same_to_the_byte() {
    let place = Place::with_users();
    let run =
        place.engine("scenario run users.toml -o results").volume(SHORT).run().exits(0).stdout;
    assert_eq!(place.read("results/summary.txt"), run);
    assert_eq!(place.engine("report results").run().exits(0).stdout, run);
    let json = place.engine("report results --json").run().exits(0).stdout;
    assert_eq!(json, place.read("results/summary.json"));
}

#[test]
fn a_run_without_messages_has_one_report_and_no_second() {
    let place = Place::with_users();
    let run = place.engine("scenario run users.toml --no-messages -o results").volume(SHORT);
    assert_eq!(run.run().exits(0).stdout, place.read("results/summary.txt"));
    let missing = "cannot read results/messages.msgpack: No such file or directory";
    place.engine("report results").run().exits(1).says(missing);
}

#[test]
fn a_run_is_never_written_over_another() {
    let place = Place::with_users();
    place.engine("scenario run users.toml -o results").volume(SHORT).run().exits(0);
    let before = place.read("results/summary.txt");
    let again = place.engine("scenario run users.toml -o results").volume(SHORT).run();
    again.exits(2).says("results holds a run already");
    assert_eq!(place.read("results/summary.txt"), before);
}

#[test]
fn a_demo_keeps_both_reports_and_a_second_one_creates_nobody() {
    let place = Place::new();
    let few = "2 trips at 2/s";
    place.engine("demo -o results").volume(few).run().exits(0);
    let created = place.read("results/create-data/summary.txt");
    assert!(created.contains("provision-holder: 100 trips by 8 users"), "{created}");
    assert!(place.read("results/summary.txt").contains("present-and-revoke: 2 trips at 2/s"));
    assert!(
        place.bytes("demo-data/holders.msgpack") > 0,
        "its wallets are apart from anyone's own"
    );
    let again = place.engine("demo").volume(few).run().exits(0);
    again.says("holders: 100 of 100 rows are recorded already");
}

#[test]
fn another_recorder_directory_serves_both_phases() {
    let place = Place::with_scenario();
    place.engine("create-data users.toml --recorder-dir staging").run().exits(0);
    let load = "scenario run users.toml --recorder-dir staging";
    place.engine(load).volume(SHORT).run().exits(0);
    place.engine("scenario check users.toml --recorder-dir staging").run().exits(0);
    assert!(!place.path("recorder-data").exists(), "nothing is read or kept elsewhere");
}

#[test]
fn flags_change_the_phase_that_runs() {
    let place = Place::with_users();
    let run = place.engine("scenario run users.toml --rate 50/s --duration 200ms").run().exits(0);
    assert!(run.stdout.contains("sign-in: hold 50/s for 200ms"), "{}", run.stdout);
    let refused = place.engine("create-data users.toml --append --rate 50/s").run();
    refused.exits(104).says("[[create]] row 1 (sign-up): `30 trips by 4 users` has no rate");
}
