//! What the TOML reader finds wrong, in words that say what would be right.

use crate::quantity::shortened;

/// How like a right key a wrong one has to be for being meant.
const LIKE_ENOUGH: f64 = 0.75;

/// Explains a message of the TOML reader on a key.
pub(super) fn toml(message: &str, path: &str) -> String {
    let (parent, key) = split(path);
    if message.starts_with("unknown field") {
        let mut names = quoted(message);
        let wrong = names.next().unwrap_or(key);
        let names: Vec<&str> = names.collect();
        return format!(
            "unknown key `{}` {}: {}",
            shortened(wrong),
            table(parent),
            suggestion(wrong, &names)
        );
    }
    if message.starts_with("unknown variant") {
        let mut names = quoted(message);
        let wrong = names.next().unwrap_or_default();
        let names: Vec<&str> = names.collect();
        return format!("`{}` is not known here: {}", shortened(wrong), suggestion(wrong, &names));
    }
    if let Some(missing) = message.strip_prefix("missing field ") {
        let key = missing.trim_matches('`');
        return format!("missing key `{key}`{}", example(key));
    }
    let message = message
        .lines()
        .collect::<Vec<_>>()
        .join(", ")
        .replace("expected u64", "expected a whole number from 0")
        .replace("expected u32", "expected a whole number from 0");
    let shows_one = ["such as", "written like", "right one", "none of"];
    let example = if shows_one.iter().any(|words| message.contains(words)) {
        String::new()
    } else {
        example(key)
    };
    format!("{message}{example}")
}

/// The name that is meant by a wrong one, or all there are.
pub(crate) fn suggestion(wrong: &str, names: &[&str]) -> String {
    let likeness = |name: &str| strsim::jaro_winkler(name, wrong);
    let nearest = names.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match nearest {
        Some(nearest) if likeness(nearest) >= LIKE_ENOUGH => format!("did you mean `{nearest}`?"),
        Some(_) | None => format!("there are `{}`", names.join("`, `")),
    }
}

/// The texts between backquotes: serde tells the wrong name first, then all that are right.
fn quoted(message: &str) -> impl Iterator<Item = &str> {
    message.split('`').skip(1).step_by(2)
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('.').unwrap_or(("", path))
}

/// A table as its header shows it.
fn table(path: &str) -> String {
    match path.split_once('[') {
        _ if path.is_empty() => "at the top of the file".to_owned(),
        Some((rows, _)) => format!("in [[{rows}]]"),
        None => format!("in [{path}]"),
    }
}

/// A right line for a key.
fn example(key: &str) -> String {
    let line = match key {
        "name" => r#"name = "wallets""#,
        "description" => r#"description = "holders present and revoke""#,
        "seed" => "seed = 42",
        "config" => r#"[config] with lines such as issuer = "sandbox""#,
        "datapool" => r#"datapool = "holders" in a row, and [datapool.holders]"#,
        "create" => r"[[create]]",
        "load" => r"[[load]]",
        "http" => r"[http]",
        "sandbox" => r"[sandbox]",
        "thresholds" => r#"[thresholds] with lines such as http_req_failed = ["rate<1%"]"#,
        "source" => r#"source = "recorder-data/holders.msgpack""#,
        "mode" => r#"mode = "recycle""#,
        "journey" => r#"journey = "present-and-revoke""#,
        "volume" => r#"volume = "hold 50/s for 5m""#,
        "arrival" => r#"arrival = "even""#,
        "max_in_flight" => "max_in_flight = 5000",
        "options" => r#"options = { think = "10s..60s" }"#,
        "records" => r#"records = "holders""#,
        "redirects" => "redirects = 10",
        "insecure" => "insecure = true",
        "ca" => r#"ca = "certificates/ca.pem""#,
        "connections" => r#"connections = "own""#,
        "user_agent" => r#"user_agent = "holder/1.0""#,
        "directory" => r#"directory = "sandbox-data""#,
        _ => return String::new(),
    };
    format!("; a right one is `{line}`")
}
