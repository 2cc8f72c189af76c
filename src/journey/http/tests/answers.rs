//! What counts as an answer, in whatever pieces it arrives.

use http::Method;
use proptest::prelude::*;

use crate::journey::http::{answer::Answer, error::Flaw};

/// Feeds the pieces, then the end, and shows what came of it.
fn read<'a>(method: &Method, pieces: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut answer = Answer::new(method, 1000);
    let ended = (|| {
        for piece in pieces {
            if answer.feed(piece)? {
                return Ok("");
            }
        }
        answer.close().map(|()| ", closed")
    })();
    match ended {
        Ok(closed) => {
            let whole = answer.finish().unwrap();
            let body = String::from_utf8_lossy(&whole.body).into_owned();
            let lasting = if whole.lasting { ", lasting" } else { "" };
            format!("{} {body:?}{lasting}{closed}", whole.status.as_u16())
        }
        Err(flaw) => kind(&flaw),
    }
}

fn kind(flaw: &Flaw) -> String {
    flaw.kind.name().into_owned()
}

fn check(answer: &str, expected: &str) {
    assert_eq!(read(&Method::GET, [answer.as_bytes()]), expected, "{answer:?}");
}

const SAMPLES: [&str; 8] = [
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 204 No\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n1\r\n!\r\n0\r\nA: b\r\n\r\n",
    "HTTP/1.0 200 OK\r\n\r\nuntil the end",
    "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\ntoo short",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhellooo",
    "HTTP/1.1 200 OK\r\nContent-Le",
    "SSH-2.0-OpenSSH_9.2\r\n",
];

proptest! {
    #[test]
    fn how_an_answer_is_cut_up_does_not_matter(
        sample in prop::sample::select(&SAMPLES[..]),
        cuts in prop::collection::vec(1..20_usize, 0..80),
    ) {
        let mut rest = sample.as_bytes();
        let mut pieces = Vec::new();
        for cut in cuts {
            let (piece, after) = rest.split_at(cut.min(rest.len()));
            pieces.push(piece);
            rest = after;
        }
        pieces.push(rest);
        let whole = read(&Method::GET, [sample.as_bytes()]);
        let pieces = pieces.into_iter().filter(|piece| !piece.is_empty());
        prop_assert_eq!(read(&Method::GET, pieces), whole);
    }

    #[test]
    fn no_bytes_are_too_odd(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..50), 0..5)) {
        read(&Method::GET, pieces.iter().map(Vec::as_slice));
    }

    #[test]
    fn no_chunks_are_too_odd(body in "[0-9a-fA-F;\r\n x]{0,200}") {
        let answer = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{body}");
        read(&Method::GET, [answer.as_bytes()]);
    }
}

#[test]
fn the_samples_are_read_as_they_should_be() {
    let read = SAMPLES.map(|sample| read(&Method::GET, [sample.as_bytes()]));
    insta::assert_snapshot!(read.join("\n"), @r#"
    200 "hello", lasting
    204 "", lasting
    200 "hello!", lasting
    200 "until the end", closed
    closed early
    protocol
    closed early
    protocol
    "#);
}

#[test]
fn an_answer_to_head_and_one_that_has_no_body_end_with_their_head() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 7000\r\n\r\n";
    assert_eq!(read(&Method::HEAD, [head.as_bytes()]), "200 \"\", lasting");
    check("HTTP/1.1 204 No Content\r\n\r\n", "204 \"\", lasting");
    check("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", "304 \"\", lasting");
}

#[test]
fn a_connection_lasts_only_if_both_sides_know_where_the_answer_ends() {
    check("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "200 \"\"");
    check("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "200 \"\"");
    check(
        "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n",
        "200 \"\", lasting",
    );
    check("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok, and more", "200 \"ok\"");
    check(
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
        "200 \"a\"",
    );
    check(
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
        "200 \"ok\", lasting",
    );
}

#[test]
fn contradictory_framing_is_refused() {
    check("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok", "protocol");
    check("HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok", "protocol");
    check("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nok", "protocol");
    check("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", "protocol");
    check("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "protocol");
    check("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", "protocol");
    check("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", "protocol");
    check("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\n", "protocol");
}

#[test]
fn a_body_is_read_up_to_the_bound_and_no_further() {
    let body = "x".repeat(1000);
    check(
        &format!("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{body}"),
        &format!("200 {body:?}, lasting"),
    );
    check("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", "body too large");
    check("HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n", "body too large");
    check(&format!("HTTP/1.1 200 OK\r\n\r\n{body}x"), "body too large");
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3E9\r\n";
    check(&format!("{chunked}{body}x\r\n0\r\n\r\n"), "body too large");
}

#[test]
fn a_head_without_end_is_refused() {
    let line = format!("X: {}\r\n", "x".repeat(1000));
    let lines = line.repeat(66);
    let pieces =
        std::iter::once("HTTP/1.1 200 OK\r\n".as_bytes()).chain(lines.as_bytes().chunks(999));
    assert_eq!(read(&Method::GET, pieces), "protocol");
    check(&format!("HTTP/1.1 200 OK\r\n{}\r\n", "A: b\r\n".repeat(101)), "protocol");
    let extension = "x".repeat(70_000);
    check(
        &format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;{extension}"),
        "protocol",
    );
}
