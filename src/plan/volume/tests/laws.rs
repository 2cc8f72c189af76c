//! What holds for any volume.

use std::time::Duration;

use proptest::prelude::*;

use super::{any, open, users, volume};
use crate::plan::{
    Share, Spacing,
    volume::{Model, Peak, Volume},
};

proptest! {
    #[test]
    fn a_volume_is_shown_as_it_can_be_read(text in any()) {
        let volume = volume(&text);
        prop_assert_eq!(volume.to_string().parse(), Ok(volume));
    }

    #[test]
    fn any_text_is_a_volume_or_an_error(text in r"((hold|ramp|wait|from|to|for|over|at|by|users?|trips|[0-9]{1,3}(/s|s|m|/h)?|0/s|,) ?){0,12}|.{0,40}") {
        if let Ok(volume) = text.parse::<Volume>() {
            prop_assert_eq!(volume.to_string().parse(), Ok(volume));
        }
    }

    #[test]
    fn a_volume_with_a_wrong_end_is_refused(text in any(), junk in "[a-z,/]{1,5}") {
        let wrong = format!("{text} {junk}").parse::<Volume>();
        prop_assert!(wrong.is_err());
    }

    #[test]
    fn arrivals_are_due_in_order_and_within_the_plan(text in open()) {
        let Volume::Open(open) = volume(&text) else { unreachable!() };
        let mut before = Duration::ZERO;
        for number in 0..open.trips().min(500) {
            let due = open.due(number).unwrap();
            prop_assert!(before <= due && due < open.duration());
            before = due;
        }
        prop_assert!(open.due(open.trips() - 1).unwrap() >= before);
        prop_assert_eq!(open.due(open.trips()), None);
    }

    #[test]
    fn counting_undoes_due(text in open(), part in 0.0..1.0_f64) {
        let Volume::Open(open) = volume(&text) else { unreachable!() };
        let time = open.duration().mul_f64(part);
        let count = open.count_before(time);
        prop_assert!(open.due(count).is_none_or(|due| due >= time));
        prop_assert!(count == 0 || open.due(count - 1).unwrap() < time);
        prop_assert_eq!(open.count_before(Duration::ZERO), 0);
        prop_assert_eq!(open.count_before(open.duration()), open.trips());
    }

    #[test]
    fn the_seconds_of_all_shares_add_up_to_the_plan(text in any(), of in 1..5_u32) {
        let volume = volume(&text);
        let whole = volume.by_second(Spacing::Even, 0, Share::WHOLE);
        let mut sum = vec![0; whole.len()];
        for index in 0..of {
            let share = Share::new(index, of).unwrap();
            let seconds = volume.by_second(Spacing::Even, 0, share);
            sum.iter_mut().zip(seconds).for_each(|(sum, second)| *sum += second);
        }
        prop_assert_eq!(&sum, &whole);
        if volume.model() == Model::Open {
            prop_assert_eq!(Some(whole.iter().map(|n| u64::from(*n)).sum()), volume.trips());
        }
    }

    #[test]
    fn a_rate_from_outside_is_held_for_as_long_as_the_plan_lasts(text in prop_oneof![open(), users()], rate in 1..900_u32) {
        let (rate, volume) = (format!("{rate}/s").parse().unwrap(), volume(&text));
        let held = volume.clone().with_rate(rate).unwrap();
        prop_assert_eq!(held.duration(), volume.duration());
        prop_assert_eq!((held.model(), held.peak()), (Model::Open, Peak::Rate(rate)));
        prop_assert!(held.to_string().starts_with("hold "));
    }

    #[test]
    fn a_duration_from_outside_holds_the_peak(text in prop_oneof![open(), users()], seconds in 1..900_u64) {
        let (lasts, volume) = (Duration::from_secs(seconds), volume(&text));
        let held = volume.clone().with_duration(lasts).unwrap();
        prop_assert_eq!(held.duration(), Some(lasts));
        prop_assert_eq!((held.model(), held.peak()), (volume.model(), volume.peak()));
    }
}

#[test]
fn the_model_is_told_by_the_words() {
    assert_eq!(volume("1000 trips at 20/s").model(), Model::Open);
    assert_eq!(volume("1000 trips by 20 users").model(), Model::Closed);
    assert_eq!(volume("wait 1s, 1 user for 5m").model(), Model::Closed);
    assert_eq!(volume("wait 1s, hold 1/s for 5m").model(), Model::Open);
}
