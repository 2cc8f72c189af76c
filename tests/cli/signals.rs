//! A signal ends a run in order, a second one at once.

use rustix::process::Signal;
use serde_json::Value;

use crate::command::Place;

fn summary(place: &Place, directory: &str) -> Value {
    serde_json::from_str(&place.read(&format!("{directory}/summary.json"))).unwrap()
}

#[test]
fn an_interrupted_run_ends_its_trips_and_accounts_for_the_others() {
    for signal in [Signal::INT, Signal::TERM] {
        let place = Place::with_users();
        let run = place.engine("scenario run users.toml -o ended").volume("hold 50/s for 1h");
        let mut run = run.start();
        run.until(|_| place.bytes("ended/messages.msgpack") > 1000);
        run.signal(signal);
        let ended = run.wait().exits(105);
        assert!(ended.stdout.contains("✗ aborted by a signal"), "{}", ended.stdout);
        assert_eq!(place.read("ended/summary.txt"), ended.stdout);
        account(&summary(&place, "ended"));
        assert_eq!(place.engine("report ended").run().exits(105).stdout, ended.stdout);
    }
}

fn account(summary: &Value) {
    let row = &summary["schedule"][0];
    let count = |key: &str| row[key].as_u64().unwrap_or_else(|| panic!("{key}: {summary:#}"));
    assert_eq!(count("planned"), 180_000);
    assert!(count("started") > 0);
    let dropped = row["dropped"].as_object().unwrap().values();
    let dropped: u64 = dropped.map(|reason| reason.as_u64().unwrap()).sum();
    assert_eq!(count("planned"), count("started") + dropped);
}

#[test]
fn a_second_interrupt_ends_trips_that_would_take_minutes() {
    let place = Place::with_users();
    let scenario = place.read("users.toml");
    let slow = "grace = \"20m\"\n[http]\ntimeout = \"20m\"\n[sandbox]\ndelay = \"20m\"\n\n[config]";
    place.write("users.toml", &scenario.replace("[config]", slow));
    let run = place.engine("scenario run users.toml -o ended").volume("hold 50/s for 1h");
    let mut run = run.start();
    run.until(|run| run.stderr().contains("sign-in"));
    run.until(|_| place.bytes("ended/messages.msgpack") > 1000);
    run.signal(Signal::INT);
    run.until(|run| run.stderr().contains("under way"));
    run.signal(Signal::INT);
    run.wait().exits(105);
    account(&summary(&place, "ended"));
}
