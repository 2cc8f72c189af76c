//! What verifiers are asked to ask, as `[config.proof_requests]` says it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::settings::SettingsError;
use crate::{
    aries::anoncreds::PresentationRequest,
    journey::{Failure, Settings},
    quantity::shortened,
};

const KEY: &str = "proof_requests";
pub(super) const EXAMPLE: &str = r#"proof_requests = { adult = '{"requested_predicates": {"adult": {"name": "age", "p_type": ">=", "p_value": 18}}, "non_revoked": {"to": "{now}"}}' }"#;
/// Stands for the time, in seconds since the epoch.
const NOW: &str = "{now}";
/// Stands for the credential definition of the holder's credential.
const DEFINITION: &str = "{cred_def_id}";
/// What a proof request may say.
const FIELDS: [&str; 7] = [
    "name",
    "version",
    "ver",
    "nonce",
    "requested_attributes",
    "requested_predicates",
    "non_revoked",
];
/// Deepest nesting that is filled in.
const DEPTH_MAX: usize = 32;

/// Proof requests by name, with places to be filled in.
///
/// ```toml
/// [config.proof_requests]
/// adult = '''{
///   "name": "adult", "version": "1.0",
///   "requested_attributes": { "who": { "name": "name", "restrictions": [{ "cred_def_id": "{cred_def_id}" }] } },
///   "requested_predicates": { "old": { "name": "age", "p_type": ">=", "p_value": 18 } },
///   "non_revoked": { "to": "{now}" }
/// }'''
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct ProofRequests(BTreeMap<String, Value>);

/// What the places of a proof request are filled with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Filling<'a> {
    /// Seconds since the epoch.
    pub(super) now: u64,
    /// The credential definition of the holder's credential.
    pub(super) definition: &'a str,
}

impl ProofRequests {
    /// Reads them: tables, or JSON as text.
    pub(super) fn read(config: &Settings) -> Result<Self, SettingsError> {
        let wrong = |why: String| SettingsError::new(KEY, why, EXAMPLE);
        let Some(value) = config.get(KEY) else { return Ok(Self::default()) };
        let table = value.as_object().ok_or_else(|| wrong("is no table".into()))?;
        let requests = table.iter().map(|(name, value)| {
            let read = request(value).and_then(|request| checked(&request).map(|()| request));
            Ok((name.clone(), read.map_err(|why| wrong(format!("{name}: {why}")))?))
        });
        requests.collect::<Result<_, _>>().map(Self)
    }

    /// The request of this name, or the only one there is; without a nonce, unless it has one.
    pub(super) fn filled(
        &self,
        name: Option<&str>,
        filling: Filling<'_>,
    ) -> Result<Value, Failure> {
        let found = match name {
            Some(name) => self.0.get(name),
            None if self.0.len() == 1 => self.0.values().next(),
            None => None,
        };
        found.map(|request| filled(request, filling, DEPTH_MAX)).ok_or_else(|| {
            let asked = name.map_or("which one is not said".to_owned(), |it| format!("not `{it}`"));
            let names: Vec<_> = self.0.keys().map(String::as_str).collect();
            let there = if names.is_empty() { "none".into() } else { names.join(", ") };
            let why = format!(
                "`{KEY}` in [config] has {there}, {asked}; say options = {{ request = \"…\" }}, and write one like {EXAMPLE}"
            );
            Failure::new("config", why)
        })
    }
}

/// What a holder prepares for: the request as its verifier will ask it, but for the nonce.
pub(super) fn read(mut request: Value) -> Result<PresentationRequest, String> {
    if let Some(fields) = request.as_object_mut() {
        fields.entry("nonce").or_insert_with(|| "1".into());
        fields.entry("name").or_insert_with(|| "".into());
        fields.entry("version").or_insert_with(|| "1.0".into());
    }
    serde_path_to_error::deserialize(request).map_err(|error| error.to_string())
}

