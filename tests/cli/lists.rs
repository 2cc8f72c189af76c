//! What there is to run, and how to ask for it.

use crate::command::Place;

#[test]
fn journeys_are_listed_with_what_they_do() {
    let list = Place::new().engine("journey list").run().exits(0).stdout;
    insta::assert_snapshot!(list, @r"
    connect                connects a recorded wallet once more (takes rows of HolderRecord)
    connectionless-present a recorded wallet presents to a verifier that it does not know (takes rows of HolderRecord)
    get                    gets one URL: [config] url
    idle-wallet            a recorded wallet is online and does nothing (takes rows of HolderRecord)
    issue                  a recorded wallet is issued one more credential (takes rows of HolderRecord)
    liveness               asks a system whether it lives
    offline-pickup         a recorded wallet picks up what came while it was away (takes rows of HolderRecord)
    ping-mediator          a recorded wallet comes online and pings its mediator (takes rows of HolderRecord)
    present                a recorded wallet presents along a connection with the verifier (takes rows of HolderRecord)
    present-and-revoke     presents, is revoked, notices, is issued a new credential: the life of a credential (takes rows of HolderRecord)
    present-revoked        a recorded wallet presents a revoked credential, which must be found false (takes rows of HolderRecord)
    provision-holder       makes a wallet with a mediator, connections and credentials, and records it under `holders`
    receive-message        the issuer writes to a recorded wallet that is online (takes rows of HolderRecord)
    reconnect-storm        a recorded wallet loses its socket again and again (takes rows of HolderRecord)
    record                 records rows and does nothing else: for measuring the recorder
    sign-in                logs a recorded user in and looks at its profile: [config] app_url (takes rows of User)
    sign-up                creates a user and records it under `users`: [config] app_url
    ");
}

#[test]
fn scenarios_are_listed_with_their_phases_and_the_invalid_with_why() {
    let place = Place::with_scenario();
    place.write("broken.toml", "nam = \"broken\"\n");
    let list = place.engine("scenario list .").run().exits(0).stdout;
    let mut lines = list.lines();
    let broken = lines.next().unwrap();
    assert!(broken.starts_with("./broken.toml  invalid: "), "{broken}");
    assert!(list.ends_with("./users.toml  1 create, 1 load\n"), "{list}");
    place.engine("scenario list nowhere").run().exits(1).says("cannot read nowhere");
}

#[test]
fn every_command_explains_itself() {
    let place = Place::new();
    let commands = [
        "",
        "create-data",
        "scenario",
        "scenario run",
        "scenario check",
        "scenario list",
        "journey",
        "journey run",
        "datapool",
        "datapool uncat",
        "report",
        "sandbox",
        "demo",
    ];
    for command in commands {
        let help = place.engine(command).arg("--help").run().exits(0).stdout;
        assert!(help.contains("Usage: engine"), "{command}: {help}");
    }
    let help = place.engine("--help").run().exits(0).stdout;
    assert!(help.contains("Exit codes: 0 passed"), "{help}");
    let version = place.engine("--version").run().exits(0).stdout;
    assert_eq!(version, format!("engine {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn shells_are_told_how_to_complete() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = place.engine("completions").arg(shell).run().exits(0).stdout;
        assert!(script.contains("create-data"), "{shell}: {script}");
    }
}

#[test]
fn a_reader_that_hangs_up_is_no_error() {
    let place = Place::with_users();
    place.engine("scenario run users.toml -o results").volume("20 trips at 100/s").run().exits(0);
    let commands = [
        "--help",
        "completions bash",
        "journey list",
        "journey run sign-up -e app_url=sandbox",
        "scenario list .",
        "scenario check users.toml",
        "datapool show recorder-data/users.msgpack",
        "datapool cat recorder-data/users.msgpack",
        "report results",
        "report results --json",
    ];
    for command in commands {
        let finished = place.engine(command).read_by_nobody();
        assert_eq!(finished.status.code(), Some(0), "{command}: {}", finished.stderr);
        assert_eq!(finished.stderr, "", "{command}");
    }
    let run = place.engine("scenario run users.toml -q").volume("20 trips at 100/s");
    assert_eq!(run.read_by_nobody().exits(0).stderr, "");
}
