//! What a sandbox outlives, and what it says when it cannot start.

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt,
    path::Path,
    thread,
    time::Duration,
};

use super::client::{Client, start};
use crate::sandbox::{Admin, Sandbox, SandboxError, Settings, Store, Switches};

fn create(sandbox: &Sandbox, names: &[&str]) {
    let client = &mut Client::of(sandbox);
    for name in names {
        assert_eq!(client.ask("/users/create", name, "secret").status, 201);
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// The error of a sandbox that cannot start, and that of its source.
fn refusal(settings: Settings) -> (String, SandboxError) {
    let error = Sandbox::start(settings).unwrap_err();
    (error.to_string(), error)
}

fn settings(store: Store) -> Settings {
    Settings {
        listen: ([127, 0, 0, 1], 0).into(),
        store,
        switches: Switches::default(),
        admin: Admin::default(),
        registry_size: 10,
        open_registry: false,
    }
}

#[test]
fn a_restart_keeps_users_and_their_ids() {
    let home = tempfile::tempdir().unwrap();
    let store = Store::Directory(home.path().join("a/b"));
    let first = start(store.clone());
    create(&first, &["ann", "bob"]);
    first.stop().unwrap();

    let second = start(store);
    assert_eq!(second.users(), 2);
    let client = &mut Client::of(&second);
    assert_eq!(client.ask("/users/create", "ann", "secret").status, 409);
    assert_eq!(client.ask("/users/create", "cyd", "secret").json()["id"], 3);
    assert_eq!(client.ask("/login", "bob", "secret").status, 200);
}

#[test]
fn what_was_answered_outlives_a_kill() {
    let home = tempfile::tempdir().unwrap();
    let running = start(Store::Directory(home.path().join("running")));
    create(&running, &["ann", "bob", "cyd"]);
    // What the operating system holds now is all that a killed process leaves behind.
    let left = home.path().join("left");
    fs::create_dir(&left).unwrap();
    for file in fs::read_dir(home.path().join("running")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), left.join(file.file_name())).unwrap();
    }
    // Both know the same port.
    drop(running);
    let after = start(Store::Directory(left));
    assert_eq!(after.users(), 3);
    assert_eq!(Client::of(&after).ask("/login", "cyd", "secret").status, 200);
}

#[test]
fn a_stopped_sandbox_leaves_private_files_alone() {
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join("users");
    let sandbox = start(Store::Directory(directory.clone()));
    create(&sandbox, &["ann"]);
    for file in fs::read_dir(&directory).unwrap() {
        assert_eq!(mode(&file.unwrap().path()), 0o600);
    }
    let _idle = Client::of(&sandbox);
    sandbox.stop().unwrap();
    assert_eq!(mode(&directory), 0o700);
    let mut left: Vec<_> =
        fs::read_dir(&directory).unwrap().map(|file| file.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["aries.sqlite", "users.sqlite"]);
}

#[test]
fn dropping_a_sandbox_stops_it_even_when_an_answer_is_held_back() {
    let delay = Duration::from_hours(1);
    let switches = Switches { delay, ..Switches::default() };
    let sandbox = Sandbox::start(Settings { switches, ..settings(Store::Memory) }).unwrap();
    let address = sandbox.url().strip_prefix("http://").unwrap().to_owned();
    let mut waiting = TcpStream::connect(&address).unwrap();
    let body = r#"{"username": "ann", "password": "secret"}"#;
    let length = body.len();
    write!(waiting, "POST /users/create HTTP/1.1\r\nhost: sandbox\r\n").unwrap();
    write!(waiting, "content-length: {length}\r\n\r\n{body}").unwrap();
    // The user is there before the answer that is held back.
    while sandbox.users() == 0 {
        thread::yield_now();
    }
    drop(sandbox);
    let mut answer = Vec::new();
    let _ = waiting.read_to_end(&mut answer);
    assert_eq!(answer, b"");
    assert!(TcpListener::bind(&address).is_ok());
}

#[test]
fn two_sandboxes_do_not_share_users() {
    let home = tempfile::tempdir().unwrap();
    let store = Store::Directory(home.path().into());
    let first = start(store.clone());
    let (text, error) = refusal(settings(store.clone()));
    assert!(matches!(error, SandboxError::InUse { .. }), "{error:?}");
    assert!(text.starts_with(&home.path().display().to_string()), "{text}");
    drop(first);
    assert_eq!(start(store).users(), 0);
}

#[test]
fn a_taken_address_is_named_and_leaves_the_users_free() {
    let home = tempfile::tempdir().unwrap();
    let store = Store::Directory(home.path().into());
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap();
    let (text, _) = refusal(Settings { listen, ..settings(store.clone()) });
    assert_eq!(
        text,
        format!("cannot listen on {listen}; is it in use? port 0 takes any free one: 127.0.0.1:0")
    );
    assert_eq!(start(store).users(), 0);
}

#[test]
fn what_is_no_directory_of_users_is_named() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("users.sqlite");
    fs::write(&file, "not a database, however long it may be, and whoever wrote it".repeat(99))
        .unwrap();
    let (text, _) = refusal(settings(Store::Directory(home.path().into())));
    assert_eq!(
        text,
        format!(
            "cannot use what is kept in {}; move the file away to begin with none",
            file.display()
        )
    );
    let (text, _) = refusal(settings(Store::Directory(file.clone())));
    assert_eq!(
        text,
        format!(
            "cannot keep anything in {}; name a directory that can be written to",
            file.display()
        )
    );
}

#[test]
fn switches_that_mean_nothing_are_refused() {
    let with = |switches| refusal(Settings { switches, ..settings(Store::Memory) }).0;
    for failure_rate in [-0.1, 1.5, f64::NAN] {
        let text = with(Switches { failure_rate, ..Switches::default() });
        assert!(text.starts_with("cannot fail a share of"), "{text}");
        assert!(text.contains("0.01 is one in a hundred"), "{text}");
        let text = with(Switches { loss: failure_rate, ..Switches::default() });
        assert!(text.starts_with("cannot lose a share of"), "{text}");
    }
    let (from, to) = (Duration::from_secs(4), Duration::from_secs(3));
    insta::assert_snapshot!(
        with(Switches { freeze: Some(from..to), ..Switches::default() }),
        @"cannot freeze from 4s to 3s; a window ends after it begins: 3s to 4s"
    );
    let sized = |registry_size| refusal(Settings { registry_size, ..settings(Store::Memory) }).0;
    insta::assert_snapshot!(
        sized(1),
        @"cannot make revocation registries of size 1; 2 to 32768 are possible, such as 1000"
    );
    assert!(sized(32_769).contains("of size 32769"));
}
