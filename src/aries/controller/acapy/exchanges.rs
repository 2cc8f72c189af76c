//! How an agent has credentials issued, revoked and presented.

use super::super::error::ControllerError;

/// Where the record of an exchange has its thread.
pub(in super::super) const THREAD: &str = "/thread_id";
/// What is said of a record that was removed.
const GONE: &str = "Record not found";

/// How an agent has credentials issued, revoked and presented.
#[derive(Clone)]
pub(in super::super) struct Exchanges {
    pub(in super::super) protocol: Protocol,
    pub(in super::super) wallet: Wallet,
    pub(in super::super) format: Format,
    /// By which version of RFC 0183 or 0721 the holder is told of a revocation.
    pub(in super::super) notify: Option<Protocol>,
    pub(in super::super) publish: Publish,
    /// Whether a record goes when its exchange is over.
    pub(in super::super) auto_remove: bool,
}

/// The version of a protocol.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Protocol {
    V1,
    V2,
}

/// ACA-Py's `--wallet-type`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Wallet {
    Anoncreds,
    Askar,
}

/// What a credential or a proof is asked for as.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Format {
    Anoncreds,
    Indy,
}

/// When revocations are published.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Publish {
    AtOnce,
    Batch,
}

impl Format {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Anoncreds => "anoncreds",
            Self::Indy => "indy",
        }
    }
}

impl Exchanges {
    /// Whether a record is gone because its exchange is over.
    pub(in super::super) fn is_over(&self, refusal: &ControllerError) -> bool {
        self.auto_remove
            && matches!(refusal, ControllerError::Status { status: 404, body, .. } if body.contains(GONE))
    }

    /// Adds to a refusal which setting is wrong, if one is.
    pub(in super::super) fn advise(&self, mut refusal: ControllerError) -> ControllerError {
        if let ControllerError::Status { status, asked, body } = &mut refusal
            && let Some(advice) = self.advice(*status, &asked.path, body)
        {
            body.push_str("; set ");
            body.push_str(advice);
        }
        refusal
    }

    fn advice(&self, status: u16, path: &str, body: &str) -> Option<&'static str> {
        let says = |words: &str| body.contains(words);
        let goes = |part: &str| path.contains(part);
        match status {
            // 0.12 does not know `anoncreds`; later ones with such a wallet do not take `indy`.
            422 if says("FilterSchema requires") || says("RequestByFormatSchema requires") => {
                Some("format = \"indy\"")
            }
            // Version 1.0 does not know the definitions of the other kind of wallet.
            400 if goes("/issue-credential/") && says("no operable cred def") => {
                (self.wallet == Wallet::Anoncreds).then_some("protocol = \"2.0\"")
            }
            400 if says("use the anoncreds format") => Some("format = \"anoncreds\""),
            // Tenants are told 403; who has but one wallet does not offer the paths of the other.
            403 if says("anoncreds profile") || says("AnonCreds interface") => {
                Some(self.other_wallet())
            }
            404 if goes("/records/") && says(GONE) => {
                self.auto_remove.then_some("auto_remove = false")
            }
            404 if goes("/revocation/") || goes("/credential-definitions") => {
                Some(self.other_wallet())
            }
            404 if goes("/issue-credential/") || goes("/present-proof/") => {
                Some("protocol = \"2.0\"")
            }
            _ => None,
        }
    }

    fn other_wallet(&self) -> &'static str {
        match self.wallet {
            Wallet::Anoncreds => "wallet_type = \"askar\"",
            Wallet::Askar => "wallet_type = \"askar-anoncreds\"",
        }
    }
}
