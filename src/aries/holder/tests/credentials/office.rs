//! A fake of whoever issues and verifies, and of where it publishes.

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use serde_json::{Value, json};

use crate::aries::{
    anoncreds::{
        Credential, CredentialOffer, Issuer, Nonce, Place, PresentationRequest, Published,
        Registry, RegistryIssuer, Rejection, RevocationStatusList,
    },
    didcomm::Message,
    protocol::{
        Format,
        issue_credential::{self, Attribute, Offer},
        present_proof::{Request, Verdict, Verifier},
        revocation::{Revocable, Revoked},
    },
    transport::Answer,
};

/// Where it publishes.
pub(in crate::aries::holder::tests) const REGISTRY: &str = "http://registry";
/// When nothing was revoked yet, in seconds since the epoch.
pub(super) const BEGINNING: u64 = 1_000;
const REGISTRY_ID: &str = "registry/1";
const KEYS: &str = include_str!("../../../../sandbox/test_issuer_keys.json");

/// What all offices share, because it takes a while to make.
static SHARED: LazyLock<Shared> = LazyLock::new(|| {
    let issuer = Issuer::from_json(KEYS).unwrap();
    let location = |hash: &str| format!("{REGISTRY}/tails/{hash}");
    let (registrar, tails) =
        RegistryIssuer::create(&issuer, REGISTRY_ID, "1", 32, location).unwrap();
    let registry = Registry::new(REGISTRY_ID, registrar.published(), &tails).unwrap();
    Shared { issuer, registrar, registry, tails }
});

struct Shared {
    issuer: Issuer,
    registrar: RegistryIssuer,
    registry: Registry,
    tails: Vec<u8>,
}

/// What the office does to credentials that it issues.
pub(super) type Forging = fn(&mut Credential);

/// Issues and verifies.
pub(in crate::aries::holder::tests) struct Office {
    lists: Vec<RevocationStatusList>,
    /// The index of the next credential.
    next: u32,
    offered: HashMap<String, Offered>,
    asked: HashMap<String, (Verifier, PresentationRequest)>,
    /// Threads of credentials that their holders have acked.
    pub(super) acked: Vec<String>,
    /// What it was presented, in order.
    pub(super) presented: Vec<(PresentationRequest, Value)>,
    pub(super) forging: Option<Forging>,
    /// Whether acks of presentations say what was found.
    pub(super) is_frank: bool,
    /// What it offers and asks for when something is proposed.
    pub(super) format: Format,
}

struct Offered {
    exchange: issue_credential::Issuer,
    offer: CredentialOffer,
    index: u32,
}

impl Office {
    pub(super) fn new() -> Self {
        Self {
            lists: vec![SHARED.registrar.first_list(BEGINNING)],
            next: 1,
            offered: HashMap::new(),
            asked: HashMap::new(),
            acked: Vec::new(),
            presented: Vec::new(),
            forging: None,
            is_frank: false,
            format: Format::AnonCreds,
        }
    }

