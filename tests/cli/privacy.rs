//! Secrets are in the recorder's files alone, and those are for their owner's eyes.

use std::{fs, os::unix::fs::PermissionsExt};

use crate::command::{Finished, Place};

/// Runs everything that comes near a row, as talkatively as can be, and gives what was said.
fn runs(place: &Place) -> Vec<Finished> {
    let trip = "journey run sign-in -vvv -e app_url=sandbox --datapool recorder-data/users.msgpack";
    vec![
        place.engine("create-data users.toml -vvv").run().exits(0),
        place.engine("scenario run users.toml -vvv").volume("40 trips at 100/s").run().exits(0),
        place.engine("scenario check users.toml -vvv").run().exits(0),
        place.engine("datapool show recorder-data/users.msgpack").run().exits(0),
        place.engine("journey run sign-up -vvv -e app_url=sandbox").run().exits(0),
        place.engine(trip).run().exits(0),
    ]
}

fn holds(bytes: &[u8], secret: &str) -> bool {
    bytes.windows(secret.len()).any(|window| window == secret.as_bytes())
}

#[test]
fn passwords_are_in_no_log_no_report_and_no_message() {
    let place = Place::with_scenario();
    let finished = runs(&place);
    let passwords = place.passwords();
    assert_eq!(passwords.len(), 31);
    let pool = fs::read(place.path("recorder-data/users.msgpack")).unwrap();
    let files: Vec<_> = [place.files("runs"), place.files("sandbox-data")].concat();
    for password in &passwords {
        assert!(holds(&pool, password), "the search finds what is there");
        for finished in &finished {
            assert!(!finished.stdout.contains(password), "{}", finished.stdout);
            assert!(!finished.stderr.contains(password), "{}", finished.stderr);
        }
        for file in &files {
            assert!(!holds(&fs::read(file).unwrap(), password), "{}", file.display());
        }
    }
}

#[test]
fn what_is_written_is_for_its_owner_alone() {
    let place = Place::with_scenario();
    runs(&place);
    for directory in ["recorder-data", "runs", "sandbox-data"] {
        let files = place.files(directory);
        assert!(!files.is_empty());
        for path in files.into_iter().chain([place.path(directory)]) {
            let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
            let expected = if path.is_dir() { 0o700 } else { 0o600 };
            assert_eq!(mode, expected, "{:o} {}", mode, path.display());
        }
    }
    let rows = "{\"password\": \"s3cret\"}";
    place.engine("datapool uncat pool.msgpack").read(rows).exits(0);
    place.engine("datapool compact pool.msgpack").run().exits(0);
    let pool = fs::metadata(place.path("pool.msgpack")).unwrap();
    assert_eq!(pool.permissions().mode() & 0o777, 0o600);
}
