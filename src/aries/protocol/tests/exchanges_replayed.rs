//! Recorded exchanges with ACA-Py: on the other side's words, ours say what its holder said.

use super::{Run, flows};
use crate::aries::{
    didcomm::{Message, attachment::Attachment, invitation::Invitation},
    protocol::{
        Format, ProtocolError,
        format::Part,
        issue_credential::{Holder, Issuer},
        present_proof::{Prover, Verifier},
        revocation::{REVOKES, Revocable, Revoked},
    },
};

/// One exchange of a recorded flow: who said what.
struct Recorded {
    of: String,
    said: Vec<(bool, Message)>,
}

/// The exchanges of a protocol; what is attached to an invitation comes first in them.
fn recorded(protocol: &str) -> Vec<Recorded> {
    let flows = flows();
    let of_protocol = flows.iter().filter(|(flow, _)| flow.starts_with(protocol));
    let runs = of_protocol.flat_map(|(flow, runs)| runs.iter().map(move |run| (flow, run)));
    runs.map(|(flow, run)| Recorded { of: format!("{flow}, {}", run.agent), said: said(run) })
        .collect()
}

fn said(run: &Run) -> Vec<(bool, Message)> {
    let attached = run.invitation.clone().map(|it| {
        let invitation = Invitation::from_value(it).unwrap();
        let mut attached = invitation.attached[0].clone();
        attached.thread.pthid = None;
        (false, attached.with_parent(invitation.id))
    });
    let messages =
        run.messages.iter().map(|it| (it.from.as_deref() == Some("holder"), it.message()));
    attached.into_iter().chain(messages).collect()
}

/// The recorded thread becomes that of what we said first.
fn on_our_thread(recorded: &Message, first: Option<&Message>) -> Message {
    match first {
        Some(first) => recorded.clone().on_thread(first.thread_id()),
        None => recorded.clone(),
    }
}

/// What was said and what we say differ in their ids, in remarks, and in that the recorded holder
/// brings a service.
fn assert_same(ours: &Message, recorded: &Message, of: &str) {
    let mut fields = recorded.fields.clone();
    for field in ["comment", "~service"] {
        fields.remove(field);
    }
    assert_eq!((&ours.kind, &ours.fields), (&recorded.kind, &fields), "{of}");
}

/// As it was recorded, with the JSON that is attached written the way we do.
fn compact(mut recorded: Message, field: &str) -> Message {
    let attachment = Attachment::from_value(&recorded.fields[field][0]).unwrap();
    let payload = Attachment::of_json(&attachment.json().unwrap()).to_value();
    recorded.fields[field][0]["data"] = payload["data"].clone();
    recorded
}

fn format_of(part: Part, message: &Message) -> Format {
    part.read(message, &Format::ALL).unwrap().format
}

#[test]
fn a_holder_says_what_the_recorded_holder_said() {
    let (mut issued, mut abandoned) = (0, 0);
    for Recorded { of, said } in recorded("issue-credential") {
        let (mut holder, mut first) = (None::<Holder>, None);
        for (ours, recorded) in &said {
            let message = on_our_thread(recorded, first.as_ref());
            let sent = match (&*recorded.kind.name, &mut holder) {
                ("propose-credential", None) => {
                    let (_, proposal) = Issuer::proposed(recorded).unwrap();
                    let (begun, proposed) = Holder::propose(&proposal);
                    (holder, first) = (Some(begun), Some(proposed.clone()));
                    assert_same(&proposed, &compact(message, "filters~attach"), &of);
                    continue;
                }
                ("offer-credential", None) => {
                    let (begun, offer) = Holder::offered(&message).unwrap();
                    assert_eq!(offer.preview[0].value, "Alice Smith", "{of}");
                    holder = Some(begun);
                    continue;
                }
                ("offer-credential", Some(holder)) => {
                    holder.receive_offer(&message).unwrap();
                    continue;
                }
                ("request-credential", Some(holder)) => {
                    let format = format_of(Part::Request, recorded);
                    holder.request(&Part::Request.payload(recorded, format).unwrap())
                }
                ("issue-credential", Some(holder)) => {
                    issued += usize::from(holder.receive(&message).is_ok());
                    continue;
                }
                ("ack", Some(holder)) => holder.ack(),
                ("problem-report", Some(holder)) => {
                    let told = holder.receive(&message).unwrap_err();
                    assert!(matches!(told, ProtocolError::Problem(_)), "{of}: {told}");
                    abandoned += 1;
                    // The recorded holder did not listen to it; the credential came all the same.
                    break;
                }
                (name, _) => panic!("{name} in {of}"),
            };
            assert!(ours, "{of}");
            let sent = sent.unwrap();
            assert_same(&sent, recorded, &of);
            assert_eq!(sent.thread, message.thread, "{of}");
        }
    }
    assert_eq!((issued, abandoned), (8, 2));
}

