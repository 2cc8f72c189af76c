//! What `[config]` says of events.

use serde_json::{Value, json};

use super::*;

#[test]
fn events_are_configured_where_they_can_come() {
    let read = |config: Value| {
        let config = serde_json::from_value(config).unwrap();
        EventSettings::read(&config).err().unwrap_or_else(|| "right".into())
    };
    let issuer = |events: &str| json!({ "url": "http://127.0.0.1:8031", "events": events });
    let tenant = json!({
        "kind": "traction", "url": "http://127.0.0.1:1", "tenant_id": "t", "api_key": "k",
        "events": "websocket",
    });
    let webhooks = json!({ "listen": "127.0.0.1:7900" });
    let answers = [
        json!({ "issuer": issuer("websocket") }),
        json!({ "issuer": issuer("webhooks"), "webhooks": webhooks }),
        json!({ "issuer": issuer("webhooks") }),
        json!({ "gateway": issuer("polling") }),
        json!({ "verifier": tenant }),
        json!({ "webhooks": { "listen": "7900" } }),
    ];
    insta::assert_snapshot!(answers.map(read).join("\n"), @r#"
    right
    right
    `webhooks` in [config] is not set, where the issuer is to post its events; write it like webhooks = { listen = "0.0.0.0:7900", key = "…" }
    `gateway` in [config]: `events` must be false or "websocket" or "webhooks"; a right one is `{ kind = "acapy", url = "https://issuer.example:8031", api_key = "…" }`
    `verifier` in [config]: a tenant's `events` come as "webhooks" alone; a right one is `{ kind = "traction", url = "https://proxy.example", tenant_id = "…", api_key = "…" }`
    `webhooks` in [config]: listen: invalid socket address syntax; write it like webhooks = { listen = "0.0.0.0:7900", key = "…" }
    "#);
}