fn request(value: &Value) -> Result<Value, String> {
    match value {
        Value::String(text) => serde_json::from_str(text).map_err(|error| error.to_string()),
        Value::Object(_) => Ok(value.clone()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => {
            Err("is neither a table nor JSON".into())
        }
    }
}

/// Refuses what no verifier could ask, or would ask otherwise than it is meant.
fn checked(request: &Value) -> Result<(), String> {
    let mut fields = request.as_object().into_iter().flatten().map(|(field, _)| field.as_str());
    if let Some(field) = fields.find(|field| !FIELDS.contains(field)) {
        let likeness = |name: &str| strsim::jaro_winkler(name, field);
        let nearest = FIELDS.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        let nearest = nearest.unwrap_or(&FIELDS[0]);
        return Err(format!("unknown field `{}`: did you mean `{nearest}`?", shortened(field)));
    }
    let example = filled(request, Filling { now: 0, definition: "it" }, DEPTH_MAX);
    if let Some(place) = unfilled(&example) {
        return Err(format!("nothing is filled in at `{place}`: there are {NOW} and {DEFINITION}"));
    }
    let read = read(example)?;
    if read.requested_attributes.is_empty() && read.requested_predicates.is_empty() {
        return Err("asks for neither `requested_attributes` nor `requested_predicates`".into());
    }
    Ok(())
}

/// A place that nothing was filled in at.
fn unfilled(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => {
            let (_, rest) = text.split_once('{')?;
            let (name, _) = rest.split_once('}')?;
            Some(format!("{{{}}}", shortened(name)))
        }
        Value::Array(items) => items.iter().find_map(unfilled),
        Value::Object(fields) => fields.values().find_map(unfilled),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

fn filled(value: &Value, filling: Filling<'_>, depth: usize) -> Value {
    let Some(depth) = depth.checked_sub(1) else { return value.clone() };
    match value {
        Value::String(text) if text == NOW => filling.now.into(),
        Value::String(text) => text.replace(DEFINITION, filling.definition).into(),
        Value::Array(items) => items.iter().map(|it| filled(it, filling, depth)).collect(),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, it)| (name.clone(), filled(it, filling, depth)));
            Value::Object(fields.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn requests(value: &Value) -> Result<ProofRequests, SettingsError> {
        ProofRequests::read(&serde_json::from_value(json!({ KEY: value })).unwrap())
    }

    #[test]
    fn places_are_filled_wherever_they_are() {
        let text = r#"{
            "requested_attributes": { "who": { "name": "name", "restrictions": [{ "cred_def_id": "{cred_def_id}" }] } },
            "non_revoked": { "from": 0, "to": "{now}" }
        }"#;
        let filling = Filling { now: 1_700_000_000, definition: "did:web:issuer.example/1" };
        let request = requests(&json!({ "who": text })).unwrap().filled(None, filling).unwrap();
        insta::assert_snapshot!(request, @r#"{"non_revoked":{"from":0,"to":1700000000},"requested_attributes":{"who":{"name":"name","restrictions":[{"cred_def_id":"did:web:issuer.example/1"}]}}}"#);
    }

    #[test]
    fn what_no_verifier_could_ask_is_refused_with_its_name() {
        let predicate = json!({ "p": { "name": "age", "p_type": "=>", "p_value": 18 } });
        let refused = [
            json!("adult"),
            json!({ "adult": 18 }),
            json!({ "adult": "{" }),
            json!({ "adult": { "requested_predicates": predicate } }),
            json!({ "adult": { "requested_predicate": {} } }),
            json!({ "adult": { "name": "adult" } }),
            json!({ "adult": { "requested_attributes": { "who": { "name": "{cred_def}" } } } }),
        ];
        let told = refused.map(|it| requests(&it).unwrap_err().to_string());
        insta::assert_snapshot!(told.join("\n"), @r#"
        `proof_requests` in [config]: is no table; write it like proof_requests = { adult = '{"requested_predicates": {"adult": {"name": "age", "p_type": ">=", "p_value": 18}}, "non_revoked": {"to": "{now}"}}' }
        `proof_requests` in [config]: adult: is neither a table nor JSON; write it like proof_requests = { adult = '{"requested_predicates": {"adult": {"name": "age", "p_type": ">=", "p_value": 18}}, "non_revoked": {"to": "{now}"}}' }
        `proof_requests` in [config]: adult: EOF while parsing an object at line 1 column 1; write it like proof_requests = { adult = '{"requested_predicates": {"adult": {"name": "age", "p_type": ">=", "p_value": 18}}, "non_revoked": {"to": "{now}"}}' }
        `proof_requests` in [config]: adult: requested_predicates.p.p_type: unknown variant `=>`, expected one of `>=`, `>`, `<=`, `<`; write it like proof_requests = { adult = '{"requested_predicates": {"adult": {"name": "age", "p_type": ">=", "p_value": 18}}, "non_revoked": {"to": "{now}"}}' }
        `proof_requests` in [config]: adult: unknown field `requested_predicate`: did you mean `requested_predicates`?; write it like proof_requests = { adult = '{"requested_predicates": {"adult": {"name": "age", "p_type": ">=", "p_value": 18}}, "non_revoked": {"to": "{now}"}}' }
        `proof_requests` in [config]: adult: asks for neither `requested_attributes` nor `requested_predicates`; write it like proof_requests = { adult = '{"requested_predicates": {"adult": {"name": "age", "p_type": ">=", "p_value": 18}}, "non_revoked": {"to": "{now}"}}' }
        `proof_requests` in [config]: adult: nothing is filled in at `{cred_def}`: there are {now} and {cred_def_id}; write it like proof_requests = { adult = '{"requested_predicates": {"adult": {"name": "age", "p_type": ">=", "p_value": 18}}, "non_revoked": {"to": "{now}"}}' }
        "#);
    }

    #[test]
    fn a_request_that_is_not_there_is_told_with_those_that_are() {
        let ask = json!({ "requested_attributes": { "who": { "name": "name" } } });
        let two = json!({ "adult": ask, "nurse": ask });
        let filling = Filling { now: 0, definition: "" };
        let missing = |value: &Value, name| {
            requests(value).unwrap().filled(name, filling).unwrap_err().message().to_owned()
        };
        insta::assert_snapshot!(missing(&two, Some("child")), @r#"`proof_requests` in [config] has adult, nurse, not `child`; say options = { request = "…" }, and write one like proof_requests = { adult = '{"requested_predicates": {"adult": {"name": "age", "p_type": ">=", "p_value": 18}}, "non_revoked": {"to": "{now}"}}' }"#);
        insta::assert_snapshot!(missing(&two, None), @r#"`proof_requests` in [config] has adult, nurse, which one is not said; say options = { request = "…" }, and write one like proof_requests = { adult = '{"requested_predicates": {"adult": {"name": "age", "p_type": ">=", "p_value": 18}}, "non_revoked": {"to": "{now}"}}' }"#);
        insta::assert_snapshot!(missing(&json!({}), None), @r#"`proof_requests` in [config] has none, which one is not said; say options = { request = "…" }, and write one like proof_requests = { adult = '{"requested_predicates": {"adult": {"name": "age", "p_type": ">=", "p_value": 18}}, "non_revoked": {"to": "{now}"}}' }"#);
    }
}
