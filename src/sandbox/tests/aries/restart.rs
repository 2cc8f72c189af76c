//! What the Aries half outlives.

use std::{fs, net::TcpListener, path::Path};

use serde_json::json;

use super::{
    agent::{Mediated, id, invite, record},
    credentials::{issue, present},
    holder::{Holder, Manner},
    mediator::forwarded,
    wallet::{Met, Wallet, list, question},
};
use crate::{
    aries::{
        didcomm::{KeyPair, did::DidMethod, invitation::Handshake},
        protocol::{
            basic_message,
            revocation::{Revocable, Revoked},
            trust_ping,
        },
    },
    sandbox::{
        Admin, Sandbox, SandboxError, Settings, Store, Switches,
        tests::client::{Client, start},
    },
};

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

#[test]
fn a_restart_keeps_connections_routes_and_queues() {
    let home = tempfile::tempdir().unwrap();
    let store = Store::Directory(home.path().into());
    let first = start(store.clone());
    let client = &mut Client::of(&first);
    let (holder, key) = (Holder::of_mediator(client), KeyPair::generate());
    let granted = holder.be_granted(client, *key.verkey());
    let sent = ["one", "two", "three"].map(|text| {
        let (packed, message) = forwarded(text, key.verkey(), &granted.routing);
        client.post_envelope("/mediator", &message);
        packed
    });
    assert_eq!(holder.collect(client).as_ref(), Some(&sent[0]));
    let (url, invitation) = (first.url(), client.get("/mediator").json());
    first.stop().unwrap();

    let second = start(store);
    assert_eq!(second.url(), url);
    let client = &mut Client::of(&second);
    assert_eq!(client.get("/mediator").json(), invitation);
    let (last, message) = forwarded("last", key.verkey(), &granted.routing);
    assert_eq!(client.post_envelope("/mediator", &message).status, 200);
    for expected in [&sent[1], &sent[2], &last] {
        assert_eq!(holder.collect(client).as_ref(), Some(expected));
    }
    assert_eq!(holder.collect(client), None);
}

#[tokio::test]
async fn an_agent_knows_its_connections_after_a_kill() {
    let home = tempfile::tempdir().unwrap();
    let (running, left) = (home.path().join("running"), home.path().join("left"));
    let first = start(Store::Directory(running.clone()));
    let client = &mut Client::of(&first);
    let mut mediated = Mediated::new(&first, client).await;
    let invited = invite(client, "/issuer", "didexchange/1.1", false);
    let open = invite(client, "/issuer", "didexchange/1.1", false);
    let manner = (Handshake::DidExchange1_1, DidMethod::Peer4);
    let holder = mediated.meet(client, invited["invitation"].clone(), manner).await;
    let before = record(client, &invited);
    // What the operating system holds now is all that a killed process leaves behind.
    copy(&running, &left);
    drop(first);

    let second = start(Store::Directory(left));
    let client = &mut Client::of(&second);
    assert_eq!(id(&record(client, &invited)), id(&before));
    let answer = holder.ask(client, trust_ping::ping(true)).unwrap();
    assert_eq!(answer.kind, trust_ping::PING_RESPONSE);
    Holder::invited(client, open["invitation"].clone(), "/issuer", &Manner::default());
    assert_eq!(record(client, &open)["state"], "completed");
    mediated.come_back(&second).await;
    let path = format!("/issuer/connections/{}/send-message", id(&before));
    client.post(&path, r#"{"content": "still here"}"#);
    let message = mediated.next(&holder.key).await;
    assert_eq!(basic_message::content(&message).unwrap(), "still here");
}

#[test]
fn what_was_issued_is_presented_and_revoked_after_a_kill() {
    let home = tempfile::tempdir().unwrap();
    let (running, left) = (home.path().join("running"), home.path().join("left"));
    let first = start(Store::Directory(running.clone()));
    let client = &mut Client::of(&first);
    let (issuer, verifier) = (Met::new(client, "/issuer"), Met::new(client, "/verifier"));
    let mut wallet = Wallet::new(client);
    let ids = [(); 2].map(|()| issue(client, &issuer, &mut wallet));
    let registry = wallet.credential.as_ref().unwrap().rev_reg_id.clone().unwrap();
    let put_off = json!({
        "cred_ex_id": ids[0], "notify": true, "connection_id": issuer.connection,
        "thread_id": "the thread",
    });
    issuer.admin(client, "/revocation/revoke", &put_off);
    let list_before = list(client, &registry, None);
    assert!(!list_before.revokes(1));
    copy(&running, &left);
    drop(first);

    let second = start(Store::Directory(left));
    let client = &mut Client::of(&second);
    assert_eq!(list(client, &registry, None), list_before);
    let shown = present(client, &verifier, &wallet, &question(list_before.timestamp));
    assert_eq!(shown["verified"], "true");
    issue(client, &issuer, &mut wallet);
    assert_eq!(wallet.credential.as_ref().unwrap().index(), Some(3), "no place is given twice");
    let published = issuer.admin(client, "/revocation/publish-revocations", &json!({}));
    assert_eq!(published, json!({ "rrid2crid": { registry.as_str(): [1] } }));
    let thread = Revocable::Thread("the thread".into());
    assert_eq!(Revoked::read(&issuer.next(client)).unwrap().by, thread);
    let path = format!("/issue-credential-2.0/records/{}", ids[1]);
    assert_eq!(issuer.record(client, &path)["anoncreds"]["cred_rev_id"], "2");
    let body = json!({ "cred_ex_id": ids[1], "publish": true });
    issuer.admin(client, "/anoncreds/revocation/revoke", &body);
    let list_after = list(client, &registry, None);
    assert_eq!([1, 2, 3].map(|index| list_after.revokes(index)), [true, true, false]);
    let nothing = issuer.admin(client, "/anoncreds/revocation/publish-revocations", &json!({}));
    assert_eq!(nothing, json!({ "rrid2crid": {} }));
}

#[test]
fn a_remembered_port_that_is_taken_is_named() {
    let home = tempfile::tempdir().unwrap();
    let store = Store::Directory(home.path().into());
    let first = start(store.clone());
    let address = first.url().strip_prefix("http://").unwrap().to_owned();
    first.stop().unwrap();
    let _taken = TcpListener::bind(&address).unwrap();
    let (listen, switches) = (([127, 0, 0, 1], 0).into(), Switches::default());
    let settings = Settings {
        listen,
        store,
        switches,
        admin: Admin::default(),
        registry_size: 10,
        open_registry: false,
    };
    let error = Sandbox::start(settings).unwrap_err();
    assert!(matches!(error, SandboxError::PortTaken { .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.starts_with(&format!("cannot listen on {address}, ")), "{text}");
    assert!(text.contains(&home.path().display().to_string()), "{text}");
}

#[test]
fn what_is_kept_is_nobody_elses_business() {
    use std::os::unix::fs::PermissionsExt;

    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join("state");
    let sandbox = start(Store::Directory(directory.clone()));
    Holder::of_mediator(&mut Client::of(&sandbox));
    for file in fs::read_dir(&directory).unwrap() {
        let mode = file.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
