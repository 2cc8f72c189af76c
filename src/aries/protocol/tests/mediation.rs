//! Mediator and recipient of coordinate-mediation 1.0, both ours.

use proptest::{collection, prelude::*};
use serde_json::json;

use super::{message, verkey};
use crate::aries::{
    didcomm::Verkey,
    protocol::{
        ProtocolError,
        mediation::{
            self, Action, DENY, GRANT, KEYLIST, KeylistUpdate, Outcome, UPDATE, UPDATE_RESPONSE,
            UPDATES_MAX, mediator,
        },
    },
};

#[test]
fn a_grant_names_where_messages_go() {
    let request = mediation::request();
    mediator::read_request(&request).unwrap();
    let grant = mediator::grant(&request, "http://mediator", &[verkey(1)]);
    assert_eq!(grant.thread_id(), request.id);
    let granted = mediation::granted(&grant).unwrap();
    assert_eq!(granted.endpoint, "http://mediator");
    assert_eq!(granted.routing, [verkey(1)]);
}

#[test]
fn routing_keys_are_read_in_base58_too() {
    let key = verkey(2);
    let grant =
        message(&GRANT, json!({ "endpoint": "wss://m", "routing_keys": [key.to_string()] }));
    assert_eq!(mediation::granted(&grant).unwrap().routing, [key]);
}

#[test]
fn a_denial_is_a_problem() {
    let denial = mediator::deny(&mediation::request());
    assert_eq!(denial.kind, DENY);
    let error = mediation::granted(&denial).unwrap_err();
    insta::assert_snapshot!(error, @"the other side reports a problem: mediation denied");
}

#[test]
fn a_grant_that_leads_nowhere_is_refused() {
    check_grant(json!({ "endpoint": "", "routing_keys": [] }));
    check_grant(json!({ "endpoint": "http://m", "routing_keys": ["no key"] }));
    check_grant(json!({ "endpoint": "http://m", "routing_keys": vec![verkey(1).did_key(); 17] }));
}

fn check_grant(fields: serde_json::Value) {
    let refused = mediation::granted(&message(&GRANT, fields));
    assert!(matches!(refused, Err(ProtocolError::Wrong { .. })), "{refused:?}");
}

fn update(add: &[u8], remove: &[u8]) -> KeylistUpdate {
    let keys = |numbers: &[u8]| numbers.iter().map(|n| verkey(*n)).collect();
    KeylistUpdate { add: keys(add), remove: keys(remove) }
}

/// The recipient's view of an answer that says `outcome` of every change of `said`.
fn confirmed(asked: &KeylistUpdate, said: &KeylistUpdate, outcome: Outcome) -> Option<String> {
    let updates = mediator::read_update(&said.message()).unwrap();
    let results: Vec<_> = updates.into_iter().map(|it| (it, outcome)).collect();
    let answer = mediator::update_response(&said.message(), &results);
    asked.confirmed(&answer).err().map(|error| error.to_string())
}

#[test]
fn an_update_is_confirmed_if_every_key_became_what_it_should() {
    let asked = update(&[1, 2], &[3]);
    assert_eq!(confirmed(&asked, &asked, Outcome::Success), None);
    assert_eq!(confirmed(&asked, &asked, Outcome::NoChange), None);
}

#[test]
fn a_key_that_did_not_is_named() {
    let asked = update(&[1], &[3]);
    insta::assert_snapshot!(
        confirmed(&asked, &asked, Outcome::ClientError).unwrap(),
        @"a https://didcomm.org/coordinate-mediation/1.0/keylist-update-response that refuses to add the key AKnL4NNf3DGWZJS6cPknBuEGnVsV4A4m5tgebLHaRSZ9"
    );
    insta::assert_snapshot!(
        confirmed(&update(&[], &[3]), &update(&[], &[3]), Outcome::ServerError).unwrap(),
        @"a https://didcomm.org/coordinate-mediation/1.0/keylist-update-response that fails to remove the key GyGKxMyg1p9SsHfm15MkNUu1u9TN2JtTspcdmrtGUdse"
    );
}

#[test]
fn a_key_of_which_nothing_is_said_is_not_confirmed() {
    let error = confirmed(&update(&[1, 2], &[]), &update(&[1], &[2]), Outcome::Success).unwrap();
    assert!(error.ends_with(&format!("to add the key {}", verkey(2))), "{error}");
}

#[test]
fn more_than_a_thousand_updates_are_refused() {
    let keys = vec![verkey(1); UPDATES_MAX];
    let mut asked = KeylistUpdate { add: keys, remove: Vec::new() };
    assert_eq!(mediator::read_update(&asked.message()).unwrap().len(), UPDATES_MAX);
    asked.remove.push(verkey(2));
    let refused = mediator::read_update(&asked.message());
    assert!(matches!(refused, Err(ProtocolError::Wrong { .. })), "{refused:?}");
}

#[test]
fn an_answer_to_more_than_a_thousand_updates_is_refused() {
    let one = json!({ "recipient_key": verkey(1).did_key(), "action": "add", "result": "success" });
    let of = |count| message(&UPDATE_RESPONSE, json!({ "updated": vec![one.clone(); count] }));
    update(&[1], &[]).confirmed(&of(UPDATES_MAX)).unwrap();
    let refused = update(&[1], &[]).confirmed(&of(UPDATES_MAX + 1));
    assert!(matches!(refused, Err(ProtocolError::Wrong { .. })), "{refused:?}");
}

#[test]
fn updates_keep_their_order() {
    let (one, two) = (verkey(1).to_string(), verkey(2).did_key_url());
    let updates = json!([
        { "recipient_key": one, "action": "remove" },
        { "recipient_key": two, "action": "add" },
    ]);
    let read = mediator::read_update(&message(&UPDATE, json!({ "updates": updates }))).unwrap();
    let read: Vec<_> = read.into_iter().map(|it| (it.key, it.action)).collect();
    assert_eq!(read, [(verkey(1), Action::Remove), (verkey(2), Action::Add)]);
}

proptest! {
    #[test]
    fn the_pages_of_a_key_list_are_the_key_list(
        numbers in collection::vec(any::<u8>(), 0..40),
        limit in 1_u32..20,
    ) {
        let keys: Vec<Verkey> = numbers.iter().map(|n| Verkey::from_bytes([*n; 32])).collect();
        let mut listed = Vec::new();
        loop {
            let offset = u32::try_from(listed.len()).unwrap();
            let answer = mediator::keylist(&mediation::query(limit, offset), &keys).unwrap();
            prop_assert_eq!(&answer.kind, &KEYLIST);
            let page = mediation::keylist(&answer).unwrap();
            prop_assert!(page.keys.len() <= limit as usize);
            listed.extend(page.keys);
            prop_assert_eq!(usize::try_from(page.remaining).unwrap(), keys.len() - listed.len());
            if page.remaining == 0 {
                break;
            }
        }
        prop_assert_eq!(listed, keys);
    }

    #[test]
    fn any_page_can_be_asked_for(limit in any::<u64>(), offset in any::<u64>()) {
        let page = json!({ "paginate": { "limit": limit, "offset": offset } });
        let asked = message(&mediation::QUERY, page);
        let answer = mediator::keylist(&asked, &[verkey(1), verkey(2)]).unwrap();
        prop_assert!(mediation::keylist(&answer).unwrap().keys.len() <= 2);
    }
}
