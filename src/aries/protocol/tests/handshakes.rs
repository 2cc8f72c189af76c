//! Requester and responder, both ours: in every handshake, and against all that can go wrong between.

use super::{key, verkey};
use crate::aries::{
    didcomm::{
        KeyPair, Message, Verkey,
        did::{self, DidMethod, OwnDid},
        invitation::Handshake::{self, Connections1_0, DidExchange1_0, DidExchange1_1},
    },
    protocol::{
        Established, Inviter, Party, ProtocolError, Requester, Responder, notification, trust_ping,
    },
};

pub(super) const INVITATION: &str = "invitation";
pub(super) const NOW: u64 = 1_800_000_000;
/// The key of the invitation.
pub(super) const INVITED: u8 = 1;
/// The requester's.
pub(super) const OURS: u8 = 2;
/// The responder's.
pub(super) const THEIRS: u8 = 3;
/// Somebody else's.
pub(super) const STRANGER: u8 = 4;

/// The handshakes with the kinds of DIDs that can be used in them.
pub(super) const WAYS: &[(Handshake, DidMethod)] = &[
    (Connections1_0, DidMethod::Unqualified),
    (DidExchange1_0, DidMethod::Unqualified),
    (DidExchange1_0, DidMethod::Peer2),
    (DidExchange1_0, DidMethod::Peer4),
    (DidExchange1_1, DidMethod::Unqualified),
    (DidExchange1_1, DidMethod::Peer2),
    (DidExchange1_1, DidMethod::Peer4),
];

/// Somebody with a key and a DID.
pub(super) struct Somebody {
    pub(super) key: KeyPair,
    pub(super) did: OwnDid,
}

impl Somebody {
    pub(super) fn new(number: u8, method: DidMethod) -> Self {
        let key = key(number);
        let did = OwnDid::new(method, key.verkey(), &format!("http://agent-{number}"), &[]);
        Self { key, did }
    }

    pub(super) fn party(&self) -> Party<'_> {
        Party { label: "somebody", key: &self.key, did: &self.did }
    }
}

pub(super) fn begin(handshake: Handshake, method: DidMethod) -> (Requester, Message) {
    let inviter = Inviter { did: None, keys: &[verkey(INVITED)] };
    Requester::begin(handshake, INVITATION, inviter, &Somebody::new(OURS, method).party())
}

/// The response of `number`, signed by `signer`.
pub(super) fn respond(
    request: &Message,
    method: DidMethod,
    (number, signer): (u8, u8),
) -> (Responder, Established) {
    let me = Somebody::new(number, method);
    Responder::receive(request, &key(signer), &me.party(), NOW).unwrap()
}

fn recipients(established: &Established) -> Vec<Verkey> {
    established.their_doc.as_ref().unwrap().services[0].recipients.clone()
}

#[test]
fn each_side_learns_the_others_key_and_where_it_is() {
    for (handshake, method) in WAYS {
        let (mut requester, request) = begin(*handshake, *method);
        let (mut responder, seen) = respond(&request, *method, (THEIRS, INVITED));
        assert_eq!(recipients(&seen), [verkey(OURS)]);
        assert_eq!(seen.their_did, Somebody::new(OURS, *method).did.did);

        let established = requester.receive(&seen.answer).unwrap();
        assert_eq!(recipients(&established), [verkey(THEIRS)]);
        assert_eq!(established.their_did, Somebody::new(THEIRS, *method).did.did);
        let doc = established.their_doc.unwrap();
        assert_eq!(doc.services[0].endpoint, format!("http://agent-{THEIRS}"));
        responder.complete(&established.answer).unwrap();
    }
}

#[test]
fn threads_are_those_of_the_rfc() {
    for (handshake, method) in WAYS {
        let (mut requester, request) = begin(*handshake, *method);
        assert_eq!(request.thread.thid.as_ref(), Some(&request.id));
        assert_eq!(request.thread.pthid.as_deref(), Some(INVITATION));
        let (_, seen) = respond(&request, *method, (THEIRS, INVITED));
        assert_eq!(seen.answer.thread, request.thread);
        let answer = requester.receive(&seen.answer).unwrap().answer;
        if *handshake == Connections1_0 {
            assert!(answer.kind.is(&trust_ping::PING));
            assert_eq!(trust_ping::answer(&answer), None);
        } else {
            assert_eq!(&*answer.kind.name, "complete");
            assert_eq!(answer.kind.minor, request.kind.minor);
            assert_eq!(answer.thread, request.thread);
        }
    }
}

#[test]
fn a_response_signed_by_somebody_else_is_refused_and_the_right_one_still_taken() {
    for (handshake, method) in WAYS {
        let (mut requester, request) = begin(*handshake, *method);
        let (_, forged) = respond(&request, *method, (STRANGER, STRANGER));
        let refused = requester.receive(&forged.answer).unwrap_err().to_string();
        let expected = format!("is signed by {}, who did not invite", verkey(STRANGER));
        assert!(refused.ends_with(&expected), "{refused}");

        let (_, right) = respond(&request, *method, (THEIRS, INVITED));
        requester.receive(&right.answer).unwrap();
    }
}

