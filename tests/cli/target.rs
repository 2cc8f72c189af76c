//! The embedded target also stands alone.

use rustix::process::Signal;

use crate::command::Place;

#[test]
fn a_target_of_its_own_serves_until_a_signal_and_keeps_its_users() {
    let place = Place::with_scenario();
    for create in [true, false] {
        let mut target = place.engine("sandbox --listen 127.0.0.1:0 --directory kept").start();
        target.until(|target| target.stdout().ends_with('\n'));
        let url = format!("app_url={}", target.stdout().trim_end());
        if create {
            place.engine("create-data users.toml -e").arg(&url).run().exits(0);
        }
        let run = place.engine("scenario run users.toml -e").arg(&url);
        run.volume("20 trips at 100/s").run().exits(0);
        target.signal(Signal::TERM);
        target.wait().exits(0);
    }
    assert!(!place.path("sandbox-data").exists(), "nobody asked for the embedded one");
}

#[test]
fn a_target_of_its_own_says_where_each_side_of_it_is() {
    let place = Place::new();
    let mut target = place.engine("sandbox --listen 127.0.0.1:0").start();
    target.until(|target| target.stderr().contains("-e app_url="));
    let (said, url) = (target.stderr(), target.stdout().trim_end().to_owned());
    for there in ["mediator=URL/mediator\n", "issuer=URL/issuer\n", "app_url=URL\n"] {
        assert!(said.contains(&format!("-e {}", there.replace("URL", &url))), "{said}");
    }
    target.signal(Signal::TERM);
    target.wait().exits(0);
}

#[test]
fn a_directory_is_one_targets_alone() {
    let place = Place::with_users();
    let sandbox = "sandbox --listen 127.0.0.1:0 --directory sandbox-data";
    let mut target = place.engine(sandbox).start();
    target.until(|target| target.stdout().ends_with('\n'));
    place.engine("scenario run users.toml").run().exits(1).says("sandbox-data");
    target.signal(Signal::INT);
    target.wait().exits(0);
}
