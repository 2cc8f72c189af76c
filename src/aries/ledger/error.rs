//! Why something that was published cannot be had.

use std::{borrow::Cow, fmt, io, path::PathBuf, sync::Arc};

use crate::{
    aries::{anoncreds, transport::HttpFailure},
    quantity::shortened,
};

/// Why something published cannot be had.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LedgerError {
    /// No answer came.
    #[error("{asked}: {failure}")]
    Unreached {
        /// What was asked for.
        asked: Asked,
        /// Why none came.
        failure: HttpFailure,
    },
    /// The answer is a refusal.
    #[error("{asked}: status {status}{body}")]
    Status {
        /// What was asked for.
        asked: Asked,
        /// The status of the answer.
        status: u16,
        /// The beginning of the answer after a colon, without secrets; may be empty.
        body: String,
    },
    /// It is not there.
    #[error("{asked}: it is not published there")]
    Unpublished {
        /// What was asked for.
        asked: Asked,
    },
    /// It is longer than it should be.
    #[error("{asked}: longer than {max} bytes")]
    TooLong {
        /// What was asked for.
        asked: Asked,
        /// Bytes that it may have.
        max: usize,
    },
    /// It is something else than was asked for, or nothing at all.
    #[error("{asked}: {reason}")]
    Unsound {
        /// What was asked for.
        asked: Asked,
        /// What is wrong with it.
        reason: String,
    },
    /// Its keys or its tails are none.
    #[error("{asked}: it cannot be used")]
    Unusable {
        /// What was asked for.
        asked: Asked,
        /// What is wrong with it.
        source: Arc<anoncreds::Error>,
    },
    /// A file cannot be read.
    #[error("cannot read {}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: Arc<io::Error>,
    },
    /// The file of published documents is none.
    #[error("{} is no file of published documents: {reason}", path.display())]
    NoBook {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// More documents have been asked for than are kept.
    #[error("{asked}: no more than {max} {what} are kept in one run")]
    Full {
        /// What was asked for.
        asked: Asked,
        /// How many are kept.
        max: usize,
        /// What is counted.
        what: &'static str,
    },
}

/// What was asked for, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What it is.
    pub document: Document,
    /// Its id.
    pub id: String,
    /// Where it was asked for, without secrets.
    pub place: Arc<str>,
}

/// What can be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Document {
    /// The attributes of credentials.
    Schema,
    /// The keys that credentials are signed with.
    Definition,
    /// Where credentials are revoked.
    Registry,
    /// The numbers that a registry's witnesses are made of.
    Tails,
    /// Which credentials of a registry are revoked at a time.
    List,
}

impl LedgerError {
    /// What to count it by: `status 500`, `schema not published`, `connection refused`.
    #[must_use]
    pub fn kind(&self) -> Cow<'static, str> {
        match self {
            Self::Unreached { failure, .. } => failure.kind.clone(),
            Self::Status { status, .. } => format!("status {status}").into(),
            Self::Unpublished { asked } => format!("{} not published", asked.document).into(),
            Self::TooLong { asked, .. } => format!("{} too long", asked.document).into(),
            Self::Unsound { asked, .. } | Self::Unusable { asked, .. } => {
                format!("{} not sound", asked.document).into()
            }
            Self::File { .. } | Self::NoBook { .. } => "file not readable".into(),
            Self::Full { .. } => "too many documents".into(),
        }
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} `{}` at {}", self.document, shortened(&self.id), self.place)
    }
}

impl fmt::Display for Document {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Schema => "schema",
            Self::Definition => "credential definition",
            Self::Registry => "revocation registry",
            Self::Tails => "tails file",
            Self::List => "revocation status list",
        })
    }
}
