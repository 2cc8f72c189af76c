//! What an issuer is to do about a credential.

/// A credential that an issuer shall offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialOrder {
    /// The credential definition that it is of.
    pub cred_def_id: String,
    /// What it says: values by names.
    pub attributes: Vec<(String, String)>,
    /// What is said with the offer; may be empty. ACA-Py keeps that of 2.0 to itself.
    pub comment: String,
}

/// A credential that an issuer shall revoke, by its exchange or by its place in a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// The exchange by which it was issued, as the issuer knows it; it goes before the place.
    pub exchange_id: Option<String>,
    /// The revocation registry and the index in it.
    pub place: Option<(String, u32)>,
    /// The connection on which the holder is told.
    pub connection_id: String,
    /// The thread that the holder is told to be about, instead of the one that is made of the place
    /// (RFC 0183).
    pub thread_id: Option<String>,
    /// What the holder is told with it; may be empty.
    pub comment: String,
}
