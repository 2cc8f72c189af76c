use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};

use super::*;

const KEY: &str = "did:key:z6MkmjZoKEWzgnGviuP9UiXA9dnWBHZFCWMK7TTYFb8c5JHV";

fn key() -> Verkey {
    KEY.parse().unwrap()
}

fn out_of_band() -> Value {
    json!({
        "@type": "https://didcomm.org/out-of-band/1.1/invitation",
        "@id": "1",
        // Both of these letters become one that the two alphabets write differently.
        "label": "\u{3ff}\u{3ff}>>>???",
        "handshake_protocols": ["https://didcomm.org/didexchange/1.1"],
        "services": [service("https://agent.example.com")],
    })
}

fn service(endpoint: &str) -> Value {
    json!({ "id": "#inline", "recipientKeys": [KEY], "serviceEndpoint": endpoint })
}

fn with(field: &str, value: Value) -> Value {
    let mut invitation = out_of_band();
    invitation[field] = value;
    invitation
}

#[test]
fn a_url_may_carry_it_in_any_base64_and_under_any_name() {
    let json = out_of_band().to_string();
    let expected = read(&json);
    let escaped = |text: String| text.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    assert!(STANDARD.encode(&json).contains(['+', '/']) && STANDARD.encode(&json).ends_with('='));
    for encoded in [
        URL_SAFE_NO_PAD.encode(&json),
        URL_SAFE.encode(&json),
        STANDARD.encode(&json),
        STANDARD_NO_PAD.encode(&json),
        escaped(STANDARD.encode(&json)),
    ] {
        for url in [
            format!("https://agent.example.com?oob={encoded}"),
            format!("  https://agent.example.com/path?x=y&c_i={encoded}#fragment\n"),
            format!("didcomm://invite?d_m={encoded}"),
            format!("didcomm://agent.example.com/?oob={encoded}"),
        ] {
            assert_eq!(read(&url), expected, "{url}");
        }
    }
}

#[test]
fn a_short_url_and_a_did_are_told_as_such() {
    let url = "https://agent.example.com/short/1?x=y";
    assert_eq!(Invitation::read(url).unwrap(), Written::Url(url.parse().unwrap()));
    let did = "did:sov:WgWxqztrNooG92RXvxSTWv";
    assert_eq!(Invitation::read(did).unwrap(), Written::Did(did.to_owned()));
}

#[test]
fn handshakes_are_known_by_protocol_and_major_version() {
    for (uri, expected) in [
        ("https://didcomm.org/connections/1.0", Some(Handshake::Connections1_0)),
        ("https://didcomm.org/connections/1.0/", Some(Handshake::Connections1_0)),
        ("did:sov:BzCbsNYhMrjHiqZDTUASHg;spec/connections/1.0", Some(Handshake::Connections1_0)),
        ("https://didcomm.org/didexchange/1.0", Some(Handshake::DidExchange1_0)),
        ("did:sov:BzCbsNYhMrjHiqZDTUASHg;spec/didexchange/1.1/", Some(Handshake::DidExchange1_1)),
        ("https://didcomm.org/didexchange/1.2", Some(Handshake::DidExchange1_1)),
        ("https://didcomm.org/didexchange/2.0", None),
        ("https://didcomm.org/didexchange/v1", None),
        ("https://didcomm.org/trust_ping/1.0", None),
        ("didexchange/1.0", None),
        ("", None),
    ] {
        assert_eq!(Handshake::named(uri), expected, "{uri}");
    }
    let named = json!([
        7,
        "x",
        "https://didcomm.org/didexchange/1.1",
        "https://didcomm.org/didexchange/1.2"
    ]);
    let invitation = read(&with("handshake_protocols", named).to_string());
    assert_eq!(invitation.handshakes, [Handshake::DidExchange1_1], "each once, others ignored");
}

#[test]
fn an_attached_message_is_json_or_base64() {
    let message = Message::new(Kind::new("present-proof", 2, 0, "request-presentation"));
    let attached = json!([
        { "@id": "0", "data": { "json": message.to_value() } },
        { "@id": "1", "data": { "base64": STANDARD.encode(message.to_bytes()) } },
    ]);
    let mut invitation = with("requests~attach", attached);
    invitation["handshake_protocols"] = json!(null);
    let invitation = read(&invitation.to_string());
    assert_eq!(invitation.attached, [message.clone(), message]);
    assert_eq!(invitation.handshakes, []);
}

