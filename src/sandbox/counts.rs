//! What the Aries half has seen and done, for whoever asks.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

/// A number that anybody may change and read at any time.
#[derive(Default)]
pub(super) struct Count(AtomicU64);

impl Count {
    pub(super) fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    pub(super) fn one(&self) {
        self.add(1);
    }

    pub(super) fn less(&self, fewer: u64) {
        self.0.fetch_sub(fewer, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Since the start of the sandbox, but for those that say "now".
#[derive(Default)]
pub(super) struct Counts {
    /// Handshakes begun and answered.
    pub(super) connections: Count,
    /// Envelopes that arrived.
    pub(super) messages_in: Count,
    /// Messages that were packed for somebody.
    pub(super) messages_out: Count,
    pub(super) pings: Count,
    pub(super) basic_messages: Count,
    /// Messages that the mediator took for its holders.
    pub(super) forwards: Count,
    /// Messages that wait for a holder, now.
    pub(super) queued: Count,
    /// Bytes of them, now.
    pub(super) queued_bytes: Count,
    /// Messages that no queue had room for.
    pub(super) overflowed: Count,
    /// Sockets that are open, now.
    pub(super) sockets: Count,
    /// Sockets that were closed because their reader was slow.
    pub(super) sockets_dropped: Count,
    /// Messages lost on purpose.
    pub(super) lost: Count,
    /// Messages that could not be delivered to an endpoint.
    pub(super) undelivered: Count,
    /// Requests that were no message for us.
    pub(super) refused: Count,
    /// Credentials offered.
    pub(super) offers: Count,
    pub(super) credentials_issued: Count,
    /// Credentials that a published list revokes.
    pub(super) revocations: Count,
    /// Lists published after the first of each registry.
    pub(super) lists_published: Count,
    /// Presentations that could be read.
    pub(super) presentations: Count,
    pub(super) verified_true: Count,
    pub(super) verified_false: Count,
    pub(super) reads: Reads,
}

/// How often what is published was read, by kind.
#[derive(Default)]
pub(super) struct Reads {
    pub(super) schemas: Count,
    /// Credential definitions.
    pub(super) definitions: Count,
    /// Revocation registry definitions.
    pub(super) registries: Count,
    pub(super) lists: Count,
    pub(super) tails: Count,
}

impl Counts {
    pub(super) fn to_value(&self) -> Value {
        json!({
            "connections": self.connections.read(),
            "messages_in": self.messages_in.read(),
            "messages_out": self.messages_out.read(),
            "pings": self.pings.read(),
            "basic_messages": self.basic_messages.read(),
            "forwards": self.forwards.read(),
            "queued": self.queued.read(),
            "queued_bytes": self.queued_bytes.read(),
            "overflowed": self.overflowed.read(),
            "sockets": self.sockets.read(),
            "sockets_dropped": self.sockets_dropped.read(),
            "lost": self.lost.read(),
            "undelivered": self.undelivered.read(),
            "refused": self.refused.read(),
            "offers": self.offers.read(),
            "credentials_issued": self.credentials_issued.read(),
            "revocations": self.revocations.read(),
            "lists_published": self.lists_published.read(),
            "presentations": self.presentations.read(),
            "verified_true": self.verified_true.read(),
            "verified_false": self.verified_false.read(),
            "registry_schemas_read": self.reads.schemas.read(),
            "registry_definitions_read": self.reads.definitions.read(),
            "registry_registries_read": self.reads.registries.read(),
            "registry_lists_read": self.reads.lists.read(),
            "registry_tails_read": self.reads.tails.read(),
        })
    }
}
