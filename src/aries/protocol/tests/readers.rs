//! Every message of the recorded flows is read by the reader that its kind belongs to.

use serde_json::Value;

use super::{exchanges, flows};
use crate::aries::{
    didcomm::{KeyPair, Kind, Message, Verkey, did, did::DidMethod, invitation::Handshake},
    protocol::{
        Format, Inviter, Party, ProtocolError, Requester, Responder, basic_message, discover,
        issue_credential::{Holder, Issuer},
        mediation::{self, mediator},
        notification, out_of_band,
        pickup::{v1, v2},
        present_proof::{Prover, Verifier},
        revocation::Revoked,
        routing, trust_ping,
    },
};

/// A reader, and what it makes of a message.
type Reader = fn(&Message) -> Result<(), ProtocolError>;

/// Kinds, without a minor version, and their readers.
pub(super) const READERS: &[(&str, Reader)] = &[
    ("basicmessage/1/message", |it| basic_message::content(it).map(drop)),
    ("connections/1/request", |it| responder(it).map(drop)),
    ("connections/1/response", |it| response(Handshake::Connections1_0, it)),
    ("coordinate-mediation/1/keylist", |it| mediation::keylist(it).map(drop)),
    ("coordinate-mediation/1/keylist-query", |it| mediator::read_query(it).map(drop)),
    ("coordinate-mediation/1/keylist-update", |it| mediator::read_update(it).map(drop)),
    ("coordinate-mediation/1/keylist-update-response", |it| {
        mediation::KeylistUpdate::default().confirmed(it)
    }),
    ("coordinate-mediation/1/mediate-grant", |it| mediation::granted(it).map(drop)),
    ("coordinate-mediation/1/mediate-request", mediator::read_request),
    ("didexchange/1/complete", completed),
    ("didexchange/1/request", |it| responder(it).map(drop)),
    ("didexchange/1/response", |it| response(Handshake::DidExchange1_1, it)),
    ("discover-features/1/disclose", |it| discover::disclosed(it).map(drop)),
    ("discover-features/1/query", |it| answered(it, discover::answer(it, discover::SUPPORTED))),
    ("discover-features/2/disclosures", |it| discover::disclosed(it).map(drop)),
    ("discover-features/2/queries", |it| answered(it, discover::answer(it, discover::SUPPORTED))),
    ("issue-credential/2/ack", read_ack),
    ("issue-credential/2/issue-credential", read_credential),
    ("issue-credential/2/offer-credential", |it| Holder::offered(it).map(drop)),
    ("issue-credential/2/problem-report", |it| answered(it, notification::problem(it))),
    ("issue-credential/2/propose-credential", |it| Issuer::proposed(it).map(drop)),
    ("issue-credential/2/request-credential", read_request),
    ("messagepickup/1/batch-pickup", |it| v1::read_batch_pickup(it).map(drop)),
    ("messagepickup/1/noop", |_| Ok(())),
    ("messagepickup/1/status-request", |_| Ok(())),
    ("messagepickup/2/delivery", |it| v2::read_delivery(it).map(drop)),
    ("messagepickup/2/delivery-request", |it| v2::read_delivery_request(it).map(drop)),
    ("messagepickup/2/live-delivery-change", |it| v2::read_live_delivery_change(it).map(drop)),
    ("messagepickup/2/messages-received", |it| v2::read_received(it).map(drop)),
    ("messagepickup/2/status", |it| v2::Status::read(it).map(drop)),
    ("messagepickup/2/status-request", |it| v2::read_status_request(it).map(drop)),
    ("notification/1/problem-report", |it| {
        let problem = notification::problem(it).filter(|it| it.code == "message-parse-failure");
        answered(it, problem)
    }),
    ("out-of-band/1/handshake-reuse", |it| out_of_band::accept_reuse(it).map(drop)),
    ("out-of-band/1/handshake-reuse-accepted", |it| {
        let mut reuse = out_of_band::reuse(it.thread.pthid.as_deref().unwrap_or_default());
        it.thread_id().clone_into(&mut reuse.id);
        out_of_band::reuse_accepted(it, &reuse)
    }),
    ("present-proof/2/ack", read_confirmation),
    ("present-proof/2/presentation", read_presentation),
    ("present-proof/2/problem-report", |it| answered(it, notification::problem(it))),
    ("present-proof/2/propose-presentation", |it| Verifier::proposed(it).map(drop)),
    ("present-proof/2/request-presentation", |it| Prover::requested(it).map(drop)),
    ("revocation_notification/1/revoke", |it| Revoked::read(it).map(drop)),
    ("revocation_notification/2/revoke", |it| Revoked::read(it).map(drop)),
    ("routing/1/forward", |it| routing::read_forward(it).map(drop)),
    ("trust_ping/1/ping", |it| {
        let answer = trust_ping::answer(it);
        let wanted = it.fields.get("response_requested") != Some(&Value::Bool(false));
        if wanted { answered(it, answer) } else { Ok(()) }
    }),
    ("trust_ping/1/ping_response", |_| Ok(())),
];

