//! What a journey tells beside its transactions: messages of its own, durations, exchanges.

use std::{borrow::Cow, sync::Arc, time::Duration};

use serde::Serialize;

use super::{Context, Failure, Outcome, transaction};
use crate::bus::{Change, Event, Measured};

impl Context {
    /// Tells every subscriber something of the journey's own, such as
    /// `ctx.send("queue length", json!({ "length": 7 }))`.
    ///
    /// # Errors
    /// Kind `send`: the fields cannot be represented as JSON.
    pub fn send(&self, kind: &str, fields: impl Serialize) -> Outcome {
        let fields = serde_json::to_value(fields)
            .map_err(|error| Failure::new("send", format!("cannot encode {kind}: {error}")))?;
        self.tell(Event::Sent { trip: self.trip(), kind: kind.into(), fields });
        Ok(())
    }

    /// Measures a duration of the journey's own, such as `ctx.measure("didcomm_waiting", took)`:
    /// reports tell its average and percentiles, and thresholds can be about it.
    ///
    /// Names are letters, digits and `_`; like those of transactions they must not differ from trip
    /// to trip. A task that outlives its trip may go on measuring with a clone of the context.
    pub fn measure(&self, name: impl Into<Cow<'static, str>>, took: Duration) {
        self.tell_measured(Box::new([Measured { name: name.into(), took }]));
    }

    /// Measures many durations at the price of one.
    ///
    /// Where `<what>_theirs` and `<what>_network` are among them, they are parts of `<what>_waiting`, and
    /// the report splits the transaction that they were measured in by them.
    pub fn measure_all(&self, values: &[(&'static str, Duration)]) {
        if values.is_empty() {
            return;
        }
        let one = |&(name, took): &_| Measured { name: Cow::Borrowed(name), took };
        self.tell_measured(values.iter().map(one).collect());
    }

    /// Tells what became of an exchange of a protocol, such as `issue-credential`, as a party to it
    /// sees it: `holders`, or the name of a system.
    pub fn tell_exchange(
        &self,
        party: impl Into<Arc<str>>,
        protocol: impl Into<Arc<str>>,
        change: Change,
    ) {
        self.tell(Event::Exchange { party: party.into(), protocol: protocol.into(), change });
    }

    fn tell_measured(&self, values: Box<[Measured]>) {
        let (trip, transaction) = (self.trip(), transaction::current());
        self.tell(Event::Measured { trip, transaction, values });
    }
}
