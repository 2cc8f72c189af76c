//! Pings, basic messages, forwards, reuse, discovery and menus.

use serde_json::{Value, json};

use super::{message, verkey};
use crate::aries::{
    didcomm::Message,
    protocol::{
        ProtocolError, action_menu,
        action_menu::{MENU, Menu, MenuOption},
        basic_message, discover,
        discover::{DISCLOSE, Feature, QUERIES},
        out_of_band, routing, trust_ping,
    },
};

#[test]
fn a_ping_is_answered_on_its_thread_if_it_wants_that() {
    let ping = trust_ping::ping(true);
    assert_eq!(trust_ping::answer(&ping).unwrap().thread_id(), ping.id);
    assert_eq!(trust_ping::answer(&trust_ping::ping(false)), None);
    let silent = message(&trust_ping::PING, json!({}));
    assert!(trust_ping::answer(&silent).is_some(), "who says nothing wants an answer");
    assert_eq!(trust_ping::answer(&Message::new(trust_ping::PING_RESPONSE)), None);
}

#[test]
fn a_basic_message_says_what_was_written() {
    let sent = basic_message::message("hello", "2026-11-21T00:51:22Z");
    assert_eq!(basic_message::content(&sent).unwrap(), "hello");
    assert!(basic_message::content(&message(&basic_message::MESSAGE, json!({}))).is_err());
    let out_of_turn = basic_message::content(&trust_ping::ping(true));
    insta::assert_snapshot!(
        out_of_turn.unwrap_err(),
        @"a https://didcomm.org/trust_ping/1.0/ping where basic message was due"
    );
}

