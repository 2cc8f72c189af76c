//! What is said of a wrong volume.

use std::time::Duration;

use insta::assert_snapshot;

use super::volume;
use crate::plan::volume::Volume;

fn error(text: &str) -> String {
    text.parse::<Volume>().unwrap_err().to_string()
}

#[test]
fn an_error_names_the_stage_the_fault_and_a_right_one() {
    assert_snapshot!(error("ramp to 50/s over 30s, hold 50 for 5m"), @"stage 2 `hold 50 for 5m`: `50` is no rate, which is written like `50/s`, `600/m`, `90/h` or `1/10s`; a right one is `hold 50/s for 5m`");
    assert_snapshot!(error("ramp to 50/s over 30s, hold 50/s for 5"), @"stage 2 `hold 50/s for 5`: `5` is no duration, which is written like `300ms`, `1.5s`, `1m30s` or `2h`; a right one is `hold 50/s for 5m`");
    assert_snapshot!(error("hold 50/s for 5m,"), @"stage 2 ``: there is nothing before or after a comma; a right one is `hold 50/s for 5m`");
    assert_snapshot!(error("keep 50/s for 5m"), @"stage 1 `keep 50/s for 5m`: no stage is written like this; a right one is `hold 50/s for 5m`");
    assert_snapshot!(error("ramp 50/s over 30s"), @"stage 1 `ramp 50/s over 30s`: no stage is written like this; a right one is `ramp to 50/s over 30s`");
    assert_snapshot!(error("wait a minute, hold 50/s for 5m"), @"stage 1 `wait a minute`: no stage is written like this; a right one is `wait 1m`");
    assert_snapshot!(error("1,000 trips at 20/s"), @"stage 1 `1`: no stage is written like this; a right one is `1_000 trips at 20/s`");
    assert_snapshot!(error("1.5 users for 5m"), @"stage 1 `1.5 users for 5m`: `1.5` is no whole number, which is written like `1000` or `1_000`; a right one is `200 users for 5m`");
}

#[test]
fn zero_is_not_unlimited() {
    assert_snapshot!(error("hold 0/s for 5m"), @"stage 1 `hold 0/s for 5m`: zero starts nothing; a pause is written `wait 1m`; a right one is `hold 50/s for 5m`");
    assert_snapshot!(error("hold 50/s for 0s"), @"stage 1 `hold 50/s for 0s`: zero does not mean unlimited: it has to last some time; a right one is `hold 50/s for 5m`");
    assert_snapshot!(error("0 trips at 20/s"), @"stage 1 `0 trips at 20/s`: zero does not mean unlimited: there have to be trips; a right one is `1000 trips at 20/s`");
    assert_snapshot!(error("10 trips by 0 users"), @"stage 1 `10 trips by 0 users`: zero does not mean unlimited: there have to be users; a right one is `1000 trips by 8 users`");
    assert_snapshot!(error("ramp to 0 users over 30s"), @"stage 1 `ramp to 0 users over 30s`: zero starts nothing; a pause is written `wait 1m`; a right one is `ramp to 200 users over 30s`");
    assert_snapshot!(error("wait 1m, wait 2m"), @"stage 1 `wait 1m`: no stage of this volume starts a trip; a right one is `wait 1m, hold 50/s for 5m`");
}

#[test]
fn stages_have_to_fit_each_other() {
    assert_snapshot!(error("ramp to 50/s over 30s, 200 users for 5m"), @"stage 2 `200 users for 5m`: arrivals per second and a number of users are two models of load, which do not mix in one volume: use two rows; a right one is `ramp to 50/s over 30s, hold 50/s for 5m`");
    assert_snapshot!(error("200 users for 5m, ramp to 50/s over 30s"), @"stage 2 `ramp to 50/s over 30s`: arrivals per second and a number of users are two models of load, which do not mix in one volume: use two rows; a right one is `ramp to 200 users over 30s, 200 users for 5m`");
    assert_snapshot!(error("wait 1m, 1000 trips by 8 users"), @"stage 2 `1000 trips by 8 users`: a number of trips has to be the only stage of its volume; a right one is `1000 trips by 8 users`");
    assert_snapshot!(error("hold 1/9.999999937s for 1s, hold 1/9.999999929s for 1s"), @"stage 2 `hold 1/9.999999929s for 1s`: its rate does not add up with the others exactly: write fewer decimals; a right one is `hold 50/s for 5m`");
}

#[test]
fn each_bound_is_said() {
    assert_snapshot!(error("hold 20_000_000/s for 1s"), @"stage 1 `hold 20_000_000/s for 1s`: `20_000_000/s` is more than 10,000,000/s; a right one is `hold 50/s for 5m`");
    assert_snapshot!(error("hold 50/s for 31d"), @"stage 1 `hold 50/s for 31d`: `31d` is longer than 30 days; a right one is `hold 50/s for 5m`");
    assert_snapshot!(error("hold 50/s for 20d, wait 20d"), @"stage 2 `wait 20d`: the volume comes to more than 30 days here; a right one is `wait 1m`");
    assert_snapshot!(error("1000 trips at 1/h"), @"stage 1 `1000 trips at 1/h`: the volume comes to more than 30 days here; a right one is `1000 trips at 20/s`");
    assert_snapshot!(error("hold 10_000_000/s for 1d, hold 10_000_000/s for 1d"), @"stage 2 `hold 10_000_000/s for 1d`: the volume comes to more than 1,000,000,000,000 trips here; a right one is `hold 50/s for 5m`");
    assert_snapshot!(error("2_000_000_000_000 trips by 8 users"), @"stage 1 `2_000_000_000_000 trips by 8 users`: `2_000_000_000_000` is more than 1,000,000,000,000; a right one is `1000 trips by 8 users`");
    assert_snapshot!(error("10_000_001 users for 5m"), @"stage 1 `10_000_001 users for 5m`: `10_000_001` is more than 10,000,000; a right one is `200 users for 5m`");
}

#[test]
fn a_flag_that_does_not_fit_is_refused() {
    let rate = |text: &str| "50/s".parse().map(|rate| volume(text).with_rate(rate)).unwrap();
    assert_snapshot!(rate("1000 trips by 8 users").unwrap_err(), @"`1000 trips by 8 users` has no rate to change: it ends when its trips are done; write another volume, such as `hold 50/s for 5m`");
    let lasts = |text: &str, days: u64| volume(text).with_duration(Duration::from_hours(24 * days));
    assert_snapshot!(lasts("1000 trips by 8 users", 1).unwrap_err(), @"`1000 trips by 8 users` has no duration to change: it ends when its trips are done; write another volume, such as `hold 50/s for 5m`");
    assert_snapshot!(lasts("200 users for 5m", 31).unwrap_err(), @"stage 1 `200 users for 31d`: the volume comes to more than 30 days here; a right one is `200 users for 5m`");
    let zero = volume("hold 5/s for 5m").with_rate("0/s".parse().unwrap());
    assert_snapshot!(zero.unwrap_err(), @"stage 1 `hold 0/s for 5m`: zero starts nothing; a pause is written `wait 1m`; a right one is `hold 50/s for 5m`");
    assert_eq!(
        volume("1000 trips at 20/s").with_duration(Duration::from_secs(10)),
        Ok(volume("hold 20/s for 10s"))
    );
}
