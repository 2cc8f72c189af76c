//! Telling of every message: what it cost us, and what it waited for.

use std::time::Duration;

use crate::aries::{compute::Computed, didcomm::Kind};

/// Is told of every message of a holder.
pub trait Observer: Send + Sync {
    /// A message is with the operating system.
    fn sent(&self, kind: &Kind, figures: Sent);

    /// A message was opened, and handed to whoever waited for it.
    fn received(&self, kind: &Kind, figures: Received);

    /// Something came that the holder can make nothing of, or its socket went.
    fn trouble(&self, trouble: &Trouble);

    /// Something was computed for a holder; nothing is done about it unless this is written.
    fn computed(&self, what: Work, figures: Computed<()>) {
        let _ = (what, figures);
    }
}

/// What is computed for holders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Work {
    /// The answer to an offer.
    CredentialRequest,
    /// Whether a credential is what was asked for.
    Credential,
    /// The witness of a credential's not being revoked, made or brought up to date.
    Witness,
    /// A presentation.
    Proof {
        /// Whether only its nonce was lacking.
        prepared: bool,
    },
    /// A presentation without its nonce, ahead of time.
    Preparation,
}

/// What a message cost that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sent {
    /// Packing it.
    pub crypto: Duration,
    /// From packed to written: our own queueing and the operating system's; none where an HTTP
    /// client tells of its requests itself.
    pub sending: Duration,
    /// Its size on the wire.
    pub bytes: usize,
}

/// What a message cost that was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Received {
    /// Opening it.
    pub crypto: Duration,
    /// From opened, or asked for where that was later, to handed over: our own queueing.
    pub queued: Duration,
    /// From the question's last byte written, or its HTTP request begun, to this answer's arrival;
    /// none for what nobody asked for.
    pub waiting: Option<Duration>,
    /// What the other side says that it took of that (`~timing`, RFC 0032): received to sent.
    pub theirs: Option<Duration>,
    /// Its size on the wire.
    pub bytes: usize,
}

/// What a holder can make nothing of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What to count it by, such as `out of turn`.
    pub kind: &'static str,
    /// What a person reads.
    pub text: String,
}
