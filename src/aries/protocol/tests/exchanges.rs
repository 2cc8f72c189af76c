//! Holder and issuer, prover and verifier, all ours: what each says, and what it refuses.

use serde_json::{Value, json};

use crate::aries::{
    didcomm::{Message, invitation::Invitation},
    protocol::{
        Format, ProtocolError,
        issue_credential::{self, Attribute, Holder, Issuer, Offer},
        notification,
        present_proof::{self, Prover, Request, Verdict, Verifier},
        trust_ping,
    },
};

pub(super) fn offer(format: Format) -> Offer {
    let preview = vec![Attribute::new("name", "Alice")];
    Offer { format, payload: br#"{"nonce":"1"}"#.to_vec(), preview }
}

pub(super) fn request(format: Format) -> Request {
    Request { format, payload: br#"{"nonce":"2"}"#.to_vec(), will_confirm: true }
}

/// A holder and an issuer; the holder has just asked for the credential.
pub(super) fn asked(format: Format) -> (Holder, Issuer, Message) {
    let (issuer, offered) = Issuer::offer(&offer(format));
    let (mut holder, _) = Holder::offered(&offered).unwrap();
    let request = holder.request(b"{\"blinded_ms\":1}").unwrap();
    (holder, issuer, request)
}

/// A prover and a verifier; the prover has just presented.
pub(super) fn presented(format: Format) -> (Prover, Verifier, Message) {
    let (verifier, asked) = Verifier::request(&request(format));
    let (mut prover, _) = Prover::requested(&asked).unwrap();
    let presentation = prover.present(b"{\"proof\":1}").unwrap();
    (prover, verifier, presentation)
}

fn is_out_of_turn<T>(result: &Result<T, ProtocolError>) -> bool {
    matches!(result, Err(ProtocolError::OutOfTurn { .. }))
}

#[test]
fn a_credential_gets_from_the_issuer_to_the_holder_in_every_format() {
    for format in Format::ALL {
        let (mut issuer, offered) = Issuer::offer(&offer(format));
        let (mut holder, got) = Holder::offered(&offered).unwrap();
        assert_eq!(got, offer(format));
        let request = holder.request(b"{\"a\":1}").unwrap();
        assert_eq!(issuer.requested(&request).unwrap(), b"{\"a\":1}");
        let credential = issuer.issue(b"{\"b\":2}").unwrap();
        assert_eq!(holder.receive(&credential).unwrap(), b"{\"b\":2}");
        let ack = holder.ack().unwrap();
        issuer.acked(&ack).unwrap();
        for said in [&request, &credential, &ack] {
            assert_eq!(said.thread_id(), offered.id);
            assert_eq!((said.kind.major, said.kind.minor), (format.major(), 0));
        }
        assert!(is_out_of_turn(&holder.ack()));
        assert!(is_out_of_turn(&holder.decline("late", "")));
    }
}

#[test]
fn a_proposal_leads_to_an_offer_in_its_format() {
    for format in Format::ALL {
        let filter = json!({ "cred_def_id": "c", "schema_name": "degree" });
        let Value::Object(filter) = filter else { unreachable!() };
        let preview = vec![Attribute::new("name", "Alice")];
        let proposal = issue_credential::Proposal { format, filter, preview };
        let (mut holder, proposed) = Holder::propose(&proposal);
        let (mut issuer, got) = Issuer::proposed(&proposed).unwrap();
        assert_eq!(got, proposal);
        let offered = issuer.answer(offer(Format::Indy)).unwrap();
        assert_eq!(offered.thread_id(), proposed.id);
        assert!(is_out_of_turn(&issuer.answer(offer(format))));
        assert_eq!(holder.receive_offer(&offered).unwrap(), offer(format));
        issuer.requested(&holder.request(b"{}").unwrap()).unwrap();
    }
}

#[test]
fn a_verdict_gets_from_the_verifier_to_the_prover_in_every_format() {
    for format in Format::ALL {
        for verdict in [Some(Verdict::Verified), Some(Verdict::NotVerified), None] {
            let (mut prover, mut verifier, presentation) = presented(format);
            assert_eq!(verifier.presented(&presentation).unwrap(), b"{\"proof\":1}");
            let ack = verifier.confirm(verdict).unwrap();
            assert_eq!(ack.thread_id(), prover.thread_id());
            assert_eq!(prover.confirmed(&ack).unwrap(), verdict);
            assert!(is_out_of_turn(&prover.confirmed(&ack)));
            assert!(is_out_of_turn(&verifier.confirm(verdict)));
        }
    }
}

#[test]
fn a_proposed_presentation_leads_to_a_request_in_its_format() {
    for format in Format::ALL {
        let payload = json!({ "attributes": [{ "name": "age" }], "predicates": [] });
        let proposal = present_proof::Proposal { format, payload };
        let (mut prover, proposed) = Prover::propose(&proposal);
        let (mut verifier, got) = Verifier::proposed(&proposed).unwrap();
        assert_eq!(got, proposal);
        let asked = verifier.answer(request(Format::Indy)).unwrap();
        assert_eq!(asked.thread_id(), proposed.id);
        assert_eq!(prover.receive_request(&asked).unwrap(), request(format));
        verifier.presented(&prover.present(b"{}").unwrap()).unwrap();
    }
}

#[test]
fn version_1_is_written_as_its_rfcs_say() {
    let (_, _, request) = asked(Format::LibIndy);
    let id = |message: &Message, field: &str| message.fields[field][0]["@id"].clone();
    assert_eq!(id(&request, "requests~attach"), "libindy-cred-request-0");
    let (_, offered) = Issuer::offer(&offer(Format::LibIndy));
    assert_eq!(id(&offered, "offers~attach"), "libindy-cred-offer-0");
    let preview = &offered.fields["credential_preview"];
    assert_eq!(preview["@type"], "https://didcomm.org/issue-credential/1.0/credential-preview");
    let (_, _, presentation) = presented(Format::LibIndy);
    assert_eq!(id(&presentation, "presentations~attach"), "libindy-presentation-0");
    for message in [request, offered, presentation] {
        assert_eq!(message.fields.get("formats"), None);
    }
}

#[test]
fn an_attachment_of_version_1_may_have_any_id_if_it_is_alone() {
    let (_, mut offered) = Issuer::offer(&offer(Format::LibIndy));
    offered.fields["offers~attach"][0]["@id"] = json!("7");
    assert_eq!(Holder::offered(&offered).unwrap().1, offer(Format::LibIndy));
}

#[test]
fn of_several_formats_the_first_that_is_known_is_taken() {
    let (_, mut offered) = Issuer::offer(&offer(Format::AnonCreds));
    let formats = json!([
        { "attach_id": "ld", "format": "aries/ld-proof-vc-detail@v1.0" },
        { "attach_id": "anoncreds", "format": "anoncreds/credential-offer@v1.0" },
        { "attach_id": "indy", "format": "hlindy/cred-abstract@v2.0" },
    ]);
    offered.fields.insert("formats".into(), formats);
    let (mut holder, got) = Holder::offered(&offered).unwrap();
    assert_eq!(got, offer(Format::AnonCreds));
    let request = holder.request(b"{}").unwrap();
    assert_eq!(request.fields["formats"][0]["format"], "anoncreds/credential-request@v1.0");
}

#[test]
fn an_offer_in_unknown_formats_is_refused_with_a_report_on_its_thread() {
    let (mut issuer, mut offered) = Issuer::offer(&offer(Format::Indy));
    offered.fields["formats"][0]["format"] = json!("aries/ld-proof-vc-detail@v1.0");
    let error = Holder::offered(&offered).unwrap_err();
    insta::assert_snapshot!(error, @"a https://didcomm.org/issue-credential/2.0/offer-credential that is in none of the formats `hlindy/cred-abstract@v2.0` or `anoncreds/credential-offer@v1.0`, only in [`aries/ld-proof-vc-detail@v1.0`]");
    let report = issue_credential::refuse(&offered, &error).unwrap();
    assert!(report.kind.is(&issue_credential::v2::PROBLEM_REPORT));
    let heard = issuer.requested(&report);
    assert!(matches!(heard, Err(ProtocolError::Problem(it)) if it.code == "issuance-abandoned"));
}

#[test]
fn what_is_out_of_turn_or_of_another_protocol_is_not_answered_with_a_report() {
    let (holder, ..) = asked(Format::Indy);
    let (mut again, ..) = asked(Format::Indy);
    let (_, offered) = Issuer::offer(&offer(Format::Indy));
    let offered = offered.on_thread(again.thread_id());
    let early = again.receive(&offered).unwrap_err();
    assert_eq!(issue_credential::refuse(&offered, &early), None);
    let wrong = again.receive(&offered.clone().on_thread("other")).unwrap_err();
    assert_eq!(issue_credential::refuse(&trust_ping::ping(true), &wrong), None);
    assert_eq!(present_proof::refuse(&offered, &wrong), None);
    let mut ack = Message::new(issue_credential::v2::ACK).on_thread(holder.thread_id());
    assert_eq!(issue_credential::refuse(&ack, &wrong), None);
    ack.kind = issue_credential::v2::PROBLEM_REPORT;
    assert_eq!(issue_credential::refuse(&ack, &wrong), None);
}

#[test]
fn a_problem_ends_the_exchange_on_every_side() {
    let (mut holder, mut issuer, asking) = asked(Format::Indy);
    let report = notification::problem_report(&asking, "issuance-abandoned", "no");
    assert!(matches!(holder.receive(&report), Err(ProtocolError::Problem(_))));
    assert!(is_out_of_turn(&holder.receive(&report)));
    assert!(matches!(issuer.requested(&report), Err(ProtocolError::Problem(_))));
    assert!(is_out_of_turn(&issuer.requested(&asking)));

    let (mut prover, mut verifier, presentation) = presented(Format::AnonCreds);
    let declined = prover.decline(present_proof::ABANDONED, "no").unwrap();
    assert!(matches!(verifier.presented(&declined), Err(ProtocolError::Problem(_))));
    assert!(is_out_of_turn(&verifier.presented(&presentation)));
    assert!(is_out_of_turn(&prover.present(b"{}")));
}

#[test]
fn a_report_about_another_exchange_ends_nothing() {
    let (mut holder, mut issuer, request) = asked(Format::Indy);
    let report = notification::problem_report(&trust_ping::ping(true), "any", "");
    assert!(matches!(holder.receive(&report), Err(ProtocolError::Wrong { .. })));
    issuer.requested(&request).unwrap();
    holder.receive(&issuer.issue(b"{}").unwrap()).unwrap();
}

#[test]
fn a_verdict_that_is_none_is_refused_and_the_right_one_still_taken() {
    let (mut prover, mut verifier, presentation) = presented(Format::Indy);
    verifier.presented(&presentation).unwrap();
    let ack = verifier.confirm(Some(Verdict::NotVerified)).unwrap();
    for result in [json!("maybe"), json!(1), json!({})] {
        let refused = prover.confirmed(&ack.clone().with("verification_result", result));
        assert!(matches!(refused, Err(ProtocolError::Wrong { .. })), "{refused:?}");
    }
    assert_eq!(prover.confirmed(&ack).unwrap(), Some(Verdict::NotVerified));
}

#[test]
fn what_is_attached_to_an_invitation_is_answered_with_both_threads() {
    let (_, asked) = Verifier::request(&request(Format::Indy));
    for thid in [None, Some(asked.id.clone())] {
        let mut asked = asked.clone();
        asked.thread.thid = thid;
        let (mut prover, _) = Prover::requested(&asked.clone().with_parent("invitation")).unwrap();
        let thread = prover.present(b"{}").unwrap().thread;
        let expected = (Some(asked.id), Some("invitation".to_owned()));
        assert_eq!((thread.thid, thread.pthid), expected);
    }
}

#[test]
fn a_request_that_brings_its_service_is_answered_on_its_thread() {
    let key = super::verkey(1).to_string();
    let service = json!({ "recipientKeys": [key], "serviceEndpoint": "http://verifier" });
    let (_, asked) = Verifier::request(&request(Format::LibIndy));
    let bare = asked.clone().with("~service", service);
    let invitation = Invitation::from_value(bare.to_value()).unwrap();
    let (mut prover, got) = Prover::requested(&invitation.attached[0]).unwrap();
    assert!(got.will_confirm);
    let thread = prover.present(b"{}").unwrap().thread;
    assert_eq!((thread.thid, thread.pthid), (Some(asked.id), None));
}

#[test]
fn an_answer_that_names_no_thread_is_refused_and_the_right_one_still_taken() {
    let (mut holder, mut issuer, request) = asked(Format::AnonCreds);
    issuer.requested(&request).unwrap();
    let credential = issuer.issue(b"{}").unwrap();
    let mut orphan = credential.clone();
    orphan.thread.thid = None;
    let refused = holder.receive(&orphan).unwrap_err().to_string();
    assert!(refused.ends_with("does not say which exchange it belongs to"), "{refused}");
    holder.receive(&credential).unwrap();
}

#[test]
fn an_answer_in_another_format_than_the_offer_is_refused() {
    let (mut holder, _, request) = asked(Format::AnonCreds);
    let (_, mut other, other_request) = asked(Format::Indy);
    other.requested(&other_request).unwrap();
    let credential = other.issue(b"{}").unwrap().on_thread(request.thread_id());
    let refused = holder.receive(&credential).unwrap_err().to_string();
    assert!(refused.contains("none of the formats `anoncreds/credential@v1.0`"), "{refused}");
}

/// Why an offer with `value` in `field` is refused.
fn check_refusal(field: &str, value: Value, why: &str) {
    let (_, offered) = Issuer::offer(&offer(Format::Indy));
    let refused = Holder::offered(&offered.with(field, value)).unwrap_err().to_string();
    assert!(refused.contains(why), "{refused}");
}

#[test]
fn an_offer_that_holds_too_much_or_nothing_is_refused() {
    let attribute = json!({ "name": "a", "value": "b" });
    let too_many = json!({ "attributes": vec![attribute; 1001] });
    check_refusal("credential_preview", too_many, "has more than 1000 attributes");
    check_refusal("credential_preview", json!({}), "has no `attributes` in `credential_preview`");
    let unreadable = json!({ "attributes": [{ "name": "a" }] });
    check_refusal("credential_preview", unreadable, "missing field `value`");
    check_refusal("formats", json!(vec![json!({}); 101]), "more than 100 entries in `formats`");
    check_refusal("formats", json!({}), "has a `formats` that is no list");
    check_refusal("offers~attach", json!([]), "has no attachment `indy` in `offers~attach`");
    let link = json!([{ "@id": "indy", "data": { "links": ["http://a"] } }]);
    check_refusal("offers~attach", link, "links are not followed");
}
