//! DID documents, of the `IndyAgent` shape and of DID Core.

use serde_json::{Map, Value};

use super::{
    DidError,
    keys::Keys,
    service::{Reader, Service, best},
};
use crate::aries::didcomm::Verkey;

/// Most services of a document, those for other protocols among them.
const SERVICES_MAX: usize = 32;

/// What a DID stands for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DidDoc {
    /// The DID, as the document says it.
    pub did: String,
    /// Keys that speak for it.
    pub keys: Vec<Verkey>,
    /// Ways to reach it, the best first.
    pub services: Vec<Service>,
}

impl DidDoc {
    /// Reads a DID document of any of the shapes that agents send.
    ///
    /// Keys and services that are of no use for DIDComm v1 are passed over, and so are broken ones
    /// while there is one that is not.
    ///
    /// # Errors
    /// It is none, or has services for DIDComm v1 of which none can be used.
    pub fn from_value(document: &Value) -> Result<Self, DidError> {
        let fields = document.as_object().ok_or(DidError::NoDocument)?;
        let did = fields.get("id").and_then(Value::as_str).filter(|it| !it.is_empty());
        Self::of(did.ok_or(DidError::NoDocument)?, fields)
    }

    /// Reads the document of a DID, whatever it says itself about whose it is.
    pub(super) fn of(did: &str, document: &Map<String, Value>) -> Result<Self, DidError> {
        let reader = Reader { keys: Keys::of(did, document)? };
        let written = document.get("service").and_then(Value::as_array).map_or(&[][..], |it| it);
        if written.len() > SERVICES_MAX {
            return Err(DidError::too_many(did, "services", SERVICES_MAX));
        }
        let (mut services, mut broken) = (Vec::new(), None);
        for service in written.iter().filter_map(Value::as_object) {
            match reader.read(service) {
                Ok(found) => services.extend(found),
                Err(error) => broken = broken.or(Some(error)),
            }
        }
        match broken {
            Some(error) if services.is_empty() => return Err(error),
            Some(_) | None => {}
        }
        services.sort_by_key(|service| service.priority);
        Ok(Self { did: did.to_owned(), keys: reader.keys.all(), services })
    }

    /// The best service whose endpoint has one of these schemes, the first scheme that any has.
    #[must_use]
    pub fn service(&self, schemes: &[&str]) -> Option<&Service> {
        best(&self.services.iter(), schemes)
    }
}
