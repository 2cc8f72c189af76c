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
}
