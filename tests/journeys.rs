//! What a journey may do, and how it is told.

mod stage;

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use engine::{
    bus::{Change, End, Event, TripId},
    prelude::*,
    report::{Aggregate, measure},
};
use rand::RngExt;
use serde_json::json;
use stage::{Rehearsal, Stage, rehearse};
use tokio::time::sleep;

const ONE: &str = "volume = \"1 trips by 1 users\"";

/// Each transaction with how it ended, in the order of their ends.
fn transactions(run: &Rehearsal) -> Vec<String> {
    let described = run.messages.iter().filter_map(|message| match &message.event {
        Event::Transaction { name, end, service, .. } => {
            Some(format!("{name}: {} after {} ms", describe(end), service.as_millis()))
        }
        Event::Ended { end, .. } => Some(format!("trip: {}", describe(end))),
        _ => None,
    });
    described.collect()
}

fn describe(end: &End) -> String {
    match end {
        End::Done => "done".into(),
        End::Cancelled => "cancelled".into(),
        End::Failed { kind, message } => {
            format!("{kind} ({})", message.as_deref().unwrap_or("told before"))
        }
    }
}

async fn pause(ms: u64) -> Outcome {
    sleep(Duration::from_millis(ms)).await;
    Ok(())
}

#[test]
fn transactions_nest_and_branches_that_run_side_by_side_do_not_mix() {
    let journey = |ctx: Context| async move {
        let (left, right) = (ctx.clone(), ctx.clone());
        ctx.transaction("outer", async {
            let (a, b) = tokio::join!(
                left.transaction("left", async {
                    pause(10).await?;
                    left.transaction("deep", pause(20)).await
                }),
                right.transaction("right", pause(20)),
            );
            a.and(b)
        })
        .await?;
        ctx.transaction("after", pause(5)).await
    };
    let run = rehearse(ONE, Journeys::default().with("it", journey));
    assert_eq!(
        transactions(&run),
        [
            "outer :: right: done after 20 ms",
            "outer :: left :: deep: done after 20 ms",
            "outer :: left: done after 30 ms",
            "outer: done after 30 ms",
            "after: done after 5 ms",
            "trip: done",
        ]
    );
}

#[test]
fn a_failure_is_told_once_where_it_happened() {
    let journey = |ctx: Context| async move {
        ctx.transaction("outer", async {
            ctx.transaction("inner", async {
                Err::<(), _>(Failure::new("no offer", "waited 30 s"))
            })
            .await
        })
        .await
    };
    let run = rehearse(ONE, Journeys::default().with("it", journey));
    assert_eq!(
        transactions(&run),
        [
            "outer :: inner: no offer (waited 30 s) after 0 ms",
            "outer: no offer (told before) after 0 ms",
            "trip: no offer (told before)",
        ]
    );
}

#[test]
fn a_transaction_dropped_before_its_end_is_cancelled_not_failed() {
    let journey = |ctx: Context| async move {
        tokio::select! {
            it = ctx.transaction("slow", pause(1000)) => it,
            () = sleep(Duration::from_millis(10)) => Ok(()),
        }
    };
    let run = rehearse(ONE, Journeys::default().with("it", journey));
    assert_eq!(transactions(&run), ["slow: cancelled after 10 ms", "trip: done"]);
}

#[test]
fn dice_are_the_same_for_the_same_seed_and_trip_whoever_makes_it() {
    let journey = |ctx: Context| async move {
        let throw: u32 = ctx.rng().random_range(0..1_000_000);
        ctx.think(Duration::ZERO..Duration::from_millis(500)).await;
        ctx.send("throw", json!({ "trip": ctx.trip().number, "throw": throw }))
    };
    let throws = |share: &str| -> Vec<(TripId, String)> {
        let scenario = "seed = 7\n[[load]]\njourney = \"it\"\nvolume = \"12 trips at 10/s\"";
        let mut stage = Stage::new(scenario, Journeys::default().with("it", journey));
        stage.share = share.parse().unwrap();
        let messages = stage.rehearse().messages;
        let sent = messages.into_iter().filter_map(|message| match message.event {
            Event::Sent { trip, fields, .. } => Some((trip, fields.to_string())),
            _ => None,
        });
        sent.collect()
    };
    let mut whole = throws("0/1");
    let mut parts: Vec<_> = ["0/3", "1/3", "2/3"].into_iter().flat_map(throws).collect();
    whole.sort();
    parts.sort();
    assert_eq!(whole.len(), 12);
    assert_eq!(whole, parts);
}

