mod reading;

use proptest::{collection::vec, prelude::*};
use serde::Deserialize;
use serde_json::{Value, json};

use super::*;
use crate::aries::didcomm::{KeyPair, Kind, Verkey};

/// An invitation that an ACA-Py wrote, and what there is to find in it.
#[derive(Deserialize)]
struct Told {
    from: String,
    url: Option<String>,
    invitation: Value,
    did: Option<String>,
    recipient: Option<Verkey58>,
    #[serde(default)]
    routing: Vec<Verkey58>,
    endpoint: Option<String>,
    handshakes: Vec<String>,
    attached: Vec<String>,
}

#[derive(Deserialize)]
struct Verkey58(String);

impl Verkey58 {
    fn key(&self) -> Verkey {
        self.0.parse().unwrap()
    }
}

fn told() -> Vec<Told> {
    let text = include_str!("../../../../../tests/fixtures/aries/invitations.json");
    serde_json::from_str(text).unwrap()
}

fn read(text: &str) -> Invitation {
    match Invitation::read(text).unwrap() {
        Written::Invitation(invitation) => *invitation,
        other => panic!("no invitation but {other:?}"),
    }
}

#[test]
fn invitations_of_acapy_are_understood() {
    let told = told();
    assert_eq!(told.len(), 22);
    for told in told {
        let invitation = read(&told.invitation.to_string());
        if let Some(url) = &told.url {
            assert_eq!(read(url), invitation, "{}", told.from);
        }
        let reach = match (&told.did, &told.recipient, told.endpoint) {
            (Some(did), _, _) => Reach::Did(did.clone()),
            (None, Some(recipient), Some(endpoint)) => Reach::Service(Service {
                recipients: vec![recipient.key()],
                routing: told.routing.iter().map(Verkey58::key).collect(),
                endpoint,
                priority: 0,
            }),
            (None, _, _) => panic!("{} reaches nobody", told.from),
        };
        assert_eq!(invitation.services, [reach], "{}", told.from);
        let handshakes: Vec<_> = invitation.handshakes.iter().map(|it| &it.uri()[20..]).collect();
        assert_eq!(handshakes, told.handshakes, "{}", told.from);
        let attached: Vec<_> = invitation.attached.iter().map(|it| it.kind.to_string()).collect();
        assert_eq!(attached, told.attached, "{}", told.from);
        assert_eq!(invitation.id, told.invitation["@id"]);
        assert_eq!(invitation.label.as_deref(), told.invitation["label"].as_str());
        assert_eq!(invitation.out_of_band, told.invitation.get("services").is_some());
    }
}

#[test]
fn what_we_write_is_what_acapy_writes() {
    for told in told() {
        assert_eq!(read(&told.invitation.to_string()).to_value(), told.invitation, "{}", told.from);
    }
}

fn any_key() -> impl Strategy<Value = Verkey> {
    any::<[u8; 32]>().prop_map(|seed| *KeyPair::from_seed(seed).verkey())
}

fn any_reach() -> impl Strategy<Value = Reach> {
    let keys = || vec(any_key(), 0..3);
    let service = (any_key(), keys(), keys(), "[a-z]{2,5}:[ -~é]{1,30}", any::<i64>());
    let service = service.prop_map(|(first, mut recipients, routing, endpoint, priority)| {
        recipients.insert(0, first);
        Reach::Service(Service { recipients, routing, endpoint, priority })
    });
    prop_oneof![service, "did:[a-z]{1,5}:[A-Za-z0-9._:-]{1,30}".prop_map(Reach::Did)]
}

fn any_message() -> impl Strategy<Value = Message> {
    ("[a-z]{1,9}", "\\PC{0,20}").prop_map(|(field, text)| {
        Message::new(Kind::new("trust_ping", 1, 0, "ping")).with(&field, text)
    })
}

fn any_invitation() -> impl Strategy<Value = Invitation> {
    let handshakes =
        [Handshake::Connections1_0, Handshake::DidExchange1_0, Handshake::DidExchange1_1];
    let parts = (
        "\\PC{1,40}",
        prop::option::of("\\PC{0,20}"),
        prop::sample::subsequence(handshakes.to_vec(), 0..=3),
        vec(any_reach(), 1..4),
        vec(any_message(), 0..3),
    );
    parts.prop_map(|(id, label, mut handshakes, services, attached)| {
        if handshakes.is_empty() && attached.is_empty() {
            handshakes.push(Handshake::DidExchange1_1);
        }
        Invitation { id, label, handshakes, services, attached, out_of_band: true }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_what_is_read(
        invitation in any_invitation(),
        base in prop::sample::select(vec![
            "https://agent.example.com", "http://127.0.0.1:8120/in?a=b", "didcomm://invite",
        ]),
    ) {
        prop_assert_eq!(&read(&invitation.to_url(base)), &invitation);
        prop_assert_eq!(&read(&invitation.to_value().to_string()), &invitation);
    }

    #[test]
    fn so_it_is_for_connections_and_for_messages_with_a_service(
        invitation in any_invitation(),
        message in any_message(),
        key in any_key(),
    ) {
        let mut connections = Invitation {
            handshakes: vec![Handshake::Connections1_0],
            attached: vec![],
            out_of_band: false,
            ..invitation
        };
        connections.services.truncate(1);
        if let Reach::Service(service) = &mut connections.services[0] {
            service.priority = 0;
        }
        let url = connections.to_url("https://agent.example.com");
        prop_assert!(url.starts_with("https://agent.example.com?c_i="));
        prop_assert_eq!(read(&url), connections);

        let bare = message.with("~service", json!({
            "recipientKeys": [key.to_string()], "serviceEndpoint": "https://agent.example.com",
        }));
        let bare = Invitation::from_value(bare.to_value()).unwrap();
        let url = bare.to_url("https://agent.example.com");
        prop_assert!(url.starts_with("https://agent.example.com?d_m="));
        prop_assert_eq!(read(&url), bare);
    }

    #[test]
    fn no_text_upsets_the_reader(
        prefix in "(https?://a/?\\?(oob|c_i|d_m)=|\\{|did:|didcomm://)?",
        text in "\\PC{0,80}",
    ) {
        let text = format!("{prefix}{text}");
        let _ = Invitation::read(&text);
        prop_assert_eq!(identity(&text), identity(&text));
    }

    #[test]
    fn no_value_upsets_the_reader(
        field in prop::sample::select(vec![
            "@id", "@type", "services", "requests~attach", "handshake_protocols", "label", "did",
            "recipientKeys", "routingKeys", "serviceEndpoint", "~service",
        ]),
        value in prop::sample::select(vec![
            json!(null), json!(1), json!(""), json!([]), json!([1]), json!({}), json!([{}]),
            json!(["x"]), json!([[[]]]), json!([{ "data": 1 }]), json!([{ "data": { "json": [] } }]),
            json!([{ "type": 1, "serviceEndpoint": [null] }]), json!({ "serviceEndpoint": {} }),
        ]),
        at in 0..22_usize,
    ) {
        let mut invitation = told().swap_remove(at).invitation;
        invitation[field] = value;
        let _ = Invitation::from_value(invitation);
    }
}
