//! Revocation notifications: read whatever names the credential, and acked if they ask for it.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{any::message_of, message};
use crate::aries::{
    didcomm::Kind,
    protocol::{
        ProtocolError, notification,
        revocation::{REVOKE_1, REVOKE_2, Revocable, Revoked},
    },
};

fn check(kind: &Kind, fields: Value, expected: Option<Revocable>) {
    let read = Revoked::read(&message(kind, fields));
    match expected {
        Some(by) => assert_eq!(read.unwrap().by, by),
        None => assert!(matches!(read, Err(ProtocolError::Wrong { .. })), "{read:?}"),
    }
}

fn credential(registry: &str, index: u32) -> Revocable {
    Revocable::Credential { registry: registry.to_owned(), index }
}

#[test]
fn version_1_names_a_thread_or_a_place_in_a_registry() {
    let check = |id: &str, by| check(&REVOKE_1, json!({ "thread_id": id }), by);
    check("indy::A:4:A:3:CL:1:t:CL_ACCUM:0::7", Some(credential("A:4:A:3:CL:1:t:CL_ACCUM:0", 7)));
    for thread in ["3f0c", "indy::A", "indy::::7", "indy::A::-1", "indy::A::4294967296", "A::7"] {
        check(thread, Some(Revocable::Thread(thread.to_owned())));
    }
    check("", None);
    check(&"x".repeat(1025), None);
}

#[test]
fn version_2_names_a_place_in_a_registry() {
    let check = |format: &str, id: &str, by| {
        check(&REVOKE_2, json!({ "revocation_format": format, "credential_id": id }), by);
    };
    check(
        "indy-anoncreds",
        "did:web:a/REV_REG_DEF/1::12",
        Some(credential("did:web:a/REV_REG_DEF/1", 12)),
    );
    check("anoncreds", "A::0", Some(credential("A", 0)));
    check("w3c", "A::0", None);
    for id in ["A", "A::", "::1", "A::+1", "A::1x", ""] {
        check("indy-anoncreds", id, None);
    }
}

#[test]
fn an_error_shows_how_a_credential_is_named() {
    let fields = json!({ "revocation_format": "indy-anoncreds", "credential_id": "A" });
    insta::assert_snapshot!(
        Revoked::read(&message(&REVOKE_2, fields)).unwrap_err(),
        @"a https://didcomm.org/revocation_notification/2.0/revoke that has no `<registry>::<index>` as `credential_id`: `A`"
    );
}

#[test]
fn a_notification_that_asks_for_an_ack_gets_one_on_its_thread() {
    let revoked = Revoked { by: credential("A", 1), comment: String::new() };
    let silent = revoked.message_2().unwrap();
    assert_eq!(notification::ack_asked_for(&silent), None);
    let asks = silent.with("~please_ack", json!({ "on": ["RECEIPT"] }));
    let ack = notification::ack_asked_for(&asks).unwrap();
    assert!(ack.kind.is(&notification::ACK));
    assert_eq!(ack.thread.thid, Some(asks.id));
}

#[test]
fn a_thread_can_be_named_in_version_1_only() {
    let revoked = Revoked { by: Revocable::Thread("t".into()), comment: "lost".into() };
    assert_eq!(revoked.message_2(), None);
    assert_eq!(Revoked::read(&revoked.message_1()).unwrap(), revoked);
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        registry in "[A-Za-z0-9:/_.-]{0,40}[A-Za-z0-9]",
        index in any::<u32>(),
        comment in "[a-z]{0,10}",
    ) {
        let revoked = Revoked { by: credential(&registry, index), comment };
        for message in [revoked.message_1(), revoked.message_2().unwrap()] {
            prop_assert_eq!(&Revoked::read(&message).unwrap(), &revoked);
        }
    }

    #[test]
    fn no_notification_makes_its_reader_panic(
        one in message_of("revocation_notification/1/revoke"),
        two in message_of("revocation_notification/2/revoke"),
    ) {
        for message in [one, two] {
            if let Ok(Revoked { by: Revocable::Credential { registry, .. }, .. }) = Revoked::read(&message) {
                prop_assert!(!registry.is_empty());
            }
        }
    }
}
