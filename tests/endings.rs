//! A run always ends, and says why.

mod stage;

use std::{future::pending, io, time::Duration};

use engine::{
    bus::{DropReason, End, Ending, Event, Message, Subscriber, Subscribers},
    prelude::*,
};
use stage::{Ear, Stage, rehearse};
use tokio::time::sleep;

fn hung() -> Journeys {
    Journeys::default().with("it", |_: Context| async { pending::<Outcome>().await })
}

fn taking(time: Duration) -> Journeys {
    let journey = move |_: Context| async move {
        sleep(time).await;
        Ok(())
    };
    Journeys::default().with("it", journey)
}

fn load(text: &str) -> String {
    format!("grace = \"5s\"\n[[load]]\njourney = \"it\"\n{text}\n")
}

fn cancelled(end: &End) -> bool {
    *end == End::Cancelled
}

#[test]
fn trips_that_hang_are_cut_off_after_the_grace_period() {
    for volume in ["hold 1/s for 3s", "3 users for 3s"] {
        let run = Stage::new(&load(&format!("volume = \"{volume}\"")), hung()).rehearse();
        assert_eq!(run.ending, Ending::Complete);
        assert_eq!((run.started(), run.ended_as(cancelled)), (3, 3));
        assert!(run.lasted() < Duration::from_millis(8_200), "{:?}", run.lasted());
    }
}

#[test]
fn a_trip_has_a_limit_of_its_own() {
    let row = "volume = \"2 trips by 1 users\"\nmax_trip = \"7s\"";
    let run = rehearse(row, hung());
    let timed_out =
        |end: &End| matches!(end, End::Failed { kind, .. } if &**kind == "trip timeout");
    assert_eq!(run.ended_as(timed_out), 2);
}

#[test]
fn the_first_signal_drains_and_the_second_ends_at_once() {
    let mut stage =
        Stage::new(&load("volume = \"hold 10/s for 1h\""), taking(Duration::from_secs(2)));
    stage.signals = vec![Duration::from_secs(10)];
    let drained = stage.rehearse();
    assert_eq!(drained.ending, Ending::Signal);
    assert_eq!(drained.ended_as(cancelled), 0);
    assert_eq!(
        drained.planned(),
        Some(drained.started() + drained.dropped_for(DropReason::NotReached))
    );

    stage.signals.push(Duration::from_secs(11));
    let ended = stage.rehearse();
    assert_eq!(ended.ending, Ending::Signal);
    assert!(ended.ended_as(cancelled) > 0);
    assert!(ended.lasted() < Duration::from_millis(11_200), "{:?}", ended.lasted());
}

#[test]
fn the_second_signal_waits_for_nothing_that_goes_on_beside_the_trips() {
    let journey = |ctx: Context| async move {
        ctx.accompany(|_| pending());
        sleep(Duration::from_secs(2)).await;
        Ok(())
    };
    let journeys = || Journeys::default().with("it", journey);
    let ended = |signals: &[u64]| {
        let mut stage = Stage::new(&load("volume = \"1 users for 10s\""), journeys());
        stage.signals = signals.iter().copied().map(Duration::from_millis).collect();
        stage.rehearse().lasted().as_millis()
    };
    // Five seconds from the last trip on.
    assert_eq!(ended(&[]) / 100, 150);
    assert_eq!(ended(&[3_000]) / 100, 90);
    // While trips are under way, and when there are none any more.
    assert!(ended(&[3_000, 3_500]) < 3_700);
    assert!(ended(&[3_000, 5_000]) < 5_200);
}

#[test]
fn a_load_of_one_trip_a_minute_stops_as_fast_as_any_other() {
    let mut stage = Stage::new(&load("volume = \"hold 1/m for 1h\""), taking(Duration::ZERO));
    stage.signals = vec![Duration::from_millis(1_500)];
    let run = stage.rehearse();
    assert_eq!(run.ending, Ending::Signal);
    assert!(run.lasted() < Duration::from_millis(1_550), "{:?}", run.lasted());
}

#[test]
fn a_subscriber_that_fails_ends_the_run_with_its_error() {
    struct Full;
    impl Subscriber for Full {
        fn receive(&mut self, message: &Message) -> io::Result<()> {
            match message.event {
                Event::Ended { .. } => Err(io::Error::other("disk full")),
                _ => Ok(()),
            }
        }
    }
    let stage = Stage::new(&load("volume = \"hold 10/s for 30d\""), taking(Duration::ZERO));
    let mut seats = Subscribers::default();
    let full = seats.subscribe("full", Full).unwrap();
    let ear = seats.subscribe("ear", Ear::default()).unwrap();
    let bus = seats.open().unwrap();
    assert_eq!(stage.run(&bus), Ending::SubscriberFailed("full: disk full".into()));
    bus.close();
    assert!(full.join().is_err());
    let last = ear.join().unwrap().0.pop().unwrap();
    assert_eq!(last.event, Event::Finished);
}

#[test]
fn users_are_kept_busy_and_no_more_of_them_than_asked_for() {
    let run = rehearse("volume = \"4 users for 10s\"", taking(Duration::from_secs(1)));
    assert_eq!(run.started(), 40);
    let run = rehearse("volume = \"7 trips by 3 users\"", taking(Duration::from_secs(1)));
    assert_eq!((run.started(), run.ended()), (7, 7));
    assert!((3.0..3.2).contains(&run.lasted().as_secs_f64()), "{:?}", run.lasted());
}
