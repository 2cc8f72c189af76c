//! Telling of every message: what it cost us, and what it waited for.

use std::{borrow::Cow, time::Duration};

use crate::aries::{compute::Computed, didcomm::Kind};

/// Is told of every message of a holder.
pub trait Observer: Send + Sync {
    /// A message is with the operating system.
    fn sent(&self, kind: &Kind, figures: Sent);

    /// A message was opened, and handed to whoever waited for it.
    fn received(&self, kind: &Kind, figures: Received);

    /// Something came that the holder can make nothing of, or its socket went.
    fn trouble(&self, trouble: &Trouble);

    /// Something became of an exchange of a protocol, such as `issue-credential`; nothing is done about
    /// it unless this is written.
    fn exchange(&self, protocol: &'static str, became: Exchanged) {
        let _ = (protocol, became);
    }

    /// Something was computed for a holder; nothing is done about it unless this is written.
    fn computed(&self, what: Work, figures: Computed<()>) {
        let _ = (what, figures);
    }
}

/// What has become of an exchange, as the holder sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exchanged {
    /// The holder has begun to wait for it, or has begun it itself.
    Started,
    /// It is over, and all that was to come of it is there.
    Finished {
        /// Since it was started.
        took: Duration,
    },
    /// It has come to nothing.
    Failed {
        /// What to count it by, such as `no response`.
        kind: Cow<'static, str>,
    },
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
    /// What the other side says that it took of that, by its own clock (`~timing`, RFC 0032):
    /// received to sent; none if it says more than could be.
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
