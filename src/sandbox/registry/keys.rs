//! The issuer's keys for tests: everybody may know them, so that no sandbox spends half a minute on
//! making some.

use std::sync::LazyLock;

use crate::aries::anoncreds::Issuer;

static ISSUER: LazyLock<Issuer> = LazyLock::new(|| {
    Issuer::from_json(include_str!("../test_issuer_keys.json")).expect("the test keys are keys")
});

/// The issuer of all sandboxes; its keys are read when it is first asked for.
pub(in super::super) fn issuer() -> &'static Issuer {
    &ISSUER
}
