//! A connection as Akrida hears of it.

use serde_json::{Value, json};

use crate::aries::didcomm::invitation::Invitation;

/// A connection, and how it came about.
pub(super) struct Invited {
    pub(super) id: String,
    pub(super) record: String,
    pub(super) invitation: Invitation,
}

impl Invited {
    /// As Credo writes it, so far as anybody reads it.
    pub(super) fn out_of_band_record(&self) -> Value {
        json!({
            "id": self.record,
            "role": "receiver",
            "state": "done",
            "connectionId": self.id,
            "outOfBandInvitation": { "@id": self.invitation.id, "label": self.invitation.label },
        })
    }

    pub(super) fn with_did(&self, did: Option<&str>) -> Value {
        json!({ "did": did, "connectionId": self.id, "oobRecordId": self.record })
    }
}
