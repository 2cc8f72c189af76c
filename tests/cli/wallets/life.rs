//! What is provisioned once is used ever after.

use std::{collections::BTreeSet, fs, os::unix::fs::PermissionsExt};

use engine::datapool::inspect;

use super::{
    CONNECTIONS, HOLDERS, holders, place, place_with_holders, standing::Standing, transactions,
};

#[test]
fn a_pool_is_made_once_and_a_later_run_makes_no_connection() {
    let place = place();
    let sandbox = Standing::start(&place);
    sandbox.engine(&place, "create-data messages.toml --fresh").run().exits(0);
    // Each of twelve holders is known to the mediator and to the issuer.
    assert_eq!(sandbox.stat("connections"), 24);
    sandbox.stop();

    assert_eq!(holders(&place).len(), 12);
    for holder in holders(&place) {
        assert_eq!(holder.connections.len(), 1);
        assert!(holder.connections[0].remote_id.is_some());
        assert!(holder.made_with.keys().eq(["issuer", "mediator"]));
    }
    assert_eq!(inspect::show(&place.path(CONNECTIONS)).unwrap().rows, 12);
    for file in [HOLDERS, CONNECTIONS] {
        let mode = fs::metadata(place.path(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }

    let sandbox = Standing::start(&place);
    sandbox.engine(&place, "scenario run messages.toml").run().exits(0);
    assert_eq!(sandbox.stat("connections"), 0);
    assert!(sandbox.stat("pings") >= 12);
    assert_eq!(sandbox.stat("forwards"), 12);
    assert_eq!(sandbox.stat("queued"), 0);
    assert_eq!(sandbox.stat("refused"), 0);
    sandbox.stop();
    assert_eq!(holders(&place).len(), 12);
}

#[test]
fn all_journeys_of_wallets_run_on_one_pool() {
    let place = place();
    place.engine("create-data messages.toml --fresh -o made").run().exits(0);
    place.engine("scenario run messages.toml -o first").run().exits(0);
    place.engine("scenario run mediator.toml -o second").run().exits(0);
    place.engine("scenario run messages.toml -o third").run().exits(0);
    let of = |run| transactions(&place, run).into_iter().collect::<Vec<_>>().join(", ");
    insta::assert_snapshot!(
        of("made"),
        @"Accept connection, Connect to mediator, Go online, Request invitation from issuer"
    );
    insta::assert_snapshot!(of("first"), @"Go online, Ping mediator, Receive message, Receive message :: Request message");
    insta::assert_snapshot!(of("second"), @"Accept connection, Forget connection, Go online, Liveness, Pick up messages, Pick up messages :: Go online, Ping mediator, Reconnect, Request invitation from issuer, Request message, Still online");
    assert_eq!(of("third"), of("first"));
}

#[test]
fn what_is_there_is_not_made_again() {
    let place = place_with_holders();
    let before = fs::read(place.path(HOLDERS)).unwrap();
    let again = place.engine("create-data messages.toml --top-up -o again").run().exits(0);
    again.says("12 of 12 rows are recorded already");
    assert!(!place.path("again").exists());
    assert_eq!(fs::read(place.path(HOLDERS)).unwrap(), before);
    place.engine("create-data messages.toml --top-up").volume("14 trips by 2 users").run().exits(0);
    assert_eq!(holders(&place).len(), 14);
}

#[test]
fn a_connection_that_is_kept_is_in_the_row_and_the_pool_stays_as_large() {
    let place = place_with_holders();
    place.change(
        "mediator.toml",
        "journey  = \"connect\"",
        "journey  = \"connect\"\noptions = { keep = true }",
    );
    place.engine("scenario run mediator.toml").run().exits(0);
    let connections: Vec<_> = holders(&place).iter().map(|it| it.connections.len()).collect();
    assert_eq!((connections.len(), connections.iter().sum()), (12, 16));
    place.engine("scenario run messages.toml").run().exits(0);
}

#[test]
fn many_may_answer_one_invitation_and_each_is_written_to() {
    let place = place();
    for scenario in ["messages.toml", "mediator.toml"] {
        let many = "issuer   = { url = \"sandbox\", multi_use = true }";
        place.change(scenario, "issuer   = \"sandbox\"", many);
    }
    place.engine("create-data messages.toml --fresh").run().exits(0);
    let known: BTreeSet<_> =
        holders(&place).into_iter().filter_map(|it| it.connections[0].remote_id.clone()).collect();
    assert_eq!(known.len(), 12, "the controller tells them apart");
    place.engine("scenario run messages.toml").run().exits(0);
}

#[test]
fn a_pool_of_another_sandbox_is_refused_before_anything_starts() {
    let place = place_with_holders();
    let other = format!("{}\n[sandbox]\ndirectory = \"other\"\n", place.read("messages.toml"));
    place.write("other.toml", &other);
    let before = fs::read(place.path(HOLDERS)).unwrap();
    let run = place.engine("scenario run other.toml -o refused").run().exits(104);
    let said: Vec<_> = run.stderr.split(' ').map(placeless).collect();
    insta::assert_snapshot!(said.join(" "), @"error: datapool `holders`: recorder-data/holders.msgpack: record 1 (offset 0): holder <id> was made with the issuer http://…/issuer, and this scenario is for http://…/issuer; provision holders for it (`engine create-data … --fresh`), or keep those of each system apart (`--recorder-dir DIR`)");
    let top_up = place.engine("create-data other.toml --top-up").volume("13 trips by 1 users");
    top_up.run().exits(104).says("was made with the issuer");
    assert!(!place.path("refused").exists());
    assert_eq!(fs::read(place.path(HOLDERS)).unwrap(), before);
    place.engine("create-data other.toml --fresh").run().exits(0);
    place.engine("scenario run other.toml").run().exits(0);
}

/// A word of an error, whatever the holder and the ports are.
fn placeless(word: &str) -> String {
    let is_id = word.len() == 36 && word.split('-').count() == 5;
    match word.strip_prefix("http://127.0.0.1:") {
        Some(rest) => {
            format!("http://…{}", rest.trim_start_matches(|it: char| it.is_ascii_digit()))
        }
        None if is_id => "<id>".to_owned(),
        None => word.to_owned(),
    }
}

#[test]
fn a_config_that_no_wallet_could_use_is_told_before_anything_starts() {
    let place = place();
    place.change("messages.toml", "mediator = \"sandbox\"", "");
    for wrong in ["mediatr=x", "mediator.invitaton=x", "wallets.did=did:key", "issuer=localhost"] {
        for command in ["scenario check messages.toml -e", "create-data messages.toml -e"] {
            let key = wrong.split(['.', '=']).next().unwrap();
            let told = place.engine(command).arg(wrong).run();
            told.exits(104).says(&format!("`{key}` in [config]"));
        }
    }
    assert!(!place.path("runs").exists(), "something started");
}

#[test]
fn one_trip_has_the_options_of_its_row_whichever_pool_it_borrows_from() {
    let place = place_with_holders();
    let trip = "journey run idle-wallet --scenario mediator.toml --datapool ";
    let trip = place.engine(&format!("{trip}{HOLDERS}")).run().exits(0);
    assert!(trip.stdout.matches("Ping mediator").count() > 1, "{}", trip.stdout);
}
