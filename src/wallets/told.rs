//! A holder's messages as the run's measurements.

use crate::{
    aries::{
        compute::Computed,
        didcomm::Kind,
        holder::{Observer, Received, Sent, Trouble, Work},
    },
    journey::Context,
};

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
        let mut all =
            [("didcomm_crypto", crypto), ("didcomm_queued", queued), ("", queued), ("", queued)];
        let mut count = 2;
        let optional = [("didcomm_waiting", waiting), ("didcomm_theirs", theirs)];
        for (name, took) in optional.into_iter().filter_map(|(name, took)| Some((name, took?))) {
            all[count] = (name, took);
            count += 1;
        }
        self.0.measure_all(&all[..count]);
    }

    fn trouble(&self, trouble: &Trouble) {
        tracing::debug!("{}: {}", trouble.kind, trouble.text);
        // A map of a text is JSON.
        let fields = serde_json::json!({ "text": trouble.text });
        let _ = self.0.send(&format!("trouble: {}", trouble.kind), fields);
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
