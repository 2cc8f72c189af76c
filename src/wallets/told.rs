//! A holder's messages as the run's measurements.

use crate::{
    aries::{
        compute::Computed,
        didcomm::Kind,
        holder::{Exchanged, Observer, Received, Sent, Trouble, Work},
    },
    journey::{Change, Context},
};

/// Who holders are to a report.
const HOLDERS: &str = "holders";

/// Tells a trip's context of its holder's messages.
pub(super) struct Told(pub(super) Context);

impl Observer for Told {
    fn sent(&self, _: &Kind, figures: Sent) {
        let Sent { crypto, sending, bytes: _ } = figures;
        let all = [("didcomm_crypto", crypto), ("didcomm_sending", sending)];
        // An HTTP client tells of its sending itself.
        let told = if sending.is_zero() { &all[..1] } else { &all[..] };
        self.0.measure_all(told);
    }

    fn received(&self, _: &Kind, figures: Received) {
        let Received { crypto, queued, waiting, theirs, bytes: _ } = figures;
        // What the other side says of itself is part of a wait.
        let known = match (waiting, theirs) {
            (Some(_), Some(_)) => 5,
            (Some(_), None) => 3,
            (None, _) => 2,
        };
        let waiting = waiting.unwrap_or_default();
        let theirs = theirs.unwrap_or_default();
        let all = [
            ("didcomm_crypto", crypto),
            ("didcomm_queued", queued),
            ("didcomm_waiting", waiting),
            ("didcomm_theirs", theirs),
            ("didcomm_network", waiting.saturating_sub(theirs)),
        ];
        self.0.measure_all(&all[..known]);
    }

    fn trouble(&self, trouble: &Trouble) {
        tracing::debug!("{}: {}", trouble.kind, trouble.text);
        // A map of a text is JSON.
        let fields = serde_json::json!({ "text": trouble.text });
        let _ = self.0.send(&format!("trouble: {}", trouble.kind), fields);
    }

    fn exchange(&self, protocol: &'static str, became: Exchanged) {
        let change = match became {
            Exchanged::Started => Change::Started,
            Exchanged::Finished { took } => Change::Finished { took, verified: None },
            Exchanged::Failed { kind } => Change::Failed { why: kind.into() },
        };
        self.0.tell_exchange(HOLDERS, protocol, change);
    }

    fn computed(&self, what: Work, figures: Computed<()>) {
        let Computed { value: (), queued, took } = figures;
        match what {
            // Nobody waited for it, nor for its turn.
            Work::Preparation => self.0.measure("anoncreds_ahead", took),
            // It is part of a piece of work that has waited already.
            Work::Witness => self.0.measure("anoncreds_crypto", took),
            Work::CredentialRequest | Work::Credential | Work::Proof { .. } => {
                self.0.measure_all(&[("anoncreds_crypto", took), ("anoncreds_queued", queued)]);
            }
        }
    }
}
