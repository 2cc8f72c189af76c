//! Many agents in one process, each behind a relay.

use std::{
    fs,
    os::unix::fs::{FileTypeExt, PermissionsExt},
    path::PathBuf,
    thread,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    driver::{Driver, until_served},
    life::lives,
    world::World,
};

/// A process in which agents live, and the directory of its socket.
struct Served {
    server: Driver,
    directory: TempDir,
}

impl Served {
    fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("socket");
        let server = Driver::start(&["--serve", path.to_str().unwrap()], &[]);
        until_served(&path);
        Self { server, directory }
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("socket")
    }

    fn agent(&self, variables: &[(&str, &str)]) -> Driver {
        Driver::start(&["--via", self.path().to_str().unwrap()], variables)
    }
}

#[test]
fn agents_behind_relays_do_the_same_side_by_side() {
    let (world, served) = (World::new(), Served::start());
    thread::scope(|scope| {
        for _ in 0..3 {
            // The variables are the relay's: the server has none.
            scope.spawn(|| lives(&world, served.agent(&world.variables())));
        }
    });
    assert_eq!(served.server.terminate(), 0);
    assert_eq!(fs::read_dir(served.directory.path()).unwrap().count(), 0);
}

#[test]
fn an_agent_goes_with_its_relay_and_others_stay() {
    let (world, served) = (World::new(), Served::start());
    let [mut gone, mut stays] = [(); 2].map(|()| served.agent(&world.variables()));
    gone.mediated(&Value::Null);
    stays.mediated(&Value::Null);
    assert_eq!(gone.end(), (0, String::new()));
    assert_eq!(stays.does(&json!({ "cmd": "ping_mediator" })), "Ping Mediator");
    assert_eq!(stays.fails(&json!({ "cmd": "fly" })).split('`').nth(1), Some("fly"));
    stays.shut_down();
}

#[test]
fn the_socket_is_its_users_alone_and_no_place_is_taken_twice() {
    let served = Served::start();
    let found = fs::metadata(served.path()).unwrap();
    assert!(found.file_type().is_socket());
    assert_eq!(found.permissions().mode() & 0o777, 0o600);
    let mut second = Driver::start(&["--serve", served.path().to_str().unwrap()], &[]);
    assert!(second.stderr().contains("is served already"));
    assert_eq!(second.end().0, 1);
}

#[test]
fn whoever_was_killed_leaves_a_socket_that_is_taken_over() {
    let Served { server: killed, directory } = Served::start();
    drop(killed);
    let path = directory.path().join("socket");
    assert!(path.exists());
    let again = Driver::start(&["--serve", path.to_str().unwrap()], &[]);
    until_served(&path);
    assert_eq!(again.terminate(), 0);
}

#[test]
fn a_place_that_is_not_ones_own_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("socket");
    let refused = |option: &str| {
        let mut agent = Driver::start(&[option, path.to_str().unwrap()], &[]);
        let said = agent.stderr().replace(directory.path().to_str().unwrap(), "DIR");
        assert_eq!(agent.end().0, 1);
        said
    };
    let mut told = vec![refused("--via")];
    fs::write(&path, "a file").unwrap();
    told.push(refused("--serve"));
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o777)).unwrap();
    told.extend([refused("--serve"), refused("--via")]);
    insta::assert_snapshot!(told.concat(), @r#"
    error: nobody serves agents at DIR/socket; start `engine akrida-agent --serve DIR/socket` first: No such file or directory (os error 2)
    error: DIR/socket is there and is no socket; name another path
    error: DIR is open to others: agents are reached through a socket in a directory of your own, such as one that `mkdir -m 700 agents` makes
    error: DIR is open to others: agents are reached through a socket in a directory of your own, such as one that `mkdir -m 700 agents` makes
    "#);
}
