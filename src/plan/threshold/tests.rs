use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;

fn threshold(metric: &str, expression: &str) -> Threshold {
    Threshold::parse(metric, expression).unwrap()
}

fn error(metric: &str, expression: &str) -> String {
    Threshold::parse(metric, expression).unwrap_err().to_string()
}

#[test]
fn a_duration_is_in_milliseconds_with_or_without_its_unit() {
    let value = |expression| threshold("http_req_duration", expression).expression.value;
    assert_eq!(value("p(95)<500ms").to_bits(), 500.0_f64.to_bits());
    assert_eq!(value("p(95)<500").to_bits(), 500.0_f64.to_bits());
    assert_eq!(value("avg <= 1s").to_bits(), 1_000.0_f64.to_bits());
    assert_eq!(value("max<1m0.5s").to_bits(), 60_500.0_f64.to_bits());
}

#[test]
fn a_part_is_written_as_a_percentage_or_from_0_to_1() {
    let value = |expression| threshold("http_req_failed", expression).expression.value;
    assert_eq!(value("rate<1%").to_bits(), value("rate<0.01").to_bits());
}

#[test]
fn every_operator_compares_as_written() {
    let holds = |operator: &str| {
        let threshold = threshold("iterations", &format!("count{operator}5"));
        [4.0, 5.0, 6.0, f64::NAN].map(|value| threshold.holds(value))
    };
    assert_eq!(holds("<"), [true, false, false, false]);
    assert_eq!(holds("<="), [true, true, false, false]);
    assert_eq!(holds(">"), [false, false, true, false]);
    assert_eq!(holds(">="), [false, true, true, false]);
    assert_eq!(holds("=="), [false, true, false, false]);
    assert_eq!(holds("!="), [true, false, true, false]);
}

#[test]
fn a_selector_may_hold_what_a_transaction_may_be_called() {
    let selector = |metric| threshold(metric, "med<1s").metric.selector;
    assert_eq!(
        selector("transaction{Log in :: submit: form}"),
        Some("Log in :: submit: form".into())
    );
    assert_eq!(selector("transaction{a{b}c}"), Some("a{b}c".into()));
    assert_eq!(selector("transaction"), None);
}

#[test]
fn a_percentile_may_have_decimals() {
    let aggregate = threshold("transaction{login}", "p(99.9)<1s").expression.aggregate;
    assert_eq!(aggregate, Aggregate::Percentile(99.9));
}

#[test]
fn what_journeys_measure_has_names_of_its_own_but_no_mistyped_ones() {
    let waiting = threshold("didcomm_waiting", "p(95)<500ms");
    assert_eq!(waiting.metric.name, Name::Measured("didcomm_waiting".into()));
    assert_eq!(threshold("frame_seen{chat}", "max<1s").metric.selector, Some("chat".into()));
    assert_snapshot!(error("didcomm_waiting", "rate<1%"), @"`rate` in `rate<1%` is no figure of `didcomm_waiting`, which has avg, min, med, max, p(N) and count; a right one is `p(95)<500ms`");
    for mistyped in ["iteration", "transactions", "http_req_durations", "schedule_lags", "dropped"]
    {
        assert!(error(mistyped, "count>0").contains("did you mean"), "{mistyped}");
    }
    for no_name in ["", "x", "7up", "two words", "größe", &"long".repeat(50)] {
        assert!(error(no_name, "count>0").contains("no metric is called"), "{no_name}");
    }
}

#[test]
fn a_wrong_threshold_is_answered_with_a_right_one() {
    assert_snapshot!(error("http_request_duration", "p(95)<500ms"), @"no metric is called `http_request_duration`: did you mean `http_req_duration`?");
    assert_snapshot!(error("transaction{", "p(95)<500ms"), @"`transaction{` does not name a part of its metric as in `transaction{Log in}`");
    assert_snapshot!(error("transaction{}", "p(95)<500ms"), @"`transaction{}` does not name a part of its metric as in `transaction{Log in}`");
    assert_snapshot!(error("transaction{login}", "p95<500ms"), @"`p95` in `p95<500ms` is no figure of `transaction`, which has avg, min, med, max, p(N), count and failed; a right one is `p(95)<500ms`");
    assert_snapshot!(error("transaction{login}", "rate<1%"), @"`rate` in `rate<1%` is no figure of `transaction`, which has avg, min, med, max, p(N), count and failed; a right one is `p(95)<500ms`");
    assert_snapshot!(error("http_req_duration", "p(95)=500ms"), @"`p(95)=500ms` is no condition, which is written like `p(95)<500ms`");
    assert_snapshot!(error("http_req_duration", "p(101)<500ms"), @"`p(101)` in `p(101)<500ms` is no figure of `http_req_duration`, which has avg, min, med, max, p(N) and count; a right one is `p(95)<500ms`");
    assert_snapshot!(error("http_req_duration", "p(95)<5%"), @"`5%` in `p(95)<5%` is not a duration of 30 days at most; a right one is `p(95)<500ms`");
    assert_snapshot!(error("http_req_failed", "rate<5"), @"`5` in `rate<5` is not a percentage from 0% to 100%, or a part from 0 to 1; a right one is `rate<1%`");
    assert_snapshot!(error("http_req_failed", "rate<500%"), @"`500%` in `rate<500%` is not a percentage from 0% to 100%, or a part from 0 to 1; a right one is `rate<1%`");
    assert_snapshot!(error("dropped_iterations", "count"), @"`count` is no condition, which is written like `count==0`");
    assert_snapshot!(error("dropped_iterations", "count<5%"), @"`5%` in `count<5%` is not a number; a right one is `count==0`");
}

proptest! {
    #[test]
    fn a_threshold_is_shown_as_written(metric in 0..Name::ALL.len(), selector in "[ -z|~]{1,20}", count in 0..999_u32) {
        let (metric, expression) = (Name::ALL[metric].as_str().to_owned(), format!("count>={count}"));
        prop_assume!(!selector.trim().is_empty());
        let metric = format!("{metric}{{{}}}", selector.trim());
        let threshold = Threshold::parse(&metric, &expression).unwrap();
        prop_assert_eq!(threshold.to_string(), format!("{metric}: {expression}"));
    }

    #[test]
    fn any_text_is_a_threshold_or_an_error(metric in "(transaction|http_reqs|service|.{0,5})[{].{0,5}[}]?|.{0,20}", expression in r"(p\(9?5?|avg|rate|count)?[)]?[<>=!]{0,3}[0-9a-z.%]{0,6}|.{0,20}") {
        let _ = Threshold::parse(&metric, &expression);
        for name in Name::ALL {
            let _ = Threshold::parse(name.as_str(), &expression);
        }
    }
}
