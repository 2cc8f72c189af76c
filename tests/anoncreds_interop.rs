//! Credentials are shared with anoncreds-rs, which ACA-Py runs on: what it issues is held here, and
//! what is presented here it verifies, and rejects where it should.
#![expect(clippy::unwrap_used, reason = "a test may")]

mod interop;

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Stdio},
    sync::Arc,
};

use engine::aries::anoncreds::{
    Choice, CredentialOffer, Definition, Error, Held, LinkSecret, Nonce, Prepared,
    PresentationRequest, Registry, RevocationRegistryDefinition, RevocationStatusList, Source,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// anoncreds-rs in a process of its own.
struct Oracle {
    child: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Oracle {
    fn start() -> Self {
        let mut command = interop::script("anoncreds_oracle.py");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (asks, answers) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, asks, answers: BufReader::new(answers) }
    }

    fn ask<T: DeserializeOwned>(&mut self, what: &Value) -> T {
        writeln!(self.asks, "{what}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
    }

    /// What a verifier says of a presentation: true, false, or why it is none.
    fn verdict(&mut self, shown: &Value, request: &Value) -> Value {
        self.ask(&json!({ "do": "verify", "presentation": shown, "request": request }))
    }

    fn update(
        &mut self,
        issued: &[u32],
        revoked: &[u32],
        timestamp: u64,
    ) -> Arc<RevocationStatusList> {
        Arc::new(self.ask(&json!({
            "do": "update", "issuer": 0, "issued": issued, "revoked": revoked, "timestamp": timestamp,
        })))
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An issuer of the oracle, as its holders see it.
struct Issuer {
    number: usize,
    definition: Definition,
    registry: Option<(RevocationRegistryDefinition, Registry, Arc<RevocationStatusList>)>,
}

impl Issuer {
    fn new(oracle: &mut Oracle, number: usize, ids: [&str; 4], attributes: &[&str]) -> Self {
        let [issuer, schema, definition, registry] = ids;
        let published: Value = oracle.ask(&json!({
            "do": "new", "issuer_id": issuer, "schema_id": schema, "definition_id": definition,
            "registry_id": registry, "attributes": attributes,
        }));
        let field = |name: &str| published[name].clone();
        let keys = serde_json::from_value(field("definition")).unwrap();
        let schema = serde_json::from_value(field("schema")).unwrap();
        let definition = Definition::new(definition, &keys, schema).unwrap();
        let registry = (!registry.is_empty()).then(|| {
            let published: RevocationRegistryDefinition =
                serde_json::from_value(field("registry")).unwrap();
            let tails = fs::read(&published.value.tails_location).unwrap();
            let mut other = tails.clone();
            other[5] ^= 1;
            assert!(matches!(
                Registry::new(registry, &published, &other),
                Err(Error::Tails { .. })
            ));
            let parsed = Registry::new(registry, &published, &tails).unwrap();
            (published, parsed, Arc::new(serde_json::from_value(field("list")).unwrap()))
        });
        Self { number, definition, registry }
    }

    fn issue(&self, oracle: &mut Oracle, secret: &LinkSecret, values: &Value, index: u32) -> Held {
        let offer: CredentialOffer = oracle.ask(&json!({ "do": "offer", "issuer": self.number }));
        let (request, kept) = self.definition.request(&offer, secret).unwrap();
        let credential: engine::aries::anoncreds::Credential = oracle.ask(&json!({
            "do": "issue", "issuer": self.number, "offer": offer, "request": request,
            "values": values, "index": index,
        }));
        let registry = self.registry.as_ref().map(|(published, ..)| published);
        let other = LinkSecret::random().unwrap();
        let stolen = self.definition.receive(credential.clone(), &kept, &other, registry);
        assert!(matches!(stolen, Err(Error::Refused { .. })), "{stolen:?}");
        let credential = self.definition.receive(credential, &kept, secret, registry).unwrap();
        let state = self.registry.as_ref().map(|(_, it, list)| it.state(index, list).unwrap());
        Held { credential, definition: self.definition.clone(), state }
    }
}

fn webvh(oracle: &mut Oracle) -> Issuer {
    let issuer = "did:webvh:QmScid:host%3A8080:issuer1";
    let ids = ["schema", "definition", "registry"].map(|it| format!("{issuer}/resources/{it}"));
    Issuer::new(
        oracle,
        0,
        [issuer, &ids[0], &ids[1], &ids[2]],
        &["name", "Full Name", "age", "born"],
    )
}

fn indy(oracle: &mut Oracle) -> Issuer {
    let issuer = "LhxRNqv1LartnYyznq8176";
    let schema = format!("{issuer}:2:degree:1.0");
    let definition = format!("{issuer}:3:CL:12:default");
    Issuer::new(oracle, 1, [issuer, &schema, &definition, ""], &["degree"])
}

fn present(
    request: &Value,
    held: &[Held],
    secret: &LinkSecret,
    change: impl FnOnce(&mut Choice),
) -> Value {
    let request: PresentationRequest = serde_json::from_value(request.clone()).unwrap();
    let mut choice = Choice::first_fit(&request, held).unwrap();
    change(&mut choice);
    let prepared = Prepared::new(&request, &choice, held, secret).unwrap();
    serde_json::to_value(prepared.finish(&request.nonce).unwrap()).unwrap()
}

fn asking(attributes: &Value, predicates: &Value, non_revoked: Value) -> Value {
    let nonce = serde_json::to_value(Nonce::random().unwrap()).unwrap();
    let mut request = json!({
        "name": "proof", "version": "1.0", "nonce": nonce,
        "requested_attributes": attributes, "requested_predicates": predicates,
    });
    if !non_revoked.is_null() {
        request["non_revoked"] = non_revoked;
    }
    request
}

const PERSON: [&str; 4] = ["name", "Full Name", "age", "born"];

fn person() -> Value {
    json!({ PERSON[0]: "Alice", PERSON[1]: "Alice Smith", PERSON[2]: "30", PERSON[3]: "-5" })
}

#[test]
fn what_anoncreds_rs_issues_is_presented_here_and_verified_there() {
    let mut oracle = Oracle::start();
    let (webvh, indy) = (webvh(&mut oracle), indy(&mut oracle));
    let secret = LinkSecret::random().unwrap();
    let held = [
        webvh.issue(&mut oracle, &secret, &person(), 1),
        indy.issue(&mut oracle, &secret, &json!({ "degree": "Maths" }), 0),
    ];
    presents_all_kinds_of_answers(&mut oracle, &held, &secret);
    proves_that_nothing_is_revoked(&mut oracle, &webvh, held, &secret);
}

/// A question that is answered in every way there is.
fn all_kinds(held: &[Held]) -> Value {
    let of = |place: usize| json!([{ "cred_def_id": held[place].definition.id() }]);
    asking(
        &json!({
            "one": { "name": "degree", "restrictions": [
                { "issuer_did": "nobody" },
                { "issuer_did": "LhxRNqv1LartnYyznq8176", "attr::degree::value": "Maths" },
            ] },
            "group": { "names": ["name", "fullname"], "restrictions": of(0) },
            "hidden": { "name": "born", "restrictions": { "attr::Full Name::marker": "1" } },
            "word": { "name": "hobby" },
        }),
        &json!({
            "at_least": { "name": "age", "p_type": ">=", "p_value": 30, "restrictions": of(0) },
            "above": { "name": "AGE", "p_type": ">", "p_value": 29 },
            "at_most": { "name": "age", "p_type": "<=", "p_value": 30 },
            "below": { "name": "born", "p_type": "<", "p_value": 0 },
        }),
        Value::Null,
    )
}

fn presents_all_kinds_of_answers(oracle: &mut Oracle, held: &[Held], secret: &LinkSecret) {
    let request = all_kinds(held);
    let shown = present(&request, held, secret, |choice| {
        choice.attributes.insert("hidden".into(), Source::Unrevealed(0));
        choice.attributes.insert("word".into(), Source::SelfAttested("chess".into()));
    });
    let answers = shown["requested_proof"].as_object().unwrap().iter();
    let answers: Vec<_> = answers.map(|(kind, answer)| format!("{kind}: {answer}")).collect();
    insta::assert_snapshot!(answers.join("\n"), @r#"
    predicates: {"above":{"sub_proof_index":0},"at_least":{"sub_proof_index":0},"at_most":{"sub_proof_index":0},"below":{"sub_proof_index":0}}
    revealed_attr_groups: {"group":{"sub_proof_index":0,"values":{"fullname":{"encoded":"62816810226936654797779705000772968058283780124309077049681734835796332704413","raw":"Alice Smith"},"name":{"encoded":"27034640024117331033063128044004318218486816931520886405535659934417438781507","raw":"Alice"}}}}
    revealed_attrs: {"one":{"encoded":"460273229220408542178729328948548235132905393400001582342944147813984660772","raw":"Maths","sub_proof_index":1}}
    self_attested_attrs: {"word":"chess"}
    unrevealed_attrs: {"hidden":{"sub_proof_index":0}}
    "#);
    assert_eq!(oracle.verdict(&shown, &request), true);

    let mut other = request.clone();
    other["nonce"] = json!("1");
    assert_eq!(oracle.verdict(&shown, &other), false);
    let mut forged = shown.clone();
    forged["requested_proof"]["revealed_attrs"]["one"]["raw"] = json!("Physics");
    assert_ne!(oracle.verdict(&forged, &request), true);
}

fn proves_that_nothing_is_revoked(
    oracle: &mut Oracle,
    issuer: &Issuer,
    mut held: [Held; 2],
    secret: &LinkSecret,
) {
    let (_, registry, first) = issuer.registry.as_ref().unwrap();
    let request = |from: u64, to: u64| {
        let own = json!({ "name": "name", "non_revoked": { "from": from, "to": to } });
        let age = json!({ "name": "age", "p_type": ">=", "p_value": 18 });
        asking(&json!({ "own": own }), &json!({ "age": age }), json!({ "from": 0, "to": to + 5 }))
    };
    let verdict = |oracle: &mut Oracle, held: &[Held], asked: &Value| {
        let shown = present(asked, held, secret, |_| {});
        oracle.verdict(&shown, asked)
    };
    assert_eq!(verdict(oracle, &held, &request(5, 15)), true);

    let later = oracle.update(&[], &[2, 3, 9], 20);
    let latest = oracle.update(&[3], &[4], 30);
    let mut state = registry.state(1, first).unwrap();
    registry.update(&mut state, &later).unwrap();
    registry.update(&mut state, &latest).unwrap();
    held[0].state = Some(state.clone());
    assert_eq!(verdict(oracle, &held, &request(25, 35)), true);
    held[0].state = Some(registry.state(1, &later).unwrap());
    assert_eq!(verdict(oracle, &held, &request(15, 25)), true);
    assert_ne!(verdict(oracle, &held, &request(25, 35)), true);

    let revoked = oracle.update(&[], &[1], 40);
    registry.update(&mut state, &revoked).unwrap();
    assert!(state.is_revoked());
    held[0].state = Some(state);
    assert_eq!(verdict(oracle, &held, &request(35, 45)), false);
    held[0].state = Some(registry.state(1, &revoked).unwrap());
    assert_eq!(verdict(oracle, &held, &request(35, 45)), false);

    held[0].state = None;
    let asked: PresentationRequest = serde_json::from_value(request(35, 45)).unwrap();
    let choice = Choice::first_fit(&asked, &held).unwrap();
    let unknown = Prepared::new(&asked, &choice, &held, secret);
    assert!(matches!(unknown, Err(Error::NoState { .. })));
}
