//! Out-of-band reuse (RFC 0434): an invitation by somebody whom we know already.

use serde_json::json;

use super::{
    ProtocolError,
    turn::{due, wrong},
};
use crate::aries::didcomm::{Kind, Message};

/// Says that the invited side goes on with a connection that there is.
pub const REUSE: Kind = Kind::new("out-of-band", 1, 1, "handshake-reuse");
/// Agrees to that.
pub const REUSE_ACCEPTED: Kind = Kind::new("out-of-band", 1, 1, "handshake-reuse-accepted");
/// Does not; [`notification::problem`](super::notification::problem) reads it.
pub const PROBLEM_REPORT: Kind = Kind::new("out-of-band", 1, 1, "problem-report");

/// Asks the inviter to go on with the connection that this message is sent over.
#[must_use]
pub fn reuse(invitation_id: &str) -> Message {
    let message = Message::new(REUSE).with_parent(invitation_id);
    let id = message.id.clone();
    message.on_thread(id)
}

/// Takes the inviter's answer to `reuse`.
///
/// # Errors
/// A problem report, another message, or an answer to something else.
pub fn reuse_accepted(answer: &Message, reuse: &Message) -> Result<(), ProtocolError> {
    due(answer, &REUSE_ACCEPTED, "handshake-reuse-accepted")?;
    if answer.thread_id() != reuse.id {
        return Err(wrong(answer, "is on the thread of another message"));
    }
    if answer.thread.pthid.is_some() && answer.thread.pthid != reuse.thread.pthid {
        return Err(wrong(answer, "is about another invitation"));
    }
    Ok(())
}

/// The inviter's answer to a reuse; which invitation it is about is its `thread.pthid`.
///
/// # Errors
/// It is another message, or one that names no invitation.
pub fn accept_reuse(reuse: &Message) -> Result<Message, ProtocolError> {
    on_thread_of(reuse, REUSE_ACCEPTED)
}

/// The inviter's refusal of a reuse: it does not know the connection any more.
///
/// # Errors
/// As for [`accept_reuse`].
pub fn refuse_reuse(reuse: &Message) -> Result<Message, ProtocolError> {
    let description = json!({
        "code": "existing_connection_not_active",
        "en": "the connection to be reused is not active",
    });
    Ok(on_thread_of(reuse, PROBLEM_REPORT)?.with("description", description))
}

fn on_thread_of(reuse: &Message, kind: Kind) -> Result<Message, ProtocolError> {
    due(reuse, &REUSE, "handshake-reuse")?;
    match &reuse.thread.pthid {
        Some(invitation) => Ok(Message::answer(kind, reuse).with_parent(invitation)),
        None => Err(wrong(reuse, "names no invitation in `~thread.pthid`")),
    }
}