fn answered<T>(message: &Message, answer: Option<T>) -> Result<(), ProtocolError> {
    let unread = || ProtocolError::OutOfTurn { expected: "another", got: message.kind.clone() };
    answer.map(drop).ok_or_else(unread)
}

fn responder(request: &Message) -> Result<Responder, ProtocolError> {
    let key = KeyPair::from_seed([1; 32]);
    let did = did::OwnDid::new(DidMethod::Peer4, key.verkey(), "http://127.0.0.1", &[]);
    let me = Party { label: "we", key: &key, did: &did };
    Ok(Responder::receive(request, &key, &me, 0)?.0)
}

/// Takes whoever signed a response for who invited; the replays are stricter.
fn response(handshake: Handshake, message: &Message) -> Result<(), ProtocolError> {
    let value = message.to_value();
    let signer = [
        "/connection~sig/signer",
        "/did_doc~attach/data/jws/header/kid",
        "/did_rotate~attach/data/jws/header/kid",
    ];
    let signer = signer.iter().find_map(|at| value.pointer(at)?.as_str()?.parse::<Verkey>().ok());
    let keys: Vec<_> = signer.into_iter().collect();
    let inviter = Inviter { did: None, keys: &keys };
    let thread = message.thread_id().to_owned();
    Requester::waiting(handshake, thread, "invitation", inviter).receive(message).map(drop)
}

/// The request that a complete belongs to is made up.
fn completed(message: &Message) -> Result<(), ProtocolError> {
    let mut request = super::message(
        &Kind::new("didexchange", 1, 0, "request"),
        serde_json::json!({ "did": "WgWxqztrNooG92RXvxSTWv" }),
    );
    request.thread = message.thread.clone();
    responder(&request)?.complete(message)
}

/// The format that a recorded message is in.
fn format_of(message: &Message) -> Format {
    let text = message.to_value().to_string();
    if text.contains("anoncreds/") { Format::AnonCreds } else { Format::Indy }
}

/// Reads a recorded request as if it answered an offer of ours; the others likewise.
fn read_request(message: &Message) -> Result<(), ProtocolError> {
    let (mut issuer, _) = Issuer::offer(&exchanges::offer(format_of(message)));
    let message = message.clone().on_thread(issuer.thread_id());
    issuer.requested(&message).map(drop)
}

fn read_credential(message: &Message) -> Result<(), ProtocolError> {
    let (mut holder, ..) = exchanges::asked(format_of(message));
    holder.receive(&message.clone().on_thread(holder.thread_id())).map(drop)
}

fn read_ack(message: &Message) -> Result<(), ProtocolError> {
    let (_, mut issuer, request) = exchanges::asked(Format::Indy);
    issuer.requested(&request)?;
    issuer.issue(b"{}")?;
    issuer.acked(&message.clone().on_thread(issuer.thread_id()))
}

fn read_presentation(message: &Message) -> Result<(), ProtocolError> {
    let (mut verifier, _) = Verifier::request(&exchanges::request(format_of(message)));
    let message = message.clone().on_thread(verifier.thread_id());
    verifier.presented(&message).map(drop)
}

fn read_confirmation(message: &Message) -> Result<(), ProtocolError> {
    let (mut prover, ..) = exchanges::presented(Format::Indy);
    prover.confirmed(&message.clone().on_thread(prover.thread_id())).map(drop)
}

#[test]
fn every_recorded_message_is_read_by_the_reader_of_its_kind() {
    let mut unused: Vec<_> = READERS.iter().map(|(kind, _)| *kind).collect();
    for (flow, runs) in flows() {
        for (run, said) in runs.iter().flat_map(|run| run.messages.iter().map(move |it| (run, it)))
        {
            let message = said.message();
            let kind = &message.kind;
            let kind = format!("{}/{}/{}", kind.protocol, kind.major, kind.name);
            let reader = READERS.iter().find(|(it, _)| *it == kind);
            let (_, reader) = reader.unwrap_or_else(|| panic!("no reader for {kind} of {flow}"));
            let read = reader(&message);
            assert!(read.is_ok(), "{flow}, {}: {kind}: {}", run.agent, read.unwrap_err());
            unused.retain(|it| *it != kind);
        }
    }
    assert!(unused.is_empty(), "no recorded message for {unused:?}");
}
