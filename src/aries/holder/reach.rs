//! Where somebody is written to: what invitations, documents and DIDs come to.

use super::{HolderError, inner::Inner, wallet::Target};
use crate::{
    aries::{
        didcomm::{
            did::{self, DidDoc, Service},
            invitation::{Invitation, Reach},
        },
        protocol::mediation::Granted,
    },
    quantity::shortened,
};

/// Where somebody says to be who is reached by return route alone (RFC 0092).
const NOWHERE: &str = "didcomm:transport/queue";
/// How somebody can be reached, the best first.
const SCHEMES: [&str; 4] = ["https", "http", "wss", "ws"];
impl Inner {
    /// Where others write to the holder.
    pub(super) fn way_in(&self) -> Granted {
        let mediator = self.state().wallet.mediator.clone();
        let endpoint = self.agency.settings.endpoint.as_deref().unwrap_or(NOWHERE);
        let own = || Granted { endpoint: endpoint.to_owned(), routing: Vec::new() };
        mediator.map_or_else(own, |it| it.granted.clone())
    }

    pub(super) async fn resolve(&self, did: &str) -> Result<DidDoc, HolderError> {
        if let Some(document) = did::read(did)? {
            return Ok(document);
        }
        let unresolved = |why: String| HolderError::Unresolved { did: shortened(did), why };
        let Some(resolver) = &self.agency.resolver else {
            return Err(unresolved("no resolver is configured".into()));
        };
        resolver.resolve(did).await.map_err(|error| unresolved(error.to_string()))
    }

    /// All that the invitation's services come to, DIDs resolved.
    pub(super) async fn services(
        &self,
        invitation: &Invitation,
    ) -> Result<Vec<Service>, HolderError> {
        let mut services = Vec::new();
        for reach in &invitation.services {
            match reach {
                Reach::Service(service) => services.push(service.clone()),
                Reach::Did(did) => services.extend(self.resolve(did).await?.services),
            }
        }
        for service in &mut services {
            if service.endpoint.starts_with("did:") {
                let mediator = self.resolve(&service.endpoint).await?;
                let via =
                    mediator.service(&SCHEMES).ok_or_else(|| no_endpoint(&service.endpoint))?;
                service.routing.extend(via.recipients.first());
                service.routing.extend(&via.routing);
                service.endpoint.clone_from(&via.endpoint);
            }
        }
        Ok(services)
    }
}

pub(super) fn service<'a>(services: &'a [Service], schemes: &[&str]) -> Option<&'a Service> {
    let of = |scheme: &&str| services.iter().find(|it| it.has_scheme(scheme));
    schemes.iter().find_map(of)
}

pub(super) fn target(services: &[Service]) -> Option<Target> {
    let service = service(services, &SCHEMES)?;
    Some(Target {
        recipient: *service.recipients.first()?,
        routing: service.routing.clone(),
        endpoint: service.endpoint.clone(),
    })
}

pub(super) fn socket(services: &[Service]) -> Option<String> {
    service(services, &["wss", "ws"]).map(|it| it.endpoint.clone())
}

pub(super) fn no_endpoint(whose: &str) -> HolderError {
    HolderError::NoEndpoint { whose: shortened(whose) }
}
