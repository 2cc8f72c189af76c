use proptest::prelude::*;
use serde_json::json;
use tokio::runtime::Builder;

use super::{
    BASE, DEFINITION, DEFINITION_PATH, Fake, LISTS_PATH, REGISTRY, SCHEMA, SCHEMA_PATH, indy,
    ledger,
};
use crate::aries::anoncreds::Interval;

/// Documents in which anything may stand, and texts that are none.
const DOCUMENT: &str = r#"(\{("(name|version|attrNames|issuerId|schemaId|type|tag|timestamp|result|data)":("[^"]{0,9}"|-?[0-9]{1,20}|\{"(value|data|ref)":[0-9{}]{1,3}\}|\[[01]?\]|null),){0,6}"value":(null|\{\}|"x"|7)\}|.{0,30})"#;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_answer_is_read_or_refused(
        status in prop_oneof![Just(200_u16), 0_u16..1000],
        body in DOCUMENT,
        to in any::<Option<u64>>(),
    ) {
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let http = Fake::registry();
            let ledger = ledger(json!(BASE));
            for path in [SCHEMA_PATH, DEFINITION_PATH, LISTS_PATH] {
                http.answer(path, status, body.as_bytes());
            }
            let _ = ledger.definition(&http, DEFINITION, SCHEMA).await;
            let _ = ledger.list(&http, REGISTRY, Interval { from: None, to }).await;
            http.answer("/revocation-registries/x", status, body.as_bytes());
            let _ = ledger.registry(&http, "x").await;
            let (http, ledger) = indy::proxy("ISSUANCE_BY_DEFAULT");
            ledger.registry_definition(&http, indy::REGISTRY).await.unwrap();
            for path in ["/schema/x", "/cred_def/x", "/rev_reg_def/x", "/submit", indy::DELTA_PATH] {
                http.answer(path, status, body.as_bytes());
            }
            let _ = ledger.definition(&http, "x", "x").await;
            let _ = ledger.registry(&http, "x").await;
            let _ = ledger.list(&http, indy::REGISTRY, Interval { from: None, to }).await;
        });
    }
}