#[test]
fn a_forward_holds_an_object_or_a_text() {
    let packed = json!({ "protected": "e30" });
    for to in [verkey(1).to_string(), verkey(1).did_key(), verkey(1).did_key_url()] {
        for msg in [packed.clone(), Value::from(packed.to_string())] {
            let forward = message(&routing::FORWARD, json!({ "to": to, "msg": msg }));
            let forward = routing::read_forward(&forward).unwrap();
            assert_eq!(forward.to, verkey(1));
            assert_eq!(forward.packed, br#"{"protected":"e30"}"#);
        }
    }
}

#[test]
fn a_forward_to_nobody_or_of_nothing_is_refused() {
    for fields in [json!({ "to": "me", "msg": {} }), json!({ "to": verkey(1).did_key(), "msg": 4 })]
    {
        let refused = routing::read_forward(&message(&routing::FORWARD, fields));
        assert!(matches!(refused, Err(ProtocolError::Wrong { .. })), "{refused:?}");
    }
}

#[test]
fn a_reuse_is_accepted_for_its_own_invitation() {
    let reuse = out_of_band::reuse("invitation");
    assert_eq!(reuse.thread.thid.as_ref(), Some(&reuse.id));
    let accepted = out_of_band::accept_reuse(&reuse).unwrap();
    assert_eq!(accepted.thread, reuse.thread);
    out_of_band::reuse_accepted(&accepted, &reuse).unwrap();

    for other in [accepted.clone().on_thread("other"), accepted.with_parent("other")] {
        let refused = out_of_band::reuse_accepted(&other, &reuse);
        assert!(matches!(refused, Err(ProtocolError::Wrong { .. })), "{refused:?}");
    }
}

#[test]
fn a_refused_reuse_is_a_problem() {
    let reuse = out_of_band::reuse("invitation");
    let refusal = out_of_band::refuse_reuse(&reuse).unwrap();
    insta::assert_snapshot!(
        out_of_band::reuse_accepted(&refusal, &reuse).unwrap_err(),
        @"the other side reports a problem: existing_connection_not_active: the connection to be reused is not active"
    );
}

#[test]
fn a_reuse_of_no_invitation_is_refused() {
    let reuse = Message::new(out_of_band::REUSE);
    assert!(matches!(out_of_band::accept_reuse(&reuse), Err(ProtocolError::Wrong { .. })));
}

const FEATURES: &[Feature] = &[
    Feature { protocol: "https://didcomm.org/trust_ping/1.0", roles: &["receiver"] },
    Feature { protocol: "https://didcomm.org/issue-credential/1.0", roles: &["holder"] },
    Feature { protocol: "https://didcomm.org/issue-credential/2.0", roles: &["holder"] },
];

/// How many of the three features both versions disclose for a pattern.
fn check_pattern(pattern: &str, expected: usize) {
    for question in [discover::query_1(pattern), discover::queries_2(pattern)] {
        let answer = discover::answer(&question, FEATURES).unwrap();
        assert_eq!(answer.thread_id(), question.id);
        let disclosed = discover::disclosed(&answer).unwrap();
        assert_eq!(disclosed.len(), expected, "{pattern}");
        for it in disclosed {
            let feature = FEATURES.iter().find(|known| known.protocol == it.id).unwrap();
            assert_eq!(
                (&*it.feature_type, &*it.roles),
                ("protocol", &[feature.roles[0].into()][..])
            );
        }
    }
}

#[test]
fn a_star_in_a_query_stands_for_any_text() {
    check_pattern("*", 3);
    check_pattern("https://didcomm.org/*", 3);
    check_pattern("https://didcomm.org/issue-credential/*", 2);
    check_pattern("*/2.0", 1);
    check_pattern("https://*credential*.0", 2);
    check_pattern("**", 3);
    check_pattern("https://didcomm.org/trust_ping/1.0", 1);
    check_pattern("https://didcomm.org/trust_ping/1.0*1.0", 0);
    check_pattern("https://didcomm.org/trust_ping", 0);
    check_pattern("", 0);
    check_pattern(&"*".repeat(513), 0);
}

#[test]
fn other_feature_types_than_protocols_are_not_disclosed() {
    let queries = json!({ "queries": [{ "feature-type": "goal-code", "match": "*" }] });
    let answer = discover::answer(&message(&QUERIES, queries), FEATURES).unwrap();
    assert_eq!(discover::disclosed(&answer).unwrap(), []);
}

#[test]
fn more_than_a_hundred_queries_are_not_looked_at() {
    let mut queries = vec![json!({ "feature-type": "goal-code", "match": "*" }); 99];
    for disclosed in [3, 0] {
        let mut asked = queries.clone();
        asked.push(json!({ "feature-type": "protocol", "match": "*" }));
        let answer = discover::answer(&message(&QUERIES, json!({ "queries": asked })), FEATURES);
        assert_eq!(discover::disclosed(&answer.unwrap()).unwrap().len(), disclosed);
        queries.push(queries[0].clone());
    }
}

#[test]
fn a_holder_discloses_each_protocol_once_and_in_order() {
    let names: Vec<_> = discover::SUPPORTED.iter().map(|it| it.protocol).collect();
    assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
}

#[test]
fn a_disclosure_needs_no_roles() {
    let answer = message(&DISCLOSE, json!({ "protocols": [{ "pid": "p", "roles": null }] }));
    assert_eq!(discover::disclosed(&answer).unwrap()[0].roles, [""; 0]);
}

fn menu() -> Menu {
    let option = |name: &str| MenuOption {
        name: name.to_owned(),
        title: name.to_uppercase(),
        description: String::new(),
        form: None,
    };
    let options = vec![option("renew"), option("leave")];
    Menu { title: "Card".to_owned(), description: "What now?".to_owned(), options }
}

#[test]
fn a_menu_comes_back_as_it_was_sent() {
    assert_eq!(Menu::read(&menu().message()).unwrap(), menu());
}

#[test]
fn a_menu_with_nulls_is_read() {
    let fields = json!({ "title": null, "options": [{ "name": "a", "description": null }] });
    assert_eq!(Menu::read(&message(&MENU, fields)).unwrap().options[0].name, "a");
}

#[test]
fn what_is_chosen_goes_to_the_thread_of_the_menu() {
    let sent = menu().message();
    let chosen = action_menu::perform(&sent, "renew", &[("until", "2027")]).unwrap();
    assert_eq!(chosen.thread_id(), sent.id);
    assert_eq!(chosen.fields["params"], json!({ "until": "2027" }));
    assert_eq!(action_menu::performed(&chosen).unwrap(), "renew");
    assert!(action_menu::request().kind.belongs_to(&sent.kind));
}

#[test]
fn an_option_that_there_is_not_is_answered_with_those_that_there_are() {
    insta::assert_snapshot!(
        action_menu::perform(&menu().message(), "renwe", &[]).unwrap_err(),
        @"a https://didcomm.org/action-menu/1.0/menu that has no option `renwe`; it has `renew`, `leave`"
    );
}
