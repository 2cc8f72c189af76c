//! The admin API, to those whom it answers and in the words of ACA-Py.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::json;

use super::{
    agent::invite,
    holder::{Holder, Manner},
};
use crate::sandbox::{
    Admin, Sandbox, Settings, Store, Switches,
    tests::client::{Client, start},
};

fn start_as(admin: Admin) -> Sandbox {
    let listen = ([127, 0, 0, 1], 0).into();
    let switches = Switches::default();
    Sandbox::start(Settings {
        listen,
        store: Store::Memory,
        switches,
        admin,
        registry_size: 10,
        open_registry: false,
    })
    .unwrap()
}

#[test]
fn what_is_wrong_is_said_as_aca_py_says_it() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let nobody = "/issuer/connections/00000000-0000-4000-8000-000000000000";
    let answers = [
        client.get(nobody),
        client.delete(nobody),
        client.post(&format!("{nobody}/send-message"), r#"{"content": ""}"#),
    ];
    for answer in answers {
        assert_eq!((answer.status, answer.body.as_str()), (404, "404: Record not found"));
    }
    let create = "/issuer/out-of-band/create-invitation";
    let missing = client.post(create, r#"{"handshake_protocols": 7}"#);
    assert_eq!(missing.status, 422);
    assert!(missing.json()["handshake_protocols"][0].is_string(), "{}", missing.body);
    assert_eq!(client.post(create, "{").status, 422);
    assert_eq!(client.get("/issuer/connections?limit=many").status, 422);
    for body in ["{}", r#"{"handshake_protocols": ["https://didcomm.org/tea/1.0"]}"#] {
        let refused = client.post(create, body);
        assert_eq!(refused.status, 400);
        assert!(refused.body.starts_with("400: "), "{}", refused.body);
    }
}

#[test]
fn connections_are_listed_in_pages_and_forgotten() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let invited = invite(client, "/issuer", "didexchange/1.1", true);
    for _ in 0..5 {
        let invitation = invited["invitation"].clone();
        Holder::invited(client, invitation, "/issuer", &Manner::default());
    }
    let ids = |client: &mut Client, query: &str| -> Vec<String> {
        let list = client.get(&format!("/issuer/connections?{query}")).json();
        let results = list["results"].as_array().unwrap();
        results.iter().map(|it| it["connection_id"].as_str().unwrap().to_owned()).collect()
    };
    let all = ids(client, "");
    assert_eq!(all.len(), 5);
    assert_eq!(ids(client, "limit=2&offset=2"), all[2..4]);
    assert_eq!(ids(client, "state=completed"), all);
    assert_eq!(ids(client, "state=invitation"), Vec::<String>::new());
    assert_eq!(ids(client, &format!("connection_id={}", all[3])), all[3..4]);
    assert_eq!(client.delete(&format!("/issuer/connections/{}", all[0])).status, 200);
    assert_eq!(ids(client, ""), all[1..]);
}

#[test]
fn whoever_does_not_know_the_key_is_not_let_in() {
    let admin = Admin { api_key: Some("swordfish".into()), token_life: None };
    assert!(!format!("{admin:?}").contains("swordfish"));
    let sandbox = start_as(admin);
    let client = &mut Client::of(&sandbox);
    let refused = client.get("/issuer/connections");
    assert_eq!((refused.status, refused.body.as_str()), (401, "401: Unauthorized"));
    assert_eq!(client.get_as("/issuer/connections", "x-api-key: Swordfish").status, 401);
    assert_eq!(client.get_as("/issuer/connections", "x-api-key: swordfish").status, 200);
    // Whoever balances loads knows no key.
    assert_eq!(client.get("/issuer/status/ready").json(), json!({ "ready": true }));
    assert_eq!(client.get("/issuer/status/live").json(), json!({ "alive": true }));
    assert_eq!(client.get("/issuer/status").status, 401);
}

#[test]
fn whoever_listens_has_not_much_to_say() {
    let sandbox = start(Store::Memory);
    let host = sandbox.url().strip_prefix("http://").unwrap().to_owned();
    let mut stream = TcpStream::connect(&host).unwrap();
    let head = format!(
        "GET /issuer/ws HTTP/1.1\r\nhost: {host}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    assert!(reader.by_ref().lines().any(|line| line.unwrap().is_empty()));
    let mut start = [0; 2];
    reader.read_exact(&mut start).unwrap();
    assert_eq!(start[0], 0x81, "the settings, as a text");
    reader.read_exact(&mut vec![0; start[1].into()]).unwrap();
    // A masked text of a megabyte is announced, and is not waited for.
    stream.write_all(&[0x81, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0]).unwrap();
    assert!(matches!(reader.fill_buf(), Ok([] | [0x88, ..]) | Err(_)));
}

#[test]
fn a_token_of_a_tenant_lets_in_for_as_long_as_it_lives() {
    let with_life = |life| {
        let admin = Admin { api_key: Some("swordfish".into()), token_life: Some(life) };
        let sandbox = start_as(admin);
        let client = &mut Client::of(&sandbox);
        let path = "/issuer/multitenancy/tenant/ann/token";
        assert_eq!(client.post(path, r#"{"api_key": "shark"}"#).status, 401);
        let token = client.post(path, r#"{"api_key": "swordfish"}"#).json();
        let bearer = format!("authorization: Bearer {}", token["token"].as_str().unwrap());
        client.get_as("/issuer/connections", &bearer).status
    };
    assert_eq!(with_life(Duration::from_hours(1)), 200);
    assert_eq!(with_life(Duration::ZERO), 401);
}
