//! A pool outlives whoever uses it.

use engine::{
    bus::{End, Event},
    observe::replay,
};
use rustix::process::Signal;

use super::{HOLDERS, holders, place, place_with_holders};
use crate::command::{Place, Running};

pub(super) fn kill(mut run: Running, when: impl Fn() -> bool) {
    run.until(|_| when());
    run.signal(Signal::KILL);
    let killed = run.wait();
    assert_eq!(killed.status.code(), None, "{}", killed.stderr);
}

/// Trips of a run that was killed, as far as its log tells: done and failed.
fn ended(place: &Place) -> (usize, usize) {
    let messages: Vec<_> = replay(&place.path("killed/messages.msgpack")).unwrap().collect();
    let count = |is: fn(&End) -> bool| {
        let of = |event: &Event| matches!(event, Event::Ended { end, .. } if is(end));
        messages.iter().filter(|it| of(&it.as_ref().unwrap().event)).count()
    };
    (count(|end| *end == End::Done), count(|end| matches!(end, End::Failed { .. })))
}

/// The pool as it is works: no trip of messages.toml fails.
fn all_live(place: &Place) {
    place.change("messages.toml", "failed<1%", "failed==0");
    place.engine("scenario run messages.toml").volume("40 trips at 100/s").run().exits(0);
}

#[test]
fn holders_that_were_recorded_outlive_the_kill_of_who_made_them() {
    let place = place();
    let run = place.engine("create-data messages.toml -o killed").volume("100000 trips by 8 users");
    kill(run.start(), || {
        place.bytes("killed/messages.msgpack") > 3000 && place.bytes(HOLDERS) > 8000
    });
    let (done, failed) = ended(&place);
    let recorded = holders(&place).len();
    assert!(done <= recorded, "{done} trips were done, {recorded} rows are there");
    assert_eq!(failed, 0);
    all_live(&place);

    let wanted = recorded + 5;
    let topped = place.engine("create-data messages.toml --top-up");
    topped.volume(&format!("{wanted} trips by 4 users")).run().exits(0);
    assert_eq!(holders(&place).len(), wanted);
}

#[test]
fn holders_outlive_the_kill_of_a_run_that_uses_them() {
    let place = place_with_holders();
    let run = place.engine("scenario run mediator.toml -o killed").volume("hold 50/s for 1h");
    kill(run.start(), || place.bytes("killed/messages.msgpack") > 20_000);
    assert_eq!(ended(&place).1, 0);
    all_live(&place);
    place.engine("scenario run mediator.toml").run().exits(0);
}
