//! Connections as the admin API shows them.

use serde_json::{Value, json};

use crate::sandbox::desk::{Connection, Details, Invitation};

/// Where a connection stands, in the words of RFC 0160 and RFC 0023.
struct State {
    state: &'static str,
    rfc23: &'static str,
}

/// The record of a connection.
pub(super) fn of_connection(connection: &Connection) -> Value {
    let Details { protocol, my_did, their_did, their_label, alias, .. } = &connection.details;
    let Details { invitation, invitation_key, request, created_at, .. } = &connection.details;
    let State { state, rfc23 } = standing(connection);
    json!({
        "connection_id": connection.id,
        "state": state,
        "rfc23_state": rfc23,
        "their_role": "invitee",
        "connection_protocol": protocol,
        "my_did": my_did,
        "their_did": their_did,
        "their_label": their_label,
        "alias": alias,
        "invitation_msg_id": invitation,
        "invitation_key": invitation_key,
        "request_id": request,
        "accept": "auto",
        "invitation_mode": "once",
        "routing_state": "none",
        "created_at": created_at,
        "updated_at": created_at,
    })
}

/// The record of a connection as it was when it was asked for.
pub(super) fn of_request(connection: &Connection) -> Value {
    let mut record = of_connection(connection);
    record["state"] = json!("request");
    record["rfc23_state"] = json!("request-received");
    record
}

/// The record of a connection that nobody has asked for yet; one for many has none.
pub(super) fn of_invitation(invitation: &Invitation) -> Option<Value> {
    let (_, connection_id) = invitation.details.becomes.as_ref()?;
    let protocol = invitation.details.handshakes.first();
    Some(json!({
        "connection_id": connection_id,
        "state": "invitation",
        "rfc23_state": "invitation-sent",
        "their_role": "invitee",
        "connection_protocol": protocol.map(|it| it.trim_start_matches("https://didcomm.org/")),
        "alias": invitation.details.alias,
        "invitation_msg_id": invitation.id,
        "invitation_key": invitation.key.verkey().to_string(),
        "accept": "auto",
        "invitation_mode": "once",
        "routing_state": "none",
        "created_at": invitation.details.created_at,
        "updated_at": invitation.details.created_at,
    }))
}

fn standing(connection: &Connection) -> State {
    if !connection.is_complete() {
        State { state: "response", rfc23: "response-sent" }
    } else if connection.details.protocol.starts_with("connections/") {
        State { state: "active", rfc23: "completed" }
    } else {
        State { state: "completed", rfc23: "completed" }
    }
}
