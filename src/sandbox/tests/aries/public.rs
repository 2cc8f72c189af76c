//! Parties by their public DIDs: found, written to, and met once.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::holder::{Holder as Plain, Manner, open, request};
use crate::{
    aries::{
        didcomm::{
            KeyPair, Kind,
            did::{DidDoc, DidMethod},
            invitation::Handshake,
        },
        holder::{Agency, Holder, Means, Observer, Received, Sent, Settings, Trouble},
        protocol::trust_ping,
        transport::{
            Answer, Body, Call, Http, HttpResolver, KnownDids, Method, Sending, fetch_invitation,
        },
    },
    sandbox::{
        Sandbox, Store,
        tests::client::{Client, start},
    },
};

/// The DID of a party, as its document says it.
fn did(client: &mut Client, party: &str) -> String {
    client.get(&format!("/{party}/did.json")).json()["id"].as_str().unwrap().to_owned()
}

/// What a ledger would call it.
fn ledger_did(client: &mut Client, party: &str) -> String {
    let document = client.get(&format!("/{party}/did.json")).json();
    let key = document["verificationMethod"][0]["publicKeyBase58"].as_str().unwrap();
    let key = bs58::decode(key).into_vec().unwrap();
    format!("did:sov:{}", bs58::encode(&key[..16]).into_string())
}

fn resolve(client: &mut Client, did: &str) -> Value {
    client.get(&format!("/1.0/identifiers/{did}")).json()["didDocument"].clone()
}

/// An invitation of the issuer that names its DID.
fn invite(client: &mut Client) -> Value {
    let body = json!({
        "handshake_protocols": ["https://didcomm.org/didexchange/1.1"],
        "use_public_did": true,
    });
    client.post("/issuer/out-of-band/create-invitation", &body.to_string()).json()
}

#[test]
fn a_party_is_found_by_all_that_it_is_called() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let address = sandbox.url().replace("http://", "");
    for party in ["mediator", "issuer", "verifier"] {
        let web = did(client, party);
        assert_eq!(web, format!("did:web:{}:{party}", address.replace(':', "%3A")));
        let ledger = ledger_did(client, party);
        let named = format!("did:web:sandbox:{party}");
        let documents = [&web, &ledger, &named].map(|it| {
            let document = resolve(client, it);
            assert_eq!(document["id"], *it.as_str());
            DidDoc::from_value(&document).unwrap()
        });
        assert_eq!(resolve(client, &web), client.get(&format!("/{party}/did.json")).json());
        assert_eq!(resolve(client, &web.replace('%', "%25"))["id"], *web.as_str());
        let [web, ledger, named] = &documents;
        assert_eq!((&web.services, &web.keys), (&ledger.services, &ledger.keys));
        assert_eq!((&web.services, &web.keys), (&named.services, &named.keys));
        let endpoints: Vec<_> = web.services.iter().map(|it| it.endpoint.as_str()).collect();
        let (http, socket) = (format!("http://{address}/{party}"), "ws://");
        assert_eq!(endpoints[0], http);
        assert_eq!(
            endpoints.get(1).map(|it| it.starts_with(socket)),
            match party {
                "mediator" => Some(true),
                _ => None,
            }
        );
    }
    let unknown = client.get("/1.0/identifiers/did:web:example.com");
    assert_eq!(unknown.status, 404);
    assert_eq!(unknown.json()["didResolutionMetadata"], json!({ "error": "notFound" }));
}

#[test]
fn whoever_writes_to_the_did_is_met_as_if_it_was_invited() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let key = resolve(client, "did:web:sandbox:issuer")["verificationMethod"][0]["publicKeyBase58"]
        .as_str()
        .unwrap()
        .to_owned();
    let (web, ledger) = (did(client, "issuer"), ledger_did(client, "issuer"));
    let answering = |id: &str| {
        json!({
            "@type": "https://didcomm.org/out-of-band/1.1/invitation", "@id": id,
            "handshake_protocols": ["https://didcomm.org/didexchange/1.1"],
            "services": [{
                "id": "#inline", "type": "did-communication", "recipientKeys": [key],
                "serviceEndpoint": format!("{}/issuer", sandbox.url()),
            }],
        })
    };
    let manner = Manner::default();
    for id in [&web, &format!("{web}#did-communication-http"), &ledger, "did:web:sandbox:issuer"] {
        let holder = Plain::invited(client, answering(id), "/issuer", &manner);
        let answer = holder.ask(client, trust_ping::ping(true)).unwrap();
        assert_eq!(answer.kind, trust_ping::PING_RESPONSE);
    }
    let old =
        Manner { handshake: Handshake::DidExchange1_0, method: DidMethod::Unqualified, ..manner };
    Plain::invited(client, answering(&web), "/issuer", &old);
    let verifiers = did(client, "verifier");
    let longer = format!("{web}s");
    for id in [&verifiers, "nobody's", &longer, "#"] {
        let (_, packed) =
            request(answering(id), "/issuer", KeyPair::generate(), &Manner::default());
        assert_eq!(client.post_envelope("/issuer", &packed).status, 400, "{id}");
    }
}

