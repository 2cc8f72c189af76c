//! The sandbox through its front door.

mod aries;
mod client;
mod life;

use std::{sync::Barrier, thread};

use serde_json::json;

use self::client::{Client, start, start_with};
use super::{Store, Switches};

#[test]
fn a_created_user_can_sign_in_and_is_known_from_then_on() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let created = client.ask("/users/create", "ann", "secret");
    assert_eq!((created.status, created.json()), (201, json!({ "id": 1, "username": "ann" })));

    let signed_in = client.ask("/login", "ann", "secret");
    assert_eq!(signed_in.status, 200);
    let token = signed_in.json()["token"].as_str().unwrap().to_owned();
    assert_eq!(
        signed_in.header("set-cookie"),
        Some(format!("session={token}; Path=/; HttpOnly; SameSite=Lax").as_str())
    );
    for header in [
        format!("cookie: session={token}"),
        format!("cookie: theme=dark; session={token}"),
        format!("authorization: Bearer {token}"),
    ] {
        let me = client.get_as("/me", &header);
        assert_eq!((me.status, me.json()), (200, json!({ "id": 1, "username": "ann" })));
    }
    assert_eq!(client.get("/count").json(), json!({ "users": 1 }));
    assert_eq!(sandbox.users(), 1);
}

#[test]
fn a_stranger_is_not_signed_in() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    client.ask("/users/create", "ann", "secret");
    let wrong = client.ask("/login", "ann", "Secret");
    assert_eq!(wrong.json(), json!({ "error": "wrong username or password" }));
    let statuses = [
        wrong.status,
        client.ask("/login", "bob", "secret").status,
        client.get("/me").status,
        client.get_as("/me", "cookie: session=0").status,
        client.get_as("/me", &format!("authorization: Bearer {:032x}", 7)).status,
    ];
    assert_eq!(statuses, [401; 5]);
}

#[test]
fn the_root_is_a_plain_page() {
    let sandbox = start(Store::Memory);
    let root = Client::of(&sandbox).get("/");
    assert_eq!((root.status, root.body.as_str()), (200, "ok\n"));
    assert_eq!(root.header("content-type"), Some("text/plain; charset=utf-8"));
}

#[test]
fn a_name_is_taken_once() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    assert_eq!(client.ask("/users/create", "ann", "secret").status, 201);
    let again = client.ask("/users/create", "ann", "other");
    assert_eq!(again.status, 409);
    assert_eq!(again.json(), json!({ "error": "the username `ann` is taken" }));
    assert_eq!(client.ask("/login", "ann", "other").status, 401);
    assert_eq!(client.ask("/login", "ann", "secret").status, 200);
}

#[test]
fn of_fifty_who_want_one_name_one_gets_it() {
    let sandbox = &start(Store::Memory);
    let barrier = &Barrier::new(50);
    let mut statuses: Vec<u16> = thread::scope(|scope| {
        let asking: Vec<_> = (0..50)
            .map(|_| {
                scope.spawn(|| {
                    let mut client = Client::of(sandbox);
                    barrier.wait();
                    client.ask("/users/create", "ann", "secret").status
                })
            })
            .collect();
        asking.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    statuses.sort_unstable();
    assert_eq!(statuses[0], 201);
    assert_eq!(statuses[1..], [409; 49]);
    assert_eq!(sandbox.users(), 1);
}

#[test]
fn hostile_requests_are_refused_and_the_next_is_served() {
    let sandbox = start(Store::Memory);
    let huge = format!(r#"{{"username": "{}"}}"#, "a".repeat(70_000));
    let nested = format!(r#"{{"username": {}"#, "[".repeat(50_000));
    let cases = [
        (huge.as_str(), 413, "larger than 65536 bytes"),
        (nested.as_str(), 400, "recursion limit"),
        ("", 400, "not JSON"),
        ("\u{0}\u{1}", 400, "not JSON"),
        (r#"{"username": "ann"}"#, 422, "`password` is missing"),
        (r#"{"username": null, "password": "secret"}"#, 422, "`username` is not a string"),
        ("[]", 422, "not an object"),
    ];
    for path in ["/users/create", "/login"] {
        for (body, status, named) in cases {
            let refused = Client::of(&sandbox).post(path, body);
            assert_eq!(refused.status, status, "{named}");
            let error = refused.json()["error"].as_str().unwrap().to_owned();
            assert!(error.contains(named), "{error}");
        }
    }
    let statuses = [
        Client::of(&sandbox).get("/nowhere").status,
        Client::of(&sandbox).get("/login").status,
        Client::of(&sandbox).send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n").status,
    ];
    assert_eq!(statuses, [404, 405, 400]);
    assert_eq!(Client::of(&sandbox).ask("/users/create", "ann", "secret").status, 201);
}

#[test]
fn a_share_of_answers_fails_and_keeps_the_connection() {
    let switches = Switches { failure_rate: 0.25, ..Switches::default() };
    let sandbox = start_with(Store::Memory, switches);
    let client = &mut Client::of(&sandbox);
    let statuses: Vec<u16> = (0..8)
        .map(|n| client.ask("/users/create", &format!("user-{n}"), "secret").status)
        .collect();
    assert_eq!(statuses, [201, 201, 201, 503, 201, 201, 201, 503]);
    assert_eq!(sandbox.users(), 6);
}
