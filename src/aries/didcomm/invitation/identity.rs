//! Whom an address belongs to, as far as it says so itself.

use super::{Invitation, Reach, Written, text::without_secrets};
use crate::aries::didcomm::did::short_form;

/// Who an address (an invitation as a URL or JSON, a short URL, a DID) belongs to, told without any
/// network and the same in every run: the inviter's key as `did:key`, its DID, or else the URL
/// without its user, query and fragment, which may hold secrets.
#[must_use]
pub fn identity(text: &str) -> String {
    match Invitation::read(text) {
        Ok(Written::Did(did)) => short_form(&did).to_owned(),
        Ok(Written::Invitation(invitation)) => inviter(&invitation),
        Ok(Written::Url(_)) | Err(_) => without_secrets(text.trim()),
    }
}

fn inviter(invitation: &Invitation) -> String {
    let named = invitation.services.iter().find_map(|reach| match reach {
        Reach::Did(did) => Some(short_form(did).to_owned()),
        Reach::Service(service) => Some(service.recipients.first()?.did_key()),
    });
    named.unwrap_or_else(|| invitation.id.clone())
}
