//! What can be wrong with invitations.

use crate::aries::didcomm::{Kind, MessageError, did::DidError};

/// Why a text is no invitation.
#[derive(Debug, thiserror::Error)]
pub enum InvitationError {
    /// It is longer than any invitation is.
    #[error("an invitation of {bytes} bytes; they have 1 MiB at most")]
    TooLong {
        /// How long it is.
        bytes: usize,
    },
    /// It is neither a URL, nor JSON, nor a DID.
    #[error(
        "`{text}` is no invitation, which is a URL like https://agent.example.com?oob=eyJAdHlwZSI6…, JSON like {{\"@type\": \"https://didcomm.org/out-of-band/1.1/invitation\", … or a DID like did:web:agent.example.com"
    )]
    Neither {
        /// The text, shortened.
        text: String,
    },
    /// What a URL carries is no base64.
    #[error(
        "`{parameter}=` of the invitation's URL holds no base64, which begins like eyJAdHlwZSI6"
    )]
    NotBase64 {
        /// Which parameter of the query.
        parameter: &'static str,
    },
    /// It is no JSON.
    #[error(
        "the invitation is no JSON object, which begins like {{\"@type\": \"https://didcomm.org/out-of-band/1.1/invitation\", …"
    )]
    NotJson {
        /// What is wrong with it, if it is not JSON of another kind.
        source: Option<serde_json::Error>,
    },
    /// It is no message.
    #[error("the invitation is no message")]
    Message(#[from] MessageError),
    /// It is a message that invites nobody.
    #[error(
        "a {kind} invites nobody; https://didcomm.org/out-of-band/1.1/invitation does, https://didcomm.org/connections/1.0/invitation, and any message with a `~service`"
    )]
    Kind {
        /// What it is.
        kind: Kind,
    },
    /// A field has a value of another type.
    #[error("`{field}` of the invitation is no list, which is written like {example}")]
    NotAList {
        /// Which.
        field: &'static str,
        /// A right one.
        example: &'static str,
    },
    /// There are more than anybody needs.
    #[error("`{field}` of the invitation has more than {max} entries")]
    TooMany {
        /// Of which field.
        field: &'static str,
        /// How many there may be.
        max: usize,
    },
    /// It does not say how to reach whoever invites.
    #[error(
        "the invitation says no way to reach the inviter, such as \"services\": [{{\"id\": \"#inline\", \"type\": \"did-communication\", \"recipientKeys\": [\"did:key:z6Mk…\"], \"serviceEndpoint\": \"https://agent.example.com\"}}]"
    )]
    NoService,
    /// It has services, none of which can be used.
    #[error("the invitation has no service that can be used")]
    Service(#[source] DidError),
    /// It has a service that is neither a service nor a DID.
    #[error(
        "`{text}` is no service of an invitation, which is written like did:sov:WgWxqztrNooG92RXvxSTWv or {{\"type\": \"did-communication\", …"
    )]
    NotAService {
        /// What there is, shortened.
        text: String,
    },
    /// What is attached is neither base64 nor JSON of a message.
    #[error(
        "attachment {number} of the invitation holds no message, such as {{\"@id\": \"request-0\", \"data\": {{\"json\": {{\"@type\": …"
    )]
    Attachment {
        /// Which, counted from 1.
        number: usize,
        /// What is wrong with the message, if there is one.
        source: Option<MessageError>,
    },
    /// There is nothing to answer with.
    #[error(
        "the invitation allows no handshake that is spoken here, such as https://didcomm.org/didexchange/1.1, and has no message attached"
    )]
    NothingToDo,
}
