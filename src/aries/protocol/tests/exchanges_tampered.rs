//! Exchanges in which messages are shuffled, repeated, lost and damaged on the way.

use proptest::{collection, prelude::*, sample::select};
use serde_json::{Value, json};

use super::{
    any::message_of,
    exchanges::{offer, request},
    tampering::{corrupted, replaced},
};
use crate::aries::{
    didcomm::Message,
    protocol::{
        Format, ProtocolError,
        issue_credential::{self, Holder, Issuer},
        notification,
        present_proof::{self, Prover, Verdict, Verifier},
    },
};

const CREDENTIAL: &[u8] = b"{\"credential\":1}";
const REQUEST: &[u8] = b"{\"request\":1}";
const PROOF: &[u8] = b"{\"proof\":1}";

/// What happens next: who is written to, which of all messages so far, and how it is damaged.
type Step = (bool, usize, u8, usize, u8);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (any::<bool>(), any::<usize>(), 0..6_u8, any::<usize>(), any::<u8>());
    collection::vec(step, 1..40)
}

/// One of the messages so far, as it is or damaged.
fn one_of(said: &[Message], (_, which, damage, at, with): Step) -> Option<Message> {
    let message = &said[which % said.len()];
    match damage {
        0 => corrupted(message, at, with),
        1 => replaced(message, at, &Value::Null),
        2 => replaced(message, at, &json!("other")),
        _ => Some(message.clone()),
    }
}

