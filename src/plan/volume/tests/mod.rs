//! What a volume promises.

mod closed;
mod laws;
mod messages;
mod open;

use proptest::prelude::*;

use super::Volume;

fn volume(text: &str) -> Volume {
    text.parse().unwrap()
}

/// A stage of the open model that starts something.
fn arrivals() -> impl Strategy<Value = String> {
    let rate = || {
        prop_oneof![
            (1..5_000_u32).prop_map(|n| format!("{n}/s")),
            (1..900_u32, 1..99_u32).prop_map(|(n, f)| format!("{n}.{f:02}/m")),
            (1..50_u32, 1..40_u32).prop_map(|(n, over)| format!("{n}/{over}s")),
        ]
    };
    let span = || {
        prop_oneof![
            (1..5_000_u32).prop_map(|ms| format!("{ms}ms")),
            (1..30_000_000_000_u64).prop_map(|ns| format!("{ns}ns")),
        ]
    };
    prop_oneof![
        (rate(), span()).prop_map(|(rate, span)| format!("hold {rate} for {span}")),
        (rate(), span()).prop_map(|(to, span)| format!("ramp to {to} over {span}")),
        (rate(), rate(), span())
            .prop_map(|(from, to, span)| format!("ramp from {from} to {to} over {span}")),
        (rate(), span()).prop_map(|(from, span)| format!("ramp from {from} to 0/s over {span}")),
    ]
}

/// A volume of the open model.
fn open() -> impl Strategy<Value = String> {
    let stage =
        prop_oneof![5 => arrivals(), 1 => (1..9_000_u32).prop_map(|ms| format!("wait {ms}ms"))];
    let stages = (prop::collection::vec(stage, 0..4), arrivals()).prop_map(|(mut stages, last)| {
        stages.push(last);
        stages.join(", ")
    });
    let trips = (1..5_000_u32, 1..500_u32, 1..40_u32)
        .prop_map(|(trips, rate, over)| format!("{trips} trips at {rate}/{over}s"));
    prop_oneof![6 => stages, 1 => trips]
}

/// A volume of users kept busy.
fn users() -> impl Strategy<Value = String> {
    let stage = prop_oneof![
        3 => (1..60_u32, 1..9_000_u32).prop_map(|(n, ms)| format!("{n} users for {ms}ms")),
        3 => (1..60_u32, 1..9_000_u32).prop_map(|(n, ms)| format!("ramp to {n} users over {ms}ms")),
        2 => (1..60_u32, 0..60_u32, 1..900_000_u32)
            .prop_map(|(from, to, ns)| format!("ramp from {from} to {to} users over {ns}ns")),
        1 => (1..9_000_u32).prop_map(|ms| format!("wait {ms}ms")),
    ];
    (prop::collection::vec(stage, 0..5), 1..60_u32).prop_map(|(mut stages, users)| {
        stages.push(format!("{users} users for 1s"));
        stages.join(", ")
    })
}

/// Any volume.
fn any() -> impl Strategy<Value = String> {
    let trips = (1..9_000_u32, 1..300_u32).prop_map(|(n, by)| format!("{n} trips by {by} users"));
    prop_oneof![open(), users(), trips]
}
