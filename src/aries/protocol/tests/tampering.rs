//! Handshakes in which messages are lost, repeated, forged and damaged on the way.

use proptest::{collection, prelude::*, sample::select};
use serde_json::{Value, json};

use super::{
    handshakes::{
        INVITATION, INVITED, NOW, OURS, STRANGER, Somebody, THEIRS, WAYS, begin, respond,
    },
    key, verkey,
};
use crate::aries::{
    didcomm::{Message, did::DidMethod, invitation::Handshake},
    protocol::{Inviter, ProtocolError, Requester, Responder, trust_ping},
};

/// A byte of a message becomes another.
pub(super) fn corrupted(message: &Message, at: usize, with: u8) -> Option<Message> {
    let mut bytes = message.to_bytes();
    let at = at % bytes.len();
    bytes[at] = with;
    Message::parse(&bytes).ok()
}

/// A text anywhere in a message becomes another.
pub(super) fn replaced(message: &Message, at: usize, with: &Value) -> Option<Message> {
    fn leaves<'a>(value: &'a mut Value, all: &mut Vec<&'a mut Value>) {
        match value {
            Value::Array(inner) => inner.iter_mut().for_each(|it| leaves(it, all)),
            Value::Object(inner) => inner.values_mut().for_each(|it| leaves(it, all)),
            leaf => all.push(leaf),
        }
    }
    let mut value = message.to_value();
    let mut all = Vec::new();
    leaves(&mut value, &mut all);
    let count = all.len();
    *all[at % count] = with.clone();
    Message::parse(value.to_string().as_bytes()).ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// Whatever comes, in whatever order: the requester is established at most once, and then with
    /// whom the key of the invitation vouches for.
    #[test]
    fn only_the_inviter_is_ever_established(
        (handshake, method) in select(WAYS),
        order in collection::vec((0_usize..9, any::<usize>(), any::<u8>()), 1..25),
    ) {
        let (mut requester, request) = begin(handshake, method);
        let (_, right) = respond(&request, method, (THEIRS, INVITED));
        let (_, forged) = respond(&request, method, (STRANGER, STRANGER));
        let (_, other_request) = begin(handshake, method);
        let (_, for_other) = respond(&other_request, method, (THEIRS, INVITED));
        let right = right.answer;
        let inviter = Inviter { did: None, keys: &[verkey(INVITED)] };
        let mut twin = Requester::waiting(handshake, request.id.clone(), INVITATION, inviter);
        let expected = twin.receive(&right).unwrap();
        let mut established = 0;
        for (which, at, with) in order {
            let message = match which {
                0 => Some(right.clone()),
                1 => Some(forged.answer.clone()),
                2 => Some(for_other.answer.clone()),
                3 => Some(request.clone()),
                4 => Some(trust_ping::ping(true)),
                5 => Some(expected.answer.clone()),
                6 => corrupted(&right, at, with),
                7 => replaced(&right, at, &json!(null)),
                _ => replaced(&forged.answer, at, &json!(verkey(INVITED).did_key())),
            };
            let Some(message) = message else { continue };
            match requester.receive(&message) {
                Ok(now) => {
                    established += 1;
                    prop_assert_eq!(&now.their_did, &expected.their_did);
                    prop_assert_eq!(&now.their_doc, &expected.their_doc);
                }
                Err(ProtocolError::OutOfTurn { .. } | ProtocolError::Wrong { .. }) => {}
                Err(error) => prop_assert!(established == 0, "{}", error),
            }
            if which == 0 {
                prop_assert!(established == 1);
            }
            if established == 1 {
                let again = requester.receive(&right);
                let out_of_turn = matches!(again, Err(ProtocolError::OutOfTurn { .. }));
                prop_assert!(out_of_turn);
            }
        }
        prop_assert!(established <= 1);
    }

    /// The responder takes a corrupted request only if whom it names is still who asked.
    #[test]
    fn a_corrupted_request_names_nobody_else_with_a_document(
        (handshake, method) in select(WAYS),
        at in any::<usize>(),
        with in any::<u8>(),
    ) {
        let (_, request) = begin(handshake, method);
        let me = Somebody::new(THEIRS, method);
        let Some(request) = corrupted(&request, at, with) else { return Ok(()) };
        let invited = key(INVITED);
        let seen = Responder::receive(&request, &invited, &me.party(), NOW);
        if let Ok((mut responder, seen)) = seen
            && handshake != Handshake::Connections1_0
            && method == DidMethod::Unqualified
            && let Some(doc) = seen.their_doc
        {
            prop_assert_eq!(&doc.keys, &[verkey(OURS)]);
            let early = responder.complete(&request);
            let out_of_turn = matches!(early, Err(ProtocolError::OutOfTurn { .. }));
            prop_assert!(out_of_turn);
        }
    }
}