/// Nothing is refused for another reason than those that are said.
fn is_refused<T>(result: &Result<T, ProtocolError>) -> bool {
    matches!(result, Err(ProtocolError::OutOfTurn { .. } | ProtocolError::Wrong { .. }))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever is done to the messages: what each side makes of them happens once and in order, and
    /// undamaged they lead to the end.
    #[test]
    fn a_credential_is_issued_requested_and_acked_at_most_once(
        format in select(&Format::ALL),
        steps in steps(),
    ) {
        let (mut issuer, offered) = Issuer::offer(&offer(format));
        let (mut holder, _) = Holder::offered(&offered).unwrap();
        let mut said = vec![offered, holder.request(REQUEST).unwrap()];
        let (mut requested, mut issued, mut acked) = (0, 0, 0);
        for step in steps {
            let Some(message) = one_of(&said, step) else { continue };
            if step.0 {
                let before = format!("{holder:?}");
                if holder.receive(&message).is_ok() {
                    issued += 1;
                    said.push(holder.ack().unwrap());
                } else {
                    prop_assert_eq!(before, format!("{:?}", holder));
                }
            } else {
                let before = format!("{issuer:?}");
                match (issuer.requested(&message), issuer.acked(&message)) {
                    (Ok(_), late) => {
                        prop_assert!(is_refused(&late));
                        requested += 1;
                        said.push(issuer.issue(CREDENTIAL).unwrap());
                    }
                    (early, Ok(())) => {
                        prop_assert!(is_refused(&early));
                        acked += 1;
                    }
                    (Err(_), Err(_)) => prop_assert_eq!(before, format!("{:?}", issuer)),
                }
            }
            prop_assert!(acked <= issued && issued <= requested && requested <= 1);
        }
        for message in said.clone() {
            requested += usize::from(issuer.requested(&message).is_ok());
        }
        if let Ok(issue) = issuer.issue(CREDENTIAL) {
            said.push(issue);
        }
        for message in said.clone() {
            if holder.receive(&message).is_ok() {
                issued += 1;
                said.push(holder.ack().unwrap());
            }
        }
        for message in &said {
            acked += usize::from(issuer.acked(message).is_ok());
        }
        prop_assert_eq!((requested, issued, acked), (1, 1, 1));
    }

    /// A verdict comes from the verifier's ack on this thread alone, once, and as it was sent unless
    /// the ack itself was damaged.
    #[test]
    fn a_verdict_comes_from_the_ack_of_this_exchange_alone(
        format in select(&Format::ALL),
        found in select(&[Verdict::Verified, Verdict::NotVerified][..]),
        steps in steps(),
    ) {
        let (mut verifier, asked) = Verifier::request(&request(format));
        let (mut prover, _) = Prover::requested(&asked).unwrap();
        let (mut other_verifier, other_asked) = Verifier::request(&request(format));
        let (mut other_prover, _) = Prover::requested(&other_asked).unwrap();
        other_verifier.presented(&other_prover.present(PROOF).unwrap()).unwrap();
        let other = other_verifier.confirm(Some(Verdict::Verified)).unwrap();
        let mut said = vec![asked, other, prover.present(PROOF).unwrap()];
        let (mut presented, mut confirmed, mut ack) = (0, 0, None);
        for step in steps {
            let Some(message) = one_of(&said, step) else { continue };
            if step.0 {
                let before = format!("{prover:?}");
                if let Ok(verdict) = prover.confirmed(&message) {
                    confirmed += 1;
                    prop_assert!(ack.is_some());
                    prop_assert_eq!(message.thread_id(), verifier.thread_id());
                    if ack.as_ref() == Some(&message) {
                        prop_assert_eq!(verdict, Some(found));
                    }
                } else {
                    prop_assert_eq!(before, format!("{:?}", prover));
                }
            } else if verifier.presented(&message).is_ok() {
                presented += 1;
                let sent = verifier.confirm(Some(found)).unwrap();
                ack = Some(sent.clone());
                said.push(sent);
            }
            prop_assert!(confirmed <= presented && presented <= 1);
        }
    }

    /// A report on its thread ends an exchange for good.
    #[test]
    fn after_a_problem_nothing_is_taken_or_said(format in select(&Format::ALL), late in any::<bool>()) {
        let (mut issuer, offered) = Issuer::offer(&offer(format));
        let (mut holder, _) = Holder::offered(&offered).unwrap();
        let asking = holder.request(REQUEST).unwrap();
        issuer.requested(&asking).unwrap();
        let issue = issuer.issue(CREDENTIAL).unwrap();
        if late {
            holder.receive(&issue).unwrap();
        }
        let report = issuer.abandon("issuance-abandoned", "no").unwrap();
        let heard = matches!(holder.receive(&report), Err(ProtocolError::Problem(_)));
        prop_assert!(heard);
        prop_assert!(is_refused(&holder.receive(&issue)));
        prop_assert!(is_refused(&holder.ack()));
        prop_assert!(is_refused(&issuer.acked(&asking)));
    }

    #[test]
    fn no_message_makes_an_exchange_panic(
        message in select(&[
            "issue-credential/1/propose-credential", "issue-credential/1/offer-credential",
            "issue-credential/1/request-credential", "issue-credential/1/issue-credential",
            "issue-credential/2/propose-credential", "issue-credential/2/offer-credential",
            "issue-credential/2/request-credential", "issue-credential/2/issue-credential",
            "present-proof/1/propose-presentation", "present-proof/1/request-presentation",
            "present-proof/1/presentation", "present-proof/1/ack",
            "present-proof/2/propose-presentation", "present-proof/2/request-presentation",
            "present-proof/2/presentation", "present-proof/2/ack",
        ][..]).prop_flat_map(message_of),
        format in select(&Format::ALL),
    ) {
        let errors = [
            Holder::offered(&message).err(),
            Issuer::proposed(&message).err(),
            Prover::requested(&message).err(),
            Verifier::proposed(&message).err(),
        ];
        for error in errors.iter().flatten() {
            for report in [issue_credential::refuse(&message, error), present_proof::refuse(&message, error)] {
                prop_assert!(report.is_none_or(|it| notification::problem(&it).is_some()));
            }
        }
        let (mut issuer, offered) = Issuer::offer(&offer(format));
        let message = message.on_thread(issuer.thread_id());
        let _ = issuer.requested(&message);
        let (mut holder, _) = Holder::offered(&offered).unwrap();
        holder.request(REQUEST).unwrap();
        let _ = holder.receive(&message);
        let (mut verifier, asked) = Verifier::request(&request(format));
        let message = message.on_thread(verifier.thread_id());
        let _ = verifier.presented(&message);
        let (mut prover, _) = Prover::requested(&asked).unwrap();
        prover.present(PROOF).unwrap();
        let _ = prover.confirmed(&message);
    }
}
