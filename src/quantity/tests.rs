use std::time::Duration;

use proptest::prelude::*;

use super::*;

fn span(text: &str) -> Option<u64> {
    let Span(span) = text.parse().ok()?;
    u64::try_from(span.as_nanos()).ok()
}

#[test]
fn durations_are_read_without_rounding() {
    let second = 1_000_000_000;
    assert_eq!(span("300ms"), Some(300_000_000));
    assert_eq!(span("1.5s"), Some(1_500_000_000));
    assert_eq!(span("90s"), Some(90 * second));
    assert_eq!(span("1m30s"), Some(90 * second));
    assert_eq!(span("2h"), Some(7_200 * second));
    assert_eq!(span("1d"), Some(86_400 * second));
    assert_eq!(span("1_000µs"), Some(1_000_000));
    assert_eq!(span("0.000001ms"), Some(1));
    assert_eq!(span("0s"), Some(0));
    assert_eq!(span("30d"), Some(30 * 86_400 * second));
}

#[test]
fn what_is_no_duration_is_refused() {
    for text in ["", "5", "s", "-1s", "1.s", ".5s", "1e3s", "1 s", "0.5ns", "1_s", "1x", "30d1ns"] {
        assert_eq!(span(text), None, "{text}");
    }
}

#[test]
fn the_same_rate_may_be_written_in_many_ways() {
    let same = |a: &str, b: &str| assert_eq!(a.parse::<Rate>().unwrap(), b.parse().unwrap());
    same("600/m", "10/s");
    same("90/h", "1.5/m");
    same("1/10s", "6/m");
    same("2.5/s", "2_500/1000s");
    same("0/s", "0/h");
}

#[test]
fn a_rate_is_shown_in_the_unit_that_suits_it() {
    let shown = |text: &str| text.parse::<Rate>().unwrap().to_string();
    assert_eq!(shown("50/s"), "50/s");
    assert_eq!(shown("600/m"), "10/s");
    assert_eq!(shown("2.5/s"), "2.5/s");
    assert_eq!(shown("90/h"), "90/h");
    assert_eq!(shown("1/10s"), "6/m");
    assert_eq!(shown("1/7s"), "1/7s");
    assert_eq!(shown("100/3s"), "2000/m");
    assert_eq!(shown("7/11s"), "7/11s");
    assert_eq!(shown("0/h"), "0/s");
}

#[test]
fn what_is_no_rate_is_refused() {
    for text in ["", "50", "/s", "50/", "50/0s", "50/x", "-1/s", "1/s/s", "5/m30s", "1/-1s"] {
        assert_eq!(text.parse::<Rate>(), Err(QuantityError::Rate(text.into())), "{text}");
    }
    for text in ["10_000_000.1/s", "1/99ns", "999_999_999_999_999_999/h"] {
        assert_eq!(text.parse::<Rate>(), Err(QuantityError::RateTooHigh(text.into())), "{text}");
    }
    assert!(matches!("0.123456789/s".parse::<Rate>(), Err(QuantityError::RateTooFine(_))));
    assert!("10_000_000/s".parse::<Rate>().is_ok());
}

#[test]
fn percentages_and_sizes_are_read_with_their_units() {
    assert_eq!("1%".parse(), Ok(Percent(0.01)));
    assert_eq!("100 %".parse(), Ok(Percent(1.0)));
    assert_eq!("16MiB".parse(), Ok(Size(16 << 20)));
    assert_eq!("1.5kB".parse(), Ok(Size(1_500)));
    assert_eq!("0B".parse(), Ok(Size(0)));
    for text in ["1", "%", "101%", "-1%", "1%%"] {
        assert_eq!(text.parse::<Percent>(), Err(QuantityError::Percent(text.into())));
    }
    for text in ["16", "MiB", "0.3B", "99999999999999999999B", "1mib"] {
        assert_eq!(text.parse::<Size>(), Err(QuantityError::Size(text.into())));
    }
}

#[test]
fn a_count_is_whole_and_bounded() {
    assert_eq!(count("1_000", 1_000), Ok(1_000));
    let too_large = |text: &str| QuantityError::CountTooLarge { text: text.into(), most: 1_000 };
    assert_eq!(count("1001", 1_000), Err(too_large("1001")));
    let long = "9".repeat(50);
    assert_eq!(count(&long, 1_000), Err(too_large(&long)));
    for text in ["", "1.5", "1.0", "-1", "_1", "1_", "1e3"] {
        assert_eq!(count(text, 1_000), Err(QuantityError::Count(text.into())), "{text}");
    }
}

#[test]
fn a_wrong_text_without_an_end_is_cut_in_the_message() {
    let error = "é".repeat(100_000).parse::<Span>().unwrap_err();
    assert!(error.to_string().chars().count() < 160);
}

proptest! {
    #[test]
    fn a_duration_is_shown_as_it_can_be_read(nanos in prop_oneof![0..2_000_000_000_u64, 0..2_592_000_000_000_000_u64]) {
        let span = Span(Duration::from_nanos(nanos));
        prop_assert_eq!(span.to_string().parse(), Ok(span));
    }

    #[test]
    fn a_rate_is_shown_as_it_can_be_read(arrivals in 0..1_000_000_u64, decimals in 0..999_u32, nanos in 100_000_000..1_000_000_000_000_u64) {
        let period = Span(Duration::from_nanos(nanos));
        if let Ok(rate) = format!("{arrivals}.{decimals:03}/{period}").parse::<Rate>() {
            prop_assert_eq!(rate.to_string().parse(), Ok(rate));
        }
    }

    #[test]
    fn rates_are_ordered_as_their_numbers(a in 0..1_000_u32, b in 0..1_000_u32, over in 1..100_u32) {
        let rate = |n: u32| format!("{n}/{over}s").parse::<Rate>().unwrap();
        prop_assert_eq!(rate(a).cmp(&rate(b)), a.cmp(&b));
    }

    #[test]
    fn no_text_makes_a_quantity_panic(text in "[0-9._/%smhdnuµKMGiB -]{0,40}|.{0,20}") {
        let _ = text.parse::<Span>();
        let _ = text.parse::<Rate>();
        let _ = text.parse::<Percent>();
        let _ = text.parse::<Size>();
        let _ = count(&text, u64::MAX);
    }
}