#[test]
fn a_prover_says_what_the_recorded_prover_said() {
    let (mut confirmed, mut declined) = (0, 0);
    for Recorded { of, said } in recorded("present-proof") {
        let (mut prover, mut first) = (None::<Prover>, None);
        for (ours, recorded) in &said {
            let message = on_our_thread(recorded, first.as_ref());
            let sent = match (&*recorded.kind.name, &mut prover) {
                ("propose-presentation", None) => {
                    let (_, proposal) = Verifier::proposed(recorded).unwrap();
                    let (begun, proposed) = Prover::propose(&proposal);
                    (prover, first) = (Some(begun), Some(proposed.clone()));
                    assert_same(&proposed, &compact(message, "proposals~attach"), &of);
                    continue;
                }
                ("request-presentation", None) => {
                    let (begun, request) = Prover::requested(&message).unwrap();
                    assert!(request.will_confirm, "{of}");
                    prover = Some(begun);
                    continue;
                }
                ("request-presentation", Some(prover)) => {
                    prover.receive_request(&message).unwrap();
                    continue;
                }
                ("presentation", Some(prover)) => {
                    let format = format_of(Part::Proof, recorded);
                    prover.present(&Part::Proof.payload(recorded, format).unwrap())
                }
                ("ack", Some(prover)) => {
                    // Whatever they found, the recorded verifiers do not say it.
                    assert_eq!(prover.confirmed(&message).unwrap(), None, "{of}");
                    confirmed += 1;
                    continue;
                }
                ("problem-report", Some(prover)) if *ours => {
                    declined += 1;
                    prover.decline("abandoned", "abandoned")
                }
                ("problem-report", Some(prover)) => {
                    let told = prover.confirmed(&message).unwrap_err();
                    assert!(matches!(told, ProtocolError::OutOfTurn { .. }), "{of}: {told}");
                    continue;
                }
                (name, _) => panic!("{name} in {of}"),
            };
            assert!(ours, "{of}");
            let sent = sent.unwrap();
            assert_same(&sent, recorded, &of);
            assert_eq!(sent.thread, message.thread, "{of}");
        }
    }
    assert_eq!((confirmed, declined), (12, 2));
}

#[test]
fn a_recorded_notification_is_written_as_it_was() {
    let mut count = 0;
    for Recorded { of, said } in recorded("revocation-notification") {
        for (_, message) in said {
            assert!(REVOKES.iter().any(|kind| message.kind.is(kind)), "{of}");
            let revoked = Revoked::read(&message).unwrap();
            assert_eq!(revoked.comment, "no longer valid", "{of}");
            let again = match &revoked.by {
                Revocable::Thread(_) => revoked.message_1(),
                Revocable::Credential { index, .. } => {
                    assert_eq!(*index, 4, "{of}");
                    revoked.message_2().unwrap()
                }
            };
            assert_eq!((&again.kind, &again.fields), (&message.kind, &message.fields), "{of}");
            count += 1;
        }
    }
    assert_eq!(count, 4);
}
