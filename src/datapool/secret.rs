//! Which fields are not for showing.

/// Parts of names whose values open something.
const SECRET: [&str; 11] = [
    "key",
    "seed",
    "token",
    "pass",
    "secret",
    "wallet",
    "private",
    "credential",
    "mnemonic",
    "cookie",
    "session",
];

/// Whether the name of a field says that its value is a secret.
pub(super) fn looks_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    SECRET.iter().any(|part| name.contains(part))
}
