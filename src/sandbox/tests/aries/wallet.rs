//! The least wallet that a test needs: it asks for a credential and presents it.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    agent::{id, invite},
    holder::{Holder, Manner, open},
};
use crate::{
    aries::{
        anoncreds::{
            Choice, Credential, Definition, Held, LinkSecret, Prepared, PresentationRequest,
            Registry, RevocationRegistryDefinition, RevocationStatusList,
        },
        didcomm::{
            KeyPair, Message, Verkey,
            envelope::Channel,
            invitation::{Invitation, Reach},
        },
        protocol::{issue_credential, present_proof, trust_ping},
    },
    sandbox::{
        registry,
        tests::client::{Answer, Client},
    },
};

/// A holder that is connected with an issuer or a verifier.
pub(super) struct Met {
    pub(super) holder: Holder,
    pub(super) connection: String,
    pub(super) path: &'static str,
}

impl Met {
    pub(super) fn new(client: &mut Client, path: &'static str) -> Self {
        let invited = invite(client, path, "didexchange/1.1", false);
        let holder =
            Holder::invited(client, invited["invitation"].clone(), path, &Manner::default());
        let query =
            format!("{path}/connections?invitation_msg_id={}", text(&invited, "invi_msg_id"));
        let record = client.get(&query).json()["results"][0].clone();
        Self { holder, connection: id(&record).to_owned(), path }
    }

    /// Asks the agent's administrator, who does as asked.
    pub(super) fn admin(&self, client: &mut Client, path: &str, body: &Value) -> Value {
        let answer = client.post(&format!("{}{path}", self.path), &body.to_string());
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }

    pub(super) fn record(&self, client: &mut Client, path: &str) -> Value {
        let answer = client.get(&format!("{}{path}", self.path));
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    /// The next message that waits.
    pub(super) fn next(&self, client: &mut Client) -> Message {
        self.holder.ask(client, trust_ping::ping(false)).unwrap()
    }
}

/// Who has a link secret, and perhaps a credential.
pub(super) struct Wallet {
    pub(super) secret: LinkSecret,
    pub(super) definition: Definition,
    pub(super) credential: Option<Credential>,
}

impl Wallet {
    pub(super) fn new(client: &mut Client) -> Self {
        let id = registry::issuer().definition().id();
        let document = client.get(&format!("/registry/credential-definitions/{}", escaped(id)));
        let document = serde_json::from_str(&document.body).unwrap();
        let schema = escaped(&registry::issuer().published().schema_id);
        let schema = client.get(&format!("/registry/schemas/{schema}"));
        let schema = serde_json::from_str(&schema.body).unwrap();
        let definition = Definition::new(id, &document, schema).unwrap();
        Self { secret: LinkSecret::random().unwrap(), definition, credential: None }
    }

    /// Takes an offer through to the ack; `say` has a message answered.
    pub(super) fn accept(
        &mut self,
        client: &mut Client,
        offer: &Message,
        mut say: impl FnMut(&mut Client, Message) -> Option<Message>,
    ) {
        let (mut machine, offer) = issue_credential::Holder::offered(offer).unwrap();
        let offer = serde_json::from_slice(&offer.payload).unwrap();
        let (request, kept) = self.definition.request(&offer, &self.secret).unwrap();
        let request = machine.request(&serde_json::to_vec(&request).unwrap()).unwrap();
        let issued = say(client, request).unwrap();
        let credential: Credential =
            serde_json::from_slice(&machine.receive(&issued).unwrap()).unwrap();
        let registry = registry_definition(client, credential.rev_reg_id.as_ref().unwrap());
        let received = self.definition.receive(credential, &kept, &self.secret, Some(&registry));
        self.credential = Some(received.unwrap());
        assert_eq!(say(client, machine.ack().unwrap()), None);
    }