    pub(super) fn definition_id() -> &'static str {
        SHARED.issuer.definition().id()
    }

    /// Offers a credential.
    pub(super) fn offer(&mut self, format: Format) -> Message {
        let (offer, written) = Self::write_offer(format);
        let (exchange, message) = issue_credential::Issuer::offer(&written);
        self.note(exchange, offer);
        message
    }

    fn write_offer(format: Format) -> (CredentialOffer, Offer) {
        let offer = SHARED.issuer.offer().unwrap();
        let payload = serde_json::to_vec(&offer).unwrap();
        let preview = person().into_iter().map(|(name, value)| Attribute::new(name, value));
        (offer, Offer { format, payload, preview: preview.collect() })
    }

    fn note(&mut self, exchange: issue_credential::Issuer, offer: CredentialOffer) {
        let index = self.next;
        self.next += 1;
        let thread = exchange.thread_id().to_owned();
        self.offered.insert(thread, Offered { exchange, offer, index });
    }

    /// Asks for a proof.
    pub(super) fn ask(&mut self, format: Format, request: PresentationRequest) -> Message {
        let payload = serde_json::to_vec(&request).unwrap();
        let (verifier, message) =
            Verifier::request(&Request { format, payload, will_confirm: true });
        self.asked.insert(verifier.thread_id().to_owned(), (verifier, request));
        message
    }

    /// Revokes a credential, in a list of this time.
    pub(super) fn revoke(&mut self, index: u32, time: u64) -> Revoked {
        let newest = self.lists.last().unwrap();
        let list = SHARED.registrar.revoke(&SHARED.registry, newest, &[index], time).unwrap();
        self.lists.push(list);
        let by = Revocable::Credential { registry: REGISTRY_ID.to_owned(), index };
        Revoked { by, comment: String::new() }
    }

    /// What it says to a message of its protocols.
    pub(in crate::aries::holder::tests) fn answer(&mut self, asked: &Message) -> Option<Message> {
        let thread = asked.thread_id().to_owned();
        let name = &*asked.kind.name;
        match (&*asked.kind.protocol, name) {
            ("issue-credential", "propose-credential") => {
                let (mut exchange, _) = issue_credential::Issuer::proposed(asked).unwrap();
                let (offer, written) = Self::write_offer(self.format);
                let message = exchange.answer(written).unwrap();
                self.note(exchange, offer);
                Some(message)
            }
            ("issue-credential", "request-credential") => self.issue(asked),
            ("issue-credential", "ack") => {
                let offered = self.offered.get_mut(&thread)?;
                offered.exchange.acked(asked).ok()?;
                self.acked.push(thread);
                None
            }
            ("present-proof", "propose-presentation") => {
                let (mut verifier, proposal) = Verifier::proposed(asked).unwrap();
                let request: PresentationRequest =
                    serde_json::from_value(proposal.payload).unwrap();
                let payload = serde_json::to_vec(&request).unwrap();
                let format = proposal.format;
                let message =
                    verifier.answer(Request { format, payload, will_confirm: true }).unwrap();
                self.asked.insert(thread, (verifier, request));
                Some(message)
            }
            ("present-proof", "presentation") => self.confirm(asked),
            _ => None,
        }
    }

    /// Refuses what comes out of turn, as ACA-Py does: without a word.
    fn issue(&mut self, asked: &Message) -> Option<Message> {
        let forging = self.forging;
        let list = self.lists.last().unwrap();
        let Offered { exchange, offer, index } = self.offered.get_mut(asked.thread_id())?;
        let request = exchange.requested(asked).ok()?;
        let request = serde_json::from_slice(&request).unwrap();
        let Shared { issuer, registrar, registry, .. } = &*SHARED;
        let place = Place { issuer: registrar, registry, list, index: *index };
        let mut credential = issuer.issue(offer, &request, &person(), Some(place)).unwrap();
        if let Some(forge) = forging {
            forge(&mut credential);
        }
        Some(exchange.issue(&serde_json::to_vec(&credential).unwrap()).unwrap())
    }

    fn confirm(&mut self, asked: &Message) -> Option<Message> {
        let (verifier, request) = self.asked.get_mut(asked.thread_id())?;
        let presentation = verifier.presented(asked).ok()?;
        self.presented.push((request.clone(), serde_json::from_slice(&presentation).unwrap()));
        let verdict = match self.is_frank.then(|| self.found()) {
            Some(Ok(())) => Some(Verdict::Verified),
            Some(Err(_)) => Some(Verdict::NotVerified),
            None => None,
        };
        let (verifier, _) = self.asked.get_mut(asked.thread_id())?;
        Some(verifier.confirm(verdict).unwrap())
    }

    /// What it finds of the last presentation.
    pub(super) fn found(&self) -> Result<(), Rejection> {
        let published = Published {
            definitions: vec![SHARED.issuer.definition().clone()],
            registries: [(REGISTRY_ID.to_owned(), SHARED.registrar.published().clone())].into(),
            lists: self.lists.clone(),
        };
        let (request, presentation) = self.presented.last().unwrap();
        let presentation = serde_json::from_value(presentation.clone()).unwrap();
        published.verify(request, &presentation)
    }

    /// What is published.
    pub(in crate::aries::holder::tests) fn get(&self, url: &str) -> Answer {
        let Shared { issuer, registrar, tails, .. } = &*SHARED;
        let path = url.strip_prefix(REGISTRY).unwrap();
        let (path, to) = path.split_once("?to=").unwrap_or((path, "18446744073709551615"));
        let to: u64 = to.parse().unwrap();
        let body = if path.starts_with("/schemas/") {
            serde_json::to_vec(issuer.definition().schema())
        } else if path.starts_with("/credential-definitions/") {
            serde_json::to_vec(issuer.published())
        } else if path.starts_with("/revocation-registries/") {
            serde_json::to_vec(registrar.published())
        } else if path.starts_with("/status-lists/") {
            let newest = self.lists.iter().rfind(|it| it.timestamp.unwrap() <= to);
            serde_json::to_vec(newest.unwrap_or(&self.lists[0]))
        } else {
            Ok(tails.clone())
        };
        Answer { status: 200, location: None, body: body.unwrap().into() }
    }
}

/// What credentials say.
pub(super) fn person() -> BTreeMap<String, String> {
    let values = [
        ("name", "Smith"),
        ("given_names", "Alice"),
        ("birthdate_dateint", "19900101"),
        ("score", "42"),
        ("expiry", "20300101"),
        ("occupation", "engineer"),
    ];
    values.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// What is asked.
#[derive(Clone, Copy)]
pub(super) enum Asked {
    /// An attribute's value.
    Shown(&'static str),
    /// The name, and whether the score is so high.
    Score(i32),
}

impl From<&'static str> for Asked {
    fn from(name: &'static str) -> Self {
        Self::Shown(name)
    }
}

impl From<i32> for Asked {
    fn from(score: i32) -> Self {
        Self::Score(score)
    }
}

/// Asks something, and that nothing was revoked in a time.
pub(super) fn request(asked: impl Into<Asked>, non_revoked: &Value) -> PresentationRequest {
    let restrictions = json!([{ "cred_def_id": Office::definition_id() }]);
    let (name, predicates) = match asked.into() {
        Asked::Shown(name) => (name, json!({})),
        Asked::Score(score) => {
            ("name", json!({ "good": { "name": "score", "p_type": ">=", "p_value": score } }))
        }
    };
    serde_json::from_value(json!({
        "nonce": Nonce::random().unwrap(),
        "name": "proof",
        "version": "1.0",
        "requested_attributes": { "what": { "name": name, "restrictions": restrictions } },
        "requested_predicates": predicates,
        "non_revoked": non_revoked,
    }))
    .unwrap()
}
