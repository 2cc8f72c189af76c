//! Seeds of wallets are in their pool, and nowhere else.

use std::fs;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

use super::{HOLDERS, holders, place};

/// A secret as somebody may have written it.
pub(super) fn written(seed: &[u8; 32]) -> Vec<Vec<u8>> {
    let hex: String = seed.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(digit).collect();
    let list = format!("{seed:?}").trim_matches(['[', ']']).to_owned();
    let texts = [
        list.replace(' ', ""),
        list,
        hex.to_uppercase(),
        hex,
        bs58::encode(seed).into_string(),
        STANDARD_NO_PAD.encode(seed),
        URL_SAFE_NO_PAD.encode(seed),
    ];
    texts.into_iter().map(String::into_bytes).chain([seed.to_vec()]).collect()
}

fn digit(of: u8) -> char {
    char::from_digit(of.into(), 16).unwrap()
}

/// Whether any of the secrets is in a text.
pub(super) fn leaked<'a>(text: &[u8], secrets: &'a [Vec<u8>]) -> Option<&'a Vec<u8>> {
    let mut by_start: Vec<Vec<&Vec<u8>>> = vec![Vec::new(); 256];
    for secret in secrets {
        by_start[usize::from(secret[0])].push(secret);
    }
    let at = |at: usize| {
        let candidates = &by_start[usize::from(text[at])];
        candidates.iter().find(|secret| text[at..].starts_with(secret)).copied()
    };
    (0..text.len()).find_map(at)
}

#[test]
fn no_seed_is_in_logs_messages_reports_or_other_pools() {
    let place = place();
    place.change("mediator.toml", "[config]", "[sandbox]\nloss = \"5%\"\n\n[config]");
    place.change("mediator.toml", "[config]", "[config]\nwallets = { answer_limit = \"300ms\" }");
    let mut said = Vec::new();
    for arguments in [
        "create-data messages.toml -vvv",
        "scenario run messages.toml -vvv",
        "scenario run mediator.toml -vvv",
        "scenario check messages.toml -vvv",
        "datapool show recorder-data/holders.msgpack",
        "journey run ping-mediator -vvv -e mediator=sandbox -e issuer=sandbox --datapool recorder-data/holders.msgpack",
        "scenario run messages.toml -vvv -e mediator=http://127.0.0.1:1/",
    ] {
        let run = place.engine(arguments).run();
        said.extend([run.stdout.into_bytes(), run.stderr.into_bytes()]);
    }
    assert!(said.iter().any(|it| it.len() > 10_000), "the log is talkative");
    let holders = holders(&place);
    let mediators = holders.iter().filter_map(|it| Some(&it.mediator.as_ref()?.connection));
    let connections = holders.iter().flat_map(|it| &it.connections).chain(mediators);
    let secrets: Vec<_> = connections.flat_map(|it| written(&it.seed)).collect();
    assert_eq!(secrets.len(), 24 * 8);

    let pool = place.path(HOLDERS);
    assert!(
        leaked(&fs::read(&pool).unwrap(), &secrets).is_some(),
        "the search finds what is there"
    );
    let files = ["runs", "sandbox-data", "recorder-data"].map(|it| place.files(it)).concat();
    for file in files.iter().filter(|file| **file != pool) {
        assert_eq!(leaked(&fs::read(file).unwrap(), &secrets), None, "{}", file.display());
    }
    for text in said {
        assert_eq!(leaked(&text, &secrets), None, "{}", String::from_utf8_lossy(&text));
    }
}
