//! What became of exchanges of protocols, as each of their sides sees it.

use super::{
    super::{
        figures::{span, tame},
        fold::{Exchanges, Tally},
        scope::{OTHERS, named, steps},
    },
    results::seen_cells,
    table::Table,
};

/// Writes what each side saw, protocol by protocol.
pub(super) fn sides(table: &mut Table, tally: &Tally) {
    let mut heading = None;
    for (place, exchanges) in tally.exchanges.iter() {
        let (protocol, party) = place.map_or((OTHERS, OTHERS), |(protocol, it)| (protocol, it));
        if heading.replace(protocol) != Some(protocol) {
            table.heading(tame(protocol));
        }
        table.columns(tame(party), counts(exchanges));
        side(table, exchanges);
    }
}

fn counts(it: &Exchanges) -> [(&'static str, String); 4] {
    [
        ("started", it.started.to_string()),
        ("finished", it.finished.to_string()),
        ("failed", it.failed.to_string()),
        ("pending", it.pending().to_string()),
    ]
}

fn side(table: &mut Table, it: &Exchanges) {
    for (why, count) in it.whys.iter() {
        table.figure(format!("  {{ failed: {} }}", tame(&named(why))), count, "");
    }
    for (what, count) in [
        ("found false", it.found_false),
        ("lost from sight", it.lost),
        ("not followed", it.unfollowed),
    ] {
        if count > 0 {
            table.figure(format!("  {{ {what} }}"), count, "");
        }
    }
    if it.took.count() > 0 {
        table.columns("  { from start to finish }", seen_cells(&it.took));
    }
    for (step, times) in steps(it) {
        table.columns(format!("  {{ {} }}", tame(&step)), seen_cells(times));
    }
}

/// Sentences about what is not known, or known to nobody as a failure.
pub(super) fn remarks(tally: &Tally) -> Vec<String> {
    let unheard = tally.unheard.iter().map(|(party, it)| {
        let (party, lasted) = (tame(&named(party)), span(it.lasted));
        let times = if it.times == 1 { "once" } else { &*format!("{} times", it.times) };
        format!(
            "{party} was not heard {times}, for {lasted} in all: what began or ended there \
             meanwhile is not known"
        )
    });
    let pending = tally.exchanges.iter().filter_map(|(place, it)| {
        let (protocol, party) = place?;
        let pending = it.pending();
        (pending > 0).then(|| {
            let (protocol, party) = (tame(protocol), tame(party));
            format!(
                "{party} has {pending} of {protocol} pending: begun, and neither ended nor failed"
            )
        })
    });
    unheard.chain(pending).collect()
}
