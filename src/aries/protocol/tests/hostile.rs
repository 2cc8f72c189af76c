//! Whatever a message says, it is read or refused.

use proptest::{prelude::*, sample::select};

use super::{any::message_of, readers::READERS};
use crate::aries::protocol::{
    action_menu, discover, mediation, notification, out_of_band,
    pickup::{Draining, v1, v2},
    routing, trust_ping,
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_message_makes_a_reader_panic(
        message in select(READERS).prop_flat_map(|(kind, _)| message_of(kind)),
    ) {
        for (_, reader) in READERS {
            let _ = reader(&message);
        }
    }

    #[test]
    fn no_message_makes_those_panic_that_answer(
        message in select(READERS).prop_flat_map(|(kind, _)| message_of(kind)),
    ) {
        let _ = trust_ping::answer(&message);
        let _ = discover::answer(&message, discover::SUPPORTED);
        let _ = notification::problem(&message);
        let _ = notification::unsupported(&message);
        let _ = notification::ack_asked_for(&message);
        let _ = mediation::mediator::keylist(&message, &[]);
        let _ = out_of_band::refuse_reuse(&message);
        let _ = Draining::new(10).receive(&message);
    }

    #[test]
    fn no_menu_makes_its_reader_panic(message in message_of("action-menu/1/menu")) {
        let _ = action_menu::Menu::read(&message);
        let _ = action_menu::perform(&message, "any", &[]);
        let _ = action_menu::performed(&message);
    }

    #[test]
    fn no_batch_makes_its_reader_panic(message in message_of("messagepickup/1/batch")) {
        let _ = v1::read_batch(&message);
        let _ = v1::read_status(&message);
    }

    #[test]
    fn what_a_report_says_moves_no_cursor(
        message in message_of("notification/1/problem-report"),
        code in ".{0,400}",
    ) {
        let message = message.with("problem-code", code);
        let problem = notification::problem(&message).unwrap();
        for text in [&problem.code, &problem.explanation] {
            prop_assert!(!text.chars().any(char::is_control));
            prop_assert!(text.chars().count() <= 201);
        }
        prop_assert!(!problem.code.is_empty());
    }

    #[test]
    fn a_delivery_is_read_whole_or_not_at_all(message in message_of("messagepickup/2/delivery")) {
        let attached = message.fields.get("~attach").and_then(|it| it.as_array()).map_or(0, Vec::len);
        if let Ok(items) = v2::read_delivery(&message) {
            prop_assert_eq!(items.len(), attached);
        }
        prop_assert!(routing::read_forward(&message).is_err());
    }
}
