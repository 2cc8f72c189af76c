//! What can be wrong with an attachment.

/// Why something attached cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AttachmentError {
    /// It is no JSON object.
    #[error(
        "the attachment is no JSON object, which is written like {{\"data\": {{\"base64\": \"…\"}}}}"
    )]
    NotAnObject,
    /// It has neither base64 nor JSON, only links perhaps.
    #[error("the attachment's `data` has neither `base64` nor `json`; links are not followed")]
    NoContent,
    /// Its base64 is none.
    #[error("the attachment's `data/base64` is not base64")]
    NotBase64,
    /// What it holds is no JSON.
    #[error("what is attached is no JSON")]
    NotJson(#[source] serde_json::Error),
    /// A field is no text.
    #[error("the attachment's `{field}` is no text")]
    NotAText {
        /// Which.
        field: &'static str,
    },
    /// A field is longer than what is read.
    #[error("the attachment's `{field}` is longer than {max} bytes")]
    TooLong {
        /// Which.
        field: &'static str,
        /// The most that is read, in bytes.
        max: usize,
    },
}
