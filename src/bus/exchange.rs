//! What becomes of an exchange of a protocol, as one of its sides sees it.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use super::nanos;

/// What has become of an exchange.
///
/// What has [`Started`](Self::Started) is pending until it has finished, failed or is lost from sight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It began.
    Started,
    /// It came from one state to the next.
    Step {
        /// The one.
        from: Arc<str>,
        /// The next.
        to: Arc<str>,
        /// What lay between.
        #[serde(with = "nanos")]
        took: Duration,
    },
    /// It came to its end.
    Finished {
        /// From its beginning.
        #[serde(with = "nanos")]
        took: Duration,
        /// What a verifier found.
        verified: Option<bool>,
    },
    /// It will come to no end.
    Failed {
        /// What to count it by.
        why: Arc<str>,
    },
    /// It was under way while its side was not heard, and of what became of it nothing was heard since.
    Lost,
    /// There was no room to follow it; nothing else is told of it.
    Unfollowed,
}