#[test]
fn old_forms_of_invitations_are_understood() {
    let old = json!({
        "@type": "did:sov:BzCbsNYhMrjHiqZDTUASHg;spec/connections/1.0/invitation",
        "@id": "1", "label": "x", "did": "WgWxqztrNooG92RXvxSTWv",
    });
    let old = Invitation::from_value(old).unwrap();
    assert_eq!(old.services, [Reach::Did("did:sov:WgWxqztrNooG92RXvxSTWv".to_owned())]);

    let bare = json!({
        "@type": "did:sov:BzCbsNYhMrjHiqZDTUASHg;spec/present-proof/1.0/request-presentation",
        "@id": "proof-1",
        "~service": {
            "recipientKeys": [key().to_string()], "routingKeys": null,
            "serviceEndpoint": "https://agent.example.com",
        },
    });
    let bare = Invitation::from_value(bare).unwrap();
    assert_eq!((bare.id.as_str(), bare.out_of_band, bare.handshakes.len()), ("proof-1", false, 0));
    assert_eq!(bare.attached[0].kind.protocol, "present-proof");
    assert_eq!(bare.service(&["https"]), Some(&bare.services[0]));
}

#[test]
fn an_implicit_invitation_is_answered_to_the_did() {
    let implicit = Invitation::implicit("did:web:example.com");
    assert_eq!(implicit.id, "did:web:example.com");
    assert_eq!(implicit.handshakes, [Handshake::DidExchange1_1, Handshake::DidExchange1_0]);
    assert_eq!(implicit.service(&["https"]), Some(&Reach::Did("did:web:example.com".to_owned())));
    assert!(!implicit.out_of_band);
}

#[test]
fn a_service_of_the_wanted_scheme_comes_before_a_did() {
    let services = json!([
        "did:web:example.com",
        service("wss://a.example.com"),
        service("https://b.example.com"),
    ]);
    let invitation = read(&with("services", services).to_string());
    let at = |schemes: &[&str]| {
        invitation.services.iter().position(|it| Some(it) == invitation.service(schemes))
    };
    assert_eq!(at(&["https", "wss"]), Some(2));
    assert_eq!(at(&["http", "wss"]), Some(1));
    assert_eq!(at(&["http"]), Some(0));
}

#[test]
fn who_an_address_belongs_to_is_told_without_asking() {
    let long = told().into_iter().find_map(|it| it.did.filter(|did| did.len() == 644)).unwrap();
    let (short, _) = long.rsplit_once(':').unwrap();
    let invitation = out_of_band();
    for (address, expected) in [
        (invitation.to_string(), KEY),
        (Invitation::from_value(invitation.clone()).unwrap().to_url("https://x.example"), KEY),
        (with("services", json!([long])).to_string(), short),
        (long.clone(), short),
        ("did:web:example.com".to_owned(), "did:web:example.com"),
        ("https://u:p@a.example:8443/s/1?token=t#f".to_owned(), "https://a.example:8443/s/1"),
        ("ws://u:p@a.example/s?token=t".to_owned(), "ws://a.example/s"),
        ("https://u:p@a.example?oob=!".to_owned(), "https://a.example/"),
        ("nobody?token=t".to_owned(), "nobody"),
    ] {
        assert_eq!(identity(&address), expected, "{address}");
    }
}

/// An error and all that caused it.
fn told_of(error: &dyn std::error::Error) -> String {
    let cause = error.source().map(|it| format!(": {}", told_of(it)));
    format!("{error}{}", cause.unwrap_or_default())
}

