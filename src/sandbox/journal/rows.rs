//! What is written to the journal, and what is read from it.

use bytes::Bytes;

use crate::aries::didcomm::{KeyPair, Verkey};

/// A key of the sandbox itself.
pub(in super::super) struct KeyRow {
    pub(in super::super) name: String,
    pub(in super::super) seed: [u8; 32],
}

/// An invitation that may still be answered.
pub(in super::super) struct InvitationRow {
    pub(in super::super) desk: String,
    pub(in super::super) id: String,
    pub(in super::super) seed: [u8; 32],
    /// All else, as JSON.
    pub(in super::super) details: String,
}

/// A connection.
pub(in super::super) struct ConnectionRow {
    pub(in super::super) desk: String,
    pub(in super::super) id: String,
    pub(in super::super) number: i64,
    pub(in super::super) seed: [u8; 32],
    pub(in super::super) mine: Verkey,
    pub(in super::super) theirs: Verkey,
    /// Whether the other side is known to know.
    pub(in super::super) complete: bool,
    /// All else, as JSON.
    pub(in super::super) details: String,
}

/// A key whose messages go to a holder.
pub(in super::super) struct RouteRow {
    pub(in super::super) key: Verkey,
    /// The number of the holder's connection.
    pub(in super::super) holder: i64,
}

/// A message that waits for a holder.
pub(in super::super) struct ParcelRow {
    pub(in super::super) number: i64,
    /// The number of the holder's connection.
    pub(in super::super) holder: i64,
    /// The key that it is for.
    pub(in super::super) to: Verkey,
    pub(in super::super) message: Bytes,
}

/// A revocation registry, secrets and all.
pub(in super::super) struct RegistryRow {
    pub(in super::super) id: String,
    /// Its keys, as JSON.
    pub(in super::super) keys: String,
    pub(in super::super) tails: Bytes,
}

/// A state of a revocation registry.
pub(in super::super) struct ListRow {
    pub(in super::super) registry: String,
    /// In seconds since 1970.
    pub(in super::super) timestamp: u64,
    /// How many bits there are.
    pub(in super::super) length: u32,
    /// Eight indices a byte, the lowest bit first.
    pub(in super::super) bits: Vec<u8>,
    /// All else, as JSON.
    pub(in super::super) head: String,
}

/// A document that others than the sandbox's issuer have published.
pub(in super::super) struct PublishedRow {
    /// What it is, in words.
    pub(in super::super) kind: String,
    pub(in super::super) id: String,
    pub(in super::super) document: Bytes,
}

/// A credential that was issued.
pub(in super::super) struct IssuedRow {
    /// The issuer's exchange.
    pub(in super::super) id: String,
    pub(in super::super) registry: String,
    pub(in super::super) index: u32,
    /// All else, as JSON.
    pub(in super::super) details: String,
}

/// A revocation that was asked for and is not published.
pub(in super::super) struct PendingRow {
    pub(in super::super) registry: String,
    pub(in super::super) index: u32,
    /// Whom to tell of it, as JSON; nobody if there is none.
    pub(in super::super) notice: Option<String>,
}

/// A change to what is kept.
pub(in super::super) enum Write {
    Port(u16),
    Key {
        name: String,
        key: KeyPair,
    },
    Invitation(InvitationRow),
    /// An invitation that nobody can answer any more.
    Spent {
        id: String,
    },
    Connection(ConnectionRow),
    Complete {
        number: i64,
    },
    /// A connection is gone, with its routes and messages.
    Forget {
        number: i64,
    },
    Route(RouteRow),
    Unroute {
        key: Verkey,
    },
    Parcel(ParcelRow),
    Delivered {
        number: i64,
    },
    Registry(RegistryRow),
    Published(PublishedRow),
    /// A list is published; what it revokes is pending no more.
    List(ListRow, Vec<u32>),
    Issued(IssuedRow),
    Pending(PendingRow),
}

/// All that was kept.
#[derive(Default)]
pub(in super::super) struct Kept {
    pub(in super::super) port: Option<u16>,
    pub(in super::super) keys: Vec<KeyRow>,
    pub(in super::super) invitations: Vec<InvitationRow>,
    pub(in super::super) connections: Vec<ConnectionRow>,
    pub(in super::super) routes: Vec<RouteRow>,
    pub(in super::super) parcels: Vec<ParcelRow>,
    pub(in super::super) registries: Vec<RegistryRow>,
    pub(in super::super) lists: Vec<ListRow>,
    pub(in super::super) published: Vec<PublishedRow>,
    pub(in super::super) issued: Vec<IssuedRow>,
    pub(in super::super) pending: Vec<PendingRow>,
}
