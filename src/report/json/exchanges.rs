//! What became of exchanges of protocols, as each of their sides sees it.

use serde_json::{Map, Value as Json, json};

use super::{
    super::{
        fold::{Exchanges, Tally, Unheard},
        scope::{OTHERS, named, steps},
        trend::ms,
    },
    values::seen,
};

/// What each side saw of each protocol.
pub(super) fn exchanges(tally: &Tally) -> Json {
    let side = |(place, it): (Option<&(_, _)>, &Exchanges)| {
        let (protocol, party) = place.map_or((OTHERS, OTHERS), |(protocol, it)| {
            (AsRef::<str>::as_ref(protocol), AsRef::<str>::as_ref(it))
        });
        let whys: Map<_, _> =
            it.whys.iter().map(|(why, count)| (named(why), json!(count))).collect();
        let steps: Vec<_> = steps(it)
            .into_iter()
            .map(|(step, times)| json!({"name": step, "took": seen(times)}))
            .collect();
        json!({
            "protocol": protocol,
            "party": party,
            "started": it.started,
            "finished": it.finished,
            "failed": it.failed,
            "pending": it.pending(),
            "lost": it.lost,
            "unfollowed": it.unfollowed,
            "foundFalse": it.found_false,
            "failures": whys,
            "took": seen(&it.took),
            "steps": steps,
        })
    };
    tally.exchanges.iter().map(side).collect()
}

/// Sides that were not heard for a time.
pub(super) fn unheard(tally: &Tally) -> Json {
    let one = |(party, it): (Option<&_>, &Unheard)| json!({ "party": named(party), "times": it.times, "lastedMs": ms(it.lasted) });
    tally.unheard.iter().map(one).collect()
}
