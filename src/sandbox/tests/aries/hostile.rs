//! Whatever is sent to whichever door, it is refused and the next is served.

use proptest::prelude::*;

use super::holder::{Holder, Socket};
use crate::{
    aries::{
        didcomm::{
            KeyPair,
            envelope::{Channel, seal},
        },
        protocol::trust_ping,
    },
    sandbox::{
        Store,
        tests::client::{Client, start},
    },
};

const DOORS: [&str; 3] = ["/mediator", "/issuer", "/verifier"];

#[test]
fn what_is_no_envelope_for_us_is_refused() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let key = KeyPair::generate();
    let foreign = String::from_utf8(seal(b"{}", key.verkey()).unwrap()).unwrap();
    let cases = ["", "{", "[]", "{}", "null", "\u{0}", r#"{"protected": "e30"}"#, &foreign];
    for door in DOORS {
        for body in cases {
            let answer = client.post(door, body);
            assert_eq!(answer.status, 400, "{body:.100}");
            assert!(answer.json()["error"].is_string());
        }
        let huge = "a".repeat((1 << 20) + 1);
        assert_eq!(Client::of(&sandbox).post(door, &huge).status, 413);
    }
    let refused = client.get("/sandbox/stats").json()["refused"].as_u64().unwrap();
    assert_eq!(refused, (DOORS.len() * cases.len()) as u64);
}

#[test]
fn a_message_for_us_that_makes_no_sense_is_refused() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let holder = Holder::of_mediator(client);
    let nested = "[".repeat(50_000);
    for plaintext in ["", "{}", "7", &nested, r#"{"@type": "tea", "@id": "1"}"#] {
        let packed = holder.channel.pack(plaintext.as_bytes());
        assert_eq!(client.post_envelope("/mediator", &packed).status, 400);
    }
    // Somebody who knows the keys of a connection, and is not whom it is with.
    let stranger = Channel::new(&KeyPair::generate(), holder.channel.theirs()).unwrap();
    let packed = stranger.pack(&trust_ping::ping(true).with_return_route().to_bytes());
    let refused = client.post_envelope("/mediator", &packed);
    assert_eq!(refused.status, 400);
    assert!(refused.body.contains("somebody else"), "{}", refused.body);
    assert!(holder.ask(client, trust_ping::ping(true)).is_some());
}

#[tokio::test]
async fn a_socket_outlives_what_is_no_message() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let holder = Holder::of_mediator(client);
    let mut socket = Socket::of(&sandbox).await;
    socket.send(b"\x00\x01".to_vec()).await;
    socket.send_text("{}").await;
    let answer = socket.ask(&holder, trust_ping::ping(true)).await;
    assert_eq!(answer.kind, trust_ping::PING_RESPONSE);
}

#[test]
fn any_bytes_get_an_answer() {
    let sandbox = start(Store::Memory);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(64));
    let paths = prop::sample::select(vec![
        "/mediator",
        "/issuer",
        "/issuer/out-of-band/create-invitation",
        "/issuer/connections/create-invitation",
        "/issuer/connections/x/send-message",
        "/issuer/action-menu/x/send-menu",
        "/issuer/multitenancy/tenant/x/token",
        "/issuer/issue-credential-2.0/send",
        "/issuer/issue-credential/create-offer",
        "/issuer/revocation/revoke",
        "/issuer/anoncreds/revocation/publish-revocations",
        "/verifier/present-proof-2.0/create-request",
        "/verifier/present-proof/send-request",
        "/verifier/present-proof-2.0/records/x/verify-presentation",
    ]);
    runner
        .run(&(paths, ".{0,200}"), |(path, body)| {
            let status = Client::of(&sandbox).post(path, &body).status;
            prop_assert!((200..500).contains(&status), "{status}");
            Ok(())
        })
        .unwrap();
}
