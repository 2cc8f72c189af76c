//! Why the registry does not do what it is asked to.

use crate::{
    aries::{anoncreds, ledger::Document},
    quantity::shortened,
    sandbox::{bench, journal::JournalError},
};

/// Why nothing is issued or published.
#[derive(Debug, thiserror::Error)]
pub(in super::super) enum LedgerError {
    #[error(transparent)]
    Credentials(#[from] anoncreds::Error),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error("there are {0} revocation registries already; begin with an empty directory")]
    Full(usize),
    #[error("what is kept of a revocation registry cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("a computation of the sandbox has panicked")]
    Panicked,
}

impl From<bench::Panicked> for LedgerError {
    fn from(_: bench::Panicked) -> Self {
        Self::Panicked
    }
}

/// Why nothing is published for somebody else.
#[derive(Debug, thiserror::Error)]
pub(super) enum WriteError {
    #[error(
        "nobody but the sandbox's issuer publishes here; to let others, start it with \
         `engine sandbox --open-registry`"
    )]
    Closed,
    #[error(
        "this is no id; one has 1 to 1024 bytes and no control characters, such as \
         WgWxqztrNooG92RXvxSTWv%3A2%3Adegree%3A1.0"
    )]
    NoId,
    #[error("cannot publish the {document} `{}`: {reason}; such as {}", shortened(id), example(*document))]
    Unsound { document: Document, id: String, reason: String },
    #[error(
        "another {document} is published as `{}`, and what is published never changes",
        shortened(id)
    )]
    Differs { document: Document, id: String },
    #[error(
        "the revocation registry `{}` is of the sandbox's issuer, who alone publishes its lists",
        shortened(id)
    )]
    Own { id: String },
    #[error(
        "no such revocation registry is published here: `{}`; it comes before its lists",
        shortened(id)
    )]
    NoRegistry { id: String },
    #[error(
        "a list of {newest} is published, and this one is of {timestamp}; leave `timestamp` out, and \
         it is of now"
    )]
    Older { timestamp: u64, newest: u64 },
    #[error(
        "the list is of {timestamp}, and it is {now} now; leave `timestamp` out, and it is of now"
    )]
    Future { timestamp: u64, now: u64 },
    #[error(
        "there is no room for more than {documents} documents or {bytes} bytes; begin with an empty \
         directory"
    )]
    Full { documents: usize, bytes: usize },
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error("a computation of the sandbox has panicked")]
    Panicked,
}

impl From<bench::Panicked> for WriteError {
    fn from(_: bench::Panicked) -> Self {
        Self::Panicked
    }
}

/// A document as it should be, with keys left out.
fn example(document: Document) -> &'static str {
    match document {
        Document::Schema => {
            r#"{"issuerId": "WgWxqztrNooG92RXvxSTWv", "name": "degree", "version": "1.0", "attrNames": ["name", "age"]}"#
        }
        Document::Definition => {
            r#"{"issuerId": "WgWxqztrNooG92RXvxSTWv", "schemaId": "WgWxqztrNooG92RXvxSTWv:2:degree:1.0", "type": "CL", "tag": "default", "value": {"primary": {…}, "revocation": {…}}}"#
        }
        Document::Registry => {
            r#"{"issuerId": "WgWxqztrNooG92RXvxSTWv", "revocDefType": "CL_ACCUM", "tag": "0", "credDefId": "WgWxqztrNooG92RXvxSTWv:3:CL:12:default", "value": {"maxCredNum": 100, "publicKeys": {"accumKey": {"z": "1 …"}}, "tailsHash": "…", "tailsLocation": "http://127.0.0.1:8080/registry/tails/…"}}"#
        }
        Document::Tails => "the file that AnonCreds wrote, at /tails/ and its SHA-256 in base58",
        Document::List => {
            r#"{"issuerId": "WgWxqztrNooG92RXvxSTWv", "revRegDefId": "WgWxqztrNooG92RXvxSTWv:4:WgWxqztrNooG92RXvxSTWv:3:CL:12:default:CL_ACCUM:0", "revocationList": [0, 1], "currentAccumulator": "1 …"}"#
        }
    }
}