    /// Answers a request.
    pub(super) fn present(
        &self,
        client: &mut Client,
        request: &Message,
    ) -> (present_proof::Prover, Message) {
        let (mut machine, request) = present_proof::Prover::requested(request).unwrap();
        let request: PresentationRequest = serde_json::from_slice(&request.payload).unwrap();
        let credential = self.credential.clone().unwrap();
        let state = request.non_revoked.map(|interval| {
            let id = credential.rev_reg_id.as_ref().unwrap();
            let definition = registry_definition(client, id);
            let place = definition.value.tails_location.splitn(4, '/').last().unwrap().to_owned();
            let tails = client.get_bytes(&format!("/{place}"));
            let registry = Registry::new(id, &definition, &tails).unwrap();
            let list = Arc::new(list(client, id, interval.to));
            registry.state(credential.index().unwrap(), &list).unwrap()
        });
        let held = [Held { credential, definition: self.definition.clone(), state }];
        let choice = Choice::first_fit(&request, &held).unwrap();
        let prepared = Prepared::new(&request, &choice, &held, &self.secret).unwrap();
        let presentation = prepared.finish(&request.nonce).unwrap();
        let message = machine.present(&serde_json::to_vec(&presentation).unwrap()).unwrap();
        (machine, message)
    }
}

fn registry_definition(client: &mut Client, id: &str) -> RevocationRegistryDefinition {
    let answer = client.get(&format!("/registry/revocation-registries/{}", escaped(id)));
    serde_json::from_str(&answer.body).unwrap()
}

/// The list of a registry at a time.
pub(super) fn list(client: &mut Client, id: &str, to: Option<u64>) -> RevocationStatusList {
    let to = to.map(|to| format!("?to={to}")).unwrap_or_default();
    let answer = client.get(&format!("/registry/status-lists/{}{to}", escaped(id)));
    serde_json::from_str(&answer.body).unwrap()
}

pub(super) fn escaped(id: &str) -> String {
    id.replace('/', "%2F").replace(':', "%3A")
}

pub(super) fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("no `{field}` in {value}"))
}

/// What a credential of the schema says.
pub(super) fn preview(version: &str) -> Value {
    let names = &registry::issuer().definition().schema().attr_names;
    let attributes: Vec<_> =
        names.iter().map(|name| json!({ "name": name, "value": "20010203" })).collect();
    json!({
        "@type": format!("issue-credential/{version}/credential-preview"),
        "attributes": attributes,
    })
}

pub(super) fn definition_id() -> &'static str {
    registry::issuer().definition().id()
}

/// What is asked of a holder.
pub(super) fn question(non_revoked: Option<u64>) -> Value {
    let mut question = json!({
        "name": "who are you?",
        "version": "1.0",
        "requested_attributes": {
            "who": { "name": "name", "restrictions": [{ "cred_def_id": definition_id() }] },
        },
        "requested_predicates": {},
    });
    if let Some(to) = non_revoked {
        question["non_revoked"] = json!({ "from": to, "to": to });
    }
    question
}

/// Whoever answers an invitation without a handshake.
pub(super) struct Stranger {
    pub(super) attached: Message,
    pub(super) key: KeyPair,
    theirs: Verkey,
    path: &'static str,
}

impl Stranger {
    /// Has an invitation made that carries the first message of an exchange.
    pub(super) fn new(client: &mut Client, path: &'static str, (kind, id): (&str, &str)) -> Self {
        let body = json!({ "attachments": [{ "id": id, "type": kind }] });
        let create = format!("{path}/out-of-band/create-invitation");
        let answer = client.post(&create, &body.to_string());
        assert_eq!(answer.status, 200, "{}", answer.body);
        let invitation = Invitation::from_value(answer.json()["invitation"].clone()).unwrap();
        let Reach::Service(service) = &invitation.services[0] else { panic!("no service") };
        assert_eq!(invitation.handshakes, []);
        let attached = invitation.attached[0].clone();
        assert_eq!(attached.thread.pthid.as_ref(), Some(&invitation.id));
        Self { attached, key: KeyPair::generate(), theirs: service.recipients[0], path }
    }

    /// Somebody else who knows the invitation.
    pub(super) fn as_another(&self) -> Self {
        let (attached, key) = (self.attached.clone(), KeyPair::generate());
        Self { attached, key, theirs: self.theirs, path: self.path }
    }

    pub(super) fn pack(&self, message: &Message) -> Vec<u8> {
        Channel::new(&self.key, &self.theirs).unwrap().pack(&message.to_bytes())
    }

    pub(super) fn post(&self, client: &mut Client, message: Message) -> Answer {
        client.post_envelope(self.path, &self.pack(&message.with_return_route()))
    }

    pub(super) fn ask(&self, client: &mut Client, message: Message) -> Option<Message> {
        let answer = self.post(client, message);
        assert_eq!(answer.status, 200, "{}", answer.body);
        (!answer.body.is_empty()).then(|| open(answer.body.as_bytes(), &self.key))
    }
}