#[test]
fn what_is_measured_is_told_also_by_a_task_that_outlives_its_trip() {
    let journey = |ctx: Context| async move {
        ctx.measure_all(&[
            ("packed", Duration::from_millis(1)),
            ("posted", Duration::from_millis(2)),
        ]);
        ctx.measure_all(&[]);
        tokio::spawn(async move {
            sleep(Duration::from_millis(10)).await;
            ctx.measure(format!("waiting_{}", ctx.trip().row), Duration::from_millis(500));
        });
        Ok(())
    };
    let two = "volume = \"2 trips by 1 users\"\n[[load]]\njourney = \"late\"\nvolume = \"1 users for 1s\"";
    let late = |_: Context| pause(1_000);
    let run = rehearse(two, Journeys::default().with("it", journey).with("late", late));
    assert_eq!(run.count(|event| matches!(event, Event::Measured { .. })), 4);
    let max = |name| measure(&run.tally, name, Some("it"), Aggregate::Max).unwrap().to_string();
    assert_eq!([max("packed"), max("posted"), max("waiting_0")], ["1ms", "2ms", "500ms"]);
    let count = measure(&run.tally, "waiting_0", None, Aggregate::Count).unwrap().to_string();
    assert_eq!(count, "2");
    assert_eq!(measure(&run.tally, "waiting_0", Some("late"), Aggregate::Count), None);
}

#[test]
fn a_missing_setting_says_how_to_give_it() {
    let journey = |ctx: Context| async move {
        ctx.config("app_url")?;
        Ok(())
    };
    let run = rehearse(ONE, Journeys::default().with("it", journey));
    assert_eq!(
        transactions(&run),
        ["trip: config (`app_url` is not set: add it to [config] or pass -e app_url=…)"]
    );
}

#[test]
fn a_record_that_cannot_be_kept_fails_its_trip() {
    for (name, why) in [("../escaped", "../escaped"), ("users", "not a map")] {
        let journey = move |ctx: Context| async move {
            if name == "users" {
                ctx.record(name, &[1, 2]).await
            } else {
                ctx.record(name, &json!({})).await
            }
        };
        let run = rehearse(ONE, Journeys::default().with("it", journey));
        let told = transactions(&run).concat();
        assert!(told.starts_with("trip: record (") && told.contains(why), "{told}");
    }
}

#[test]
fn a_run_waits_for_what_goes_on_beside_its_trips_but_not_for_ever() {
    let told = |after: Duration| {
        let journey = move |ctx: Context| async move {
            ctx.accompany(|mut company| async move {
                company.over().await;
                sleep(after).await;
                company.tell_exchange(&"issuer".into(), "issue-credential", Change::Started);
            });
            pause(1_000).await
        };
        let run = rehearse(ONE, Journeys::default().with("it", journey));
        let begun = run.count(|event| matches!(event, Event::Exchange { .. }));
        (begun, run.lasted().as_secs())
    };
    assert_eq!(told(Duration::ZERO), (1, 1));
    assert_eq!(told(Duration::from_secs(4)), (1, 5));
    assert_eq!(told(Duration::MAX), (0, 6));
}

#[test]
fn what_is_measured_knows_the_transaction_that_it_is_measured_in() {
    let journey = |ctx: Context| async move {
        ctx.measure("outside", Duration::ZERO);
        ctx.transaction(
            "outer",
            ctx.transaction("inner", async {
                ctx.measure_all(&[("within", Duration::ZERO)]);
                Ok(())
            }),
        )
        .await
    };
    let run = rehearse(ONE, Journeys::default().with("it", journey));
    let told = run.messages.iter().filter_map(|it| match &it.event {
        Event::Measured { transaction, values, .. } => {
            Some(format!("{} in {transaction:?}", values[0].name))
        }
        _ => None,
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        ["outside in None", r#"within in Some("outer :: inner")"#]
    );
}

#[test]
fn trips_of_all_rows_share_one_value_of_a_type_and_runs_do_not() {
    struct Guests(AtomicU64);
    let journey = |ctx: Context| async move {
        let guests = ctx.shared(|| Ok(Guests(AtomicU64::new(0))))?;
        pause(10).await?;
        ctx.send("guest", guests.0.fetch_add(1, Ordering::Relaxed))
    };
    let row = "[[load]]\njourney = \"it\"\nvolume = \"20 trips by 4 users\"\n";
    let stage = Stage::new(&row.repeat(2), Journeys::default().with("it", journey));
    for _ in 0..2 {
        let messages = stage.rehearse().messages;
        let mut guests: Vec<_> = messages
            .iter()
            .filter_map(|it| match &it.event {
                Event::Sent { fields, .. } => fields.as_u64(),
                _ => None,
            })
            .collect();
        guests.sort_unstable();
        assert!(guests.into_iter().eq(0..40));
    }
}