#[test]
fn a_response_says_which_request_it_answers() {
    for (handshake, method) in WAYS {
        let (mut requester, request) = begin(*handshake, *method);
        let (_, mut seen) = respond(&request, *method, (THEIRS, INVITED));
        seen.answer.thread.thid = None;
        let refused = requester.receive(&seen.answer).unwrap_err().to_string();
        assert!(refused.ends_with("does not say which request it answers"), "{refused}");
    }
}

#[test]
fn a_signature_is_not_lent_to_another_did() {
    for (handshake, method) in &WAYS[1..] {
        let (mut requester, request) = begin(*handshake, *method);
        let (_, right) = respond(&request, *method, (THEIRS, INVITED));
        let other = Somebody::new(STRANGER, *method).did.did;
        let refused = requester.receive(&right.answer.with("did", other)).unwrap_err();
        assert!(matches!(refused, ProtocolError::Wrong { .. }), "{refused}");
    }
}

#[test]
fn a_response_without_a_signature_is_taken_only_for_the_inviters_own_did() {
    let inviter = Somebody::new(INVITED, DidMethod::Peer4).did.did;
    let keys = [verkey(INVITED)];
    let me = Somebody::new(OURS, DidMethod::Peer4);
    let short = did::short_form(&inviter);
    for (known, fine) in [(Some(&*inviter), true), (Some(short), true), (None, false)] {
        let about = Inviter { did: known, keys: &keys };
        let (mut requester, request) =
            Requester::begin(DidExchange1_1, INVITATION, about, &me.party());
        let (_, seen) = respond(&request, DidMethod::Peer4, (INVITED, INVITED));
        let mut response = seen.answer;
        response.fields.remove("did_rotate~attach").unwrap();
        assert_eq!(requester.receive(&response).is_ok(), fine, "{known:?}");
    }
}

#[test]
fn any_key_of_the_inviters_did_may_sign() {
    let keys = [verkey(STRANGER), verkey(INVITED)];
    let inviter = Inviter { did: Some("did:sov:WgWxqztrNooG92RXvxSTWv"), keys: &keys };
    let me = Somebody::new(OURS, DidMethod::Peer2);
    let (mut requester, request) =
        Requester::begin(DidExchange1_1, INVITATION, inviter, &me.party());
    let (_, seen) = respond(&request, DidMethod::Peer2, (THEIRS, INVITED));
    assert_eq!(recipients(&requester.receive(&seen.answer).unwrap()), [verkey(THEIRS)]);
}

#[test]
fn a_request_signed_by_somebody_else_is_refused() {
    let mut stolen = Somebody::new(OURS, DidMethod::Unqualified);
    stolen.key = key(STRANGER);
    let inviter = Inviter { did: None, keys: &[verkey(INVITED)] };
    let (_, request) = Requester::begin(DidExchange1_0, INVITATION, inviter, &stolen.party());
    let me = Somebody::new(THEIRS, DidMethod::Unqualified);
    let refused = Responder::receive(&request, &key(INVITED), &me.party(), NOW).unwrap_err();
    let expected = format!("is signed by {}, which is no key of `did`", verkey(STRANGER));
    assert!(refused.to_string().ends_with(&expected), "{refused}");
}

#[test]
fn a_problem_ends_the_handshake_on_either_side() {
    for (handshake, method) in WAYS {
        let (mut requester, request) = begin(*handshake, *method);
        let (mut responder, seen) = respond(&request, *method, (THEIRS, INVITED));
        let report = notification::problem_report(&request, "request_not_accepted", "");
        assert!(matches!(requester.receive(&report), Err(ProtocolError::Problem(_))));
        let late = requester.receive(&seen.answer);
        assert!(matches!(late, Err(ProtocolError::OutOfTurn { .. })), "{late:?}");

        assert!(matches!(responder.complete(&report), Err(ProtocolError::Problem(_))));
        let late = responder.complete(&trust_ping::ping(false));
        assert!(matches!(late, Err(ProtocolError::OutOfTurn { .. })), "{late:?}");
    }
}

#[test]
fn a_complete_needs_both_threads() {
    let (mut requester, request) = begin(DidExchange1_1, DidMethod::Peer4);
    let (mut responder, seen) = respond(&request, DidMethod::Peer4, (THEIRS, INVITED));
    let complete = requester.receive(&seen.answer).unwrap().answer;
    let mut orphan = complete.clone();
    orphan.thread.pthid = None;
    for wrong in [orphan, complete.clone().on_thread("other")] {
        assert!(matches!(responder.complete(&wrong), Err(ProtocolError::Wrong { .. })));
    }
    responder.complete(&complete).unwrap();
    assert!(matches!(responder.complete(&complete), Err(ProtocolError::OutOfTurn { .. })));
}
