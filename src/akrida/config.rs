//! `agentConfig`: what an agent can be brought back from.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::aries::holder::HolderRecord;

/// A holder as the text in an `agentConfig`; whoever has it is the holder.
pub(super) fn record(holder: &HolderRecord) -> String {
    let record = rmp_serde::to_vec_named(holder);
    STANDARD.encode(record.expect("a record is of what MessagePack can say"))
}

/// The holder that an `agentConfig` of ours holds; none if it is as good as none.
pub(super) fn recorded(config: &Value) -> Result<Option<HolderRecord>, &'static str> {
    let is_nothing = match config {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Bool(true) | Value::Number(_) | Value::Object(_) => false,
    };
    if is_nothing {
        return Ok(None);
    }
    let record = config.get("record").and_then(Value::as_str);
    let record = record.ok_or("has no `record`")?;
    let packed = STANDARD.decode(record).map_err(|_| "has a broken `record`")?;
    let record = rmp_serde::from_slice(&packed);
    record.map(Some).map_err(|_| "has a broken `record`")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_no_config_is_refused_and_nothing_is_a_new_agent() {
        let nothing = [Value::Null, json!(false), json!(""), json!([])];
        assert!(nothing.iter().all(|it| matches!(recorded(it), Ok(None))));
        let wrong = [json!({}), json!(7), json!({ "record": "?" }), json!({ "record": "AAAA" })];
        assert!(wrong.iter().all(|it| recorded(it).is_err()));
    }
}
