//! Claims about which lines of JSON are rows.

use crate::datapool::inspect::uncat;

fn turned(json: &str) -> Vec<u8> {
    let mut out = Vec::new();
    uncat(json.as_bytes(), &mut out).unwrap();
    out
}

fn refused(json: &str) -> String {
    uncat(json.as_bytes(), std::io::sink()).unwrap_err().to_string()
}

#[test]
fn values_take_their_shortest_form() {
    assert_eq!(turned("{\"a\": 0, \"b\": 0}\n"), b"\x82\xa1a\x00\xa1b\x00");
    assert_eq!(
        turned("{\"a\": [-1, 200, 1.0, null, true]}"),
        b"\x81\xa1a\x95\xff\xcc\xc8\xcb\x3f\xf0\0\0\0\0\0\0\xc0\xc3"
    );
}

#[test]
fn empty_lines_are_passed_over_and_the_last_needs_no_end() {
    assert_eq!(turned("\n{}\n  \r\n{}"), b"\x80\x80");
}

#[test]
fn a_word_that_is_not_first_is_a_field() {
    assert_eq!(turned(r#"{"a": 1, "$map": 2}"#), b"\x82\xa1a\x01\xa4$map\x02");
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    insta::assert_snapshot!(refused("{}\n\n{\"a\" 1}"), @"line 3: column 6: expected `:`");
    insta::assert_snapshot!(refused("[1]"), @r#"line 1: is not an object such as {"username": "ann"}"#);
    insta::assert_snapshot!(refused("{} {}"), @"line 1: column 4: trailing characters");
    insta::assert_snapshot!(refused(r#"{"$bytes": "AA==", "b": 1}"#), @"line 1: column 22: `$bytes` must stand alone");
    insta::assert_snapshot!(refused(r#"{"a": {"$bytes": "?"}}"#), @r#"line 1: column 21: not base64, such as "AQL/""#);
    insta::assert_snapshot!(refused(r#"{"a": {"$float": "big"}}"#), @r#"line 1: column 23: `$float` must be "nan", "inf" or "-inf""#);
    insta::assert_snapshot!(refused(r#"{"a": {"$map": [[1]]}}"#), @r#"line 1: column 19: invalid length 1, expected a pair such as [1, "one"]"#);
}

#[test]
fn nesting_ends_at_the_limit_of_a_row() {
    let nested =
        |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
    assert_eq!(turned(&nested(128)).len(), 3 + 127);
    insta::assert_snapshot!(refused(&nested(129)), @"line 1: column 134: nested deeper than 128 levels");
    let maps = format!("{}1{}", "{\"$map\":[[null,".repeat(128), "]]}".repeat(128));
    assert_eq!(turned(&maps).len(), 128 * 2 + 1);
    assert!(refused(&nested(1_000_000)).contains("nested deeper"));
}