#[test]
fn errors_show_what_a_right_one_looks_like() {
    let texts = [
        " ".to_owned(),
        "agent.example.com?oob=eyJ9".to_owned(),
        "ws://user:secret@agent.example.com".to_owned(),
        "didcomm://invite".to_owned(),
        "https://agent.example.com?oob=!".to_owned(),
        "https://agent.example.com?c_i=e30x".to_owned(),
        "{".to_owned(),
        "x".repeat(1024 * 1024 + 1),
    ];
    let entries = |entry: Value| Value::from(vec![entry; 17]);
    let values = [
        json!([]),
        json!({ "@id": "1" }),
        json!({ "@id": "1", "@type": "https://didcomm.org/trust_ping/1.0/ping" }),
        with("handshake_protocols", json!("https://didcomm.org/didexchange/1.1")),
        with("handshake_protocols", json!(["https://didcomm.org/didexchange/2.0"])),
        with("handshake_protocols", entries(json!("https://didcomm.org/didexchange/1.1"))),
        with("services", json!(null)),
        with("services", json!([7])),
        with("services", json!([{ "id": "#inline", "serviceEndpoint": "https://a.example" }])),
        with("services", entries(service("https://a.example"))),
        with("requests~attach", json!([{ "data": { "links": [] } }])),
        with("requests~attach", json!([{ "data": { "json": {} } }])),
    ];
    let read = texts.iter().map(|text| told_of(&Invitation::read(text).unwrap_err()));
    let values = values.into_iter().map(|it| told_of(&Invitation::from_value(it).unwrap_err()));
    insta::assert_snapshot!(read.chain(values).collect::<Vec<_>>().join("\n"), @r##"
    `` is no invitation, which is a URL like https://agent.example.com?oob=eyJAdHlwZSI6…, JSON like {"@type": "https://didcomm.org/out-of-band/1.1/invitation", … or a DID like did:web:agent.example.com
    `agent.example.com` is no invitation, which is a URL like https://agent.example.com?oob=eyJAdHlwZSI6…, JSON like {"@type": "https://didcomm.org/out-of-band/1.1/invitation", … or a DID like did:web:agent.example.com
    `ws://agent.example.com/` is no invitation, which is a URL like https://agent.example.com?oob=eyJAdHlwZSI6…, JSON like {"@type": "https://didcomm.org/out-of-band/1.1/invitation", … or a DID like did:web:agent.example.com
    `didcomm://invite` is no invitation, which is a URL like https://agent.example.com?oob=eyJAdHlwZSI6…, JSON like {"@type": "https://didcomm.org/out-of-band/1.1/invitation", … or a DID like did:web:agent.example.com
    `oob=` of the invitation's URL holds no base64, which begins like eyJAdHlwZSI6
    the invitation is no JSON object, which begins like {"@type": "https://didcomm.org/out-of-band/1.1/invitation", …: trailing characters at line 1 column 3
    the invitation is no JSON object, which begins like {"@type": "https://didcomm.org/out-of-band/1.1/invitation", …: EOF while parsing an object at line 1 column 1
    an invitation of 1048577 bytes; they have 1 MiB at most
    the invitation is no JSON object, which begins like {"@type": "https://didcomm.org/out-of-band/1.1/invitation", …
    the invitation is no message: the message has no `@type`, or one that is no text of 1 to 512 bytes
    a https://didcomm.org/trust_ping/1.0/ping invites nobody; https://didcomm.org/out-of-band/1.1/invitation does, https://didcomm.org/connections/1.0/invitation, and any message with a `~service`
    `handshake_protocols` of the invitation is no list, which is written like ["https://didcomm.org/didexchange/1.1"]
    the invitation allows no handshake that is spoken here, such as https://didcomm.org/didexchange/1.1, and has no message attached
    `handshake_protocols` of the invitation has more than 16 entries
    the invitation says no way to reach the inviter, such as "services": [{"id": "#inline", "type": "did-communication", "recipientKeys": ["did:key:z6Mk…"], "serviceEndpoint": "https://agent.example.com"}]
    `7` is no service of an invitation, which is written like did:sov:WgWxqztrNooG92RXvxSTWv or {"type": "did-communication", …
    the invitation has no service that can be used: service `#inline` has no `recipientKeys`, which is written like ["did:key:z6MkmjZoKEWzgnGviuP9UiXA9dnWBHZFCWMK7TTYFb8c5JHV"]
    `services` of the invitation has more than 16 entries
    attachment 1 of the invitation holds no message, such as {"@id": "request-0", "data": {"json": {"@type": …
    attachment 1 of the invitation holds no message, such as {"@id": "request-0", "data": {"json": {"@type": …: the message has no `@type`, or one that is no text of 1 to 512 bytes
    "##);
}