#[test]
fn an_invitation_by_the_did_is_for_one_and_leaves_the_did_to_all() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let invited = invite(client);
    let issuer = did(client, "issuer");
    assert_eq!(invited["invitation"]["services"], json!([issuer]));
    let mut inline = invited["invitation"].clone();
    inline["services"] = resolve(client, &issuer)["service"].clone();
    let key = resolve(client, &issuer)["verificationMethod"][0]["publicKeyBase58"].clone();
    inline["services"][0]["recipientKeys"] = json!([key]);
    let manner = Manner::default();
    Plain::invited(client, inline.clone(), "/issuer", &manner);
    let found = super::agent::record(client, &invited);
    assert_eq!((&found["state"], &found["invitation_key"]), (&json!("completed"), &key));
    let (_, again) = request(inline.clone(), "/issuer", KeyPair::generate(), &manner);
    assert_eq!(client.post_envelope("/issuer", &again).status, 400);
    inline["@id"] = issuer.into();
    let (asking, packed) = request(inline, "/issuer", KeyPair::generate(), &manner);
    let answer = client.post_envelope("/issuer", &packed);
    open(answer.body.as_bytes(), asking.key());
}

#[test]
fn a_restart_keeps_the_keys_of_dids_and_what_they_invited_to() {
    let directory = tempfile::tempdir().unwrap();
    let store = || Store::Directory(directory.path().to_owned());
    let seen = |sandbox: &Sandbox| {
        let client = &mut Client::of(sandbox);
        ["mediator", "issuer", "verifier"]
            .map(|it| resolve(client, &format!("did:web:sandbox:{it}")))
    };
    let sandbox = start(store());
    let before = seen(&sandbox);
    let mut invited = invite(&mut Client::of(&sandbox))["invitation"].clone();
    drop(sandbox);
    let sandbox = start(store());
    assert_eq!(seen(&sandbox), before);
    let key = &before[1]["verificationMethod"][0]["publicKeyBase58"];
    invited["services"] = json!([{
        "id": "#inline", "type": "did-communication", "recipientKeys": [key],
        "serviceEndpoint": sandbox.target("issuer"),
    }]);
    Plain::invited(&mut Client::of(&sandbox), invited, "/issuer", &Manner::default());
}

/// HTTP to the sandbox over one connection, one request at a time; it knows what it was asked.
struct OneByOne {
    client: Mutex<Client>,
    base: String,
    asked: Mutex<Vec<String>>,
}

impl Http for OneByOne {
    fn send(&self, call: Call) -> Sending<'_> {
        let path = call.url.strip_prefix(&self.base).unwrap();
        self.asked.lock().unwrap().push(path.to_owned());
        let mut client = self.client.lock().unwrap();
        let answer = match (call.method, call.body) {
            (Method::Get, _) => client.get(path),
            (_, Body::Envelope(packed)) => client.post_envelope(path, &packed),
            (_, Body::Json(value)) => client.post(path, &value.to_string()),
            (_, Body::Empty) => client.post(path, ""),
        };
        let body = answer.body.into();
        Box::pin(async move { Ok(Answer { status: answer.status, location: None, body }) })
    }
}

struct Nobody;

impl Observer for Nobody {
    fn sent(&self, _: &Kind, _: Sent) {}
    fn received(&self, _: &Kind, _: Received) {}
    fn trouble(&self, trouble: &Trouble) {
        panic!("{trouble:?}");
    }
}

#[tokio::test]
async fn a_holder_meets_a_mediator_by_its_did_and_an_issuer_no_more_than_once() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    for mediator in [did(client, "mediator"), ledger_did(client, "mediator")] {
        let http = Arc::new(OneByOne {
            client: Mutex::new(Client::of(&sandbox)),
            base: sandbox.url(),
            asked: Mutex::default(),
        });
        let resolver = HttpResolver { http: http.clone(), universal: Some(sandbox.url()) };
        let resolver = Arc::new(KnownDids::new(Arc::new(resolver)));
        let agency = Arc::new(Agency::new(Settings::default(), Some(resolver), None));
        let means = Means { http: http.clone(), observer: Arc::new(Nobody) };
        let holder = Holder::create(agency, means, "holder");

        let invitation = fetch_invitation(&*http, &mediator).await.unwrap();
        holder.connect_mediator(&invitation).await.unwrap();
        holder.go_online().await.unwrap();
        holder.ping_mediator().await.unwrap();
        assert_eq!(client.get("/sandbox/stats").json()["sockets"], 1);

        let accept = async |client: &mut Client| {
            let invited = invite(client)["invitation_url"].as_str().unwrap().to_owned();
            let invitation = fetch_invitation(&*http, &invited).await.unwrap();
            holder.accept(&invitation, "issuer", None).await.unwrap()
        };
        let before = client.get("/sandbox/stats").json()["connections"].clone();
        let connection = accept(client).await;
        let after = client.get("/sandbox/stats").json()["connections"].clone();
        assert_ne!(after, before);
        assert_eq!(accept(client).await, connection);
        assert_eq!(client.get("/sandbox/stats").json()["connections"], after);
        holder.ping(&connection).await.unwrap();

        let record = holder.record();
        assert_eq!(record.connections.len(), 1);
        assert_eq!(record.connections[0].invited_by, Some(did(client, "issuer")));
        let by = record.mediator.as_ref().unwrap().connection.invited_by.clone();
        assert_eq!(by.as_deref(), Some(&*mediator));
        let asked = http.asked.lock().unwrap().clone();
        let questions = asked.iter().filter(|it| it.starts_with("/1.0/identifiers/")).count();
        assert_eq!(questions, 2, "{asked:?}");
        holder.go_offline().await;
        super::holder::wait_for(client, "sockets", 0);
    }
}
