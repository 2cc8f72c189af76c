//! Claims about issuers: whose keys they read, what they sign and what they refuse.

use std::{
    fs,
    sync::{Arc, LazyLock},
};

use super::*;

pub(super) const SIZE: u32 = 6;
/// Text that stands in no document by itself.
const JUNK: &str = "5EcR37";

/// Keys that anoncreds-rs made, as JSON.
pub(super) fn keys() -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/anoncreds_keys.json");
    let mut file: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let issuer = "did:webvh:QmScid:host%3A8080:issuer1";
    let mut keys = file[issuer].take();
    json!({
        "note": "whatever",
        "id": format!("{issuer}/resources/definition"),
        "schema": {
            "name": "person", "version": "1.0", "issuerId": issuer,
            "attrNames": ["name", "Full Name", "age", "born"],
        },
        "definition": keys["definition"].take(),
        "key_correctness_proof": keys["key_proof"].take(),
        "secret": keys["private"]["value"].take(),
    })
}

pub(super) fn values() -> BTreeMap<String, String> {
    let values = [("name", "Alice"), ("FULL NAME", "Alice Smith"), ("age", "30"), ("born", "x")];
    values.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// An issuer with a registry, and a holder that asks it.
pub(super) struct World {
    pub(super) issuer: Issuer,
    pub(super) registrar: RegistryIssuer,
    pub(super) registry: Registry,
    pub(super) list: Arc<RevocationStatusList>,
    pub(super) secret: LinkSecret,
    pub(super) offer: CredentialOffer,
    pub(super) request: CredentialRequest,
    pub(super) kept: RequestMetadata,
}

impl World {
    pub(super) fn new() -> Self {
        let issuer = Issuer::from_json(&keys().to_string()).unwrap();
        let (registrar, registry) = registrar(&issuer, "registry");
        let list = Arc::new(registrar.first_list(1));
        let (secret, offer) = (LinkSecret::random().unwrap(), issuer.offer().unwrap());
        let (request, kept) = issuer.definition().request(&offer, &secret).unwrap();
        Self { issuer, registrar, registry, list, secret, offer, request, kept }
    }

    pub(super) fn place(&self, index: u32) -> Place<'_> {
        Place { issuer: &self.registrar, registry: &self.registry, list: &self.list, index }
    }

    pub(super) fn issue(&self, place: Option<Place<'_>>) -> Result<Credential, Error> {
        self.issuer.issue(&self.offer, &self.request, &values(), place)
    }

    pub(super) fn receive(&self, credential: Credential) -> Credential {
        let registry = Some(self.registrar.published());
        self.issuer.definition().receive(credential, &self.kept, &self.secret, registry).unwrap()
    }

    pub(super) fn revoke(&self, indices: &[u32]) -> Result<RevocationStatusList, Error> {
        self.registrar.revoke(&self.registry, &self.list, indices, 2)
    }
}

pub(super) fn registrar(issuer: &Issuer, id: &str) -> (RegistryIssuer, Registry) {
    let location = |hash: &str| format!("https://tails.example/{hash}");
    let (registrar, tails) = RegistryIssuer::create(issuer, id, "1", SIZE, location).unwrap();
    let registry = Registry::new(id, registrar.published(), &tails).unwrap();
    (registrar, registry)
}

#[test]
fn keys_are_read_as_they_were_written() {
    let mut expected = keys();
    let issuer = Issuer::from_json(&expected.to_string()).unwrap();
    expected.as_object_mut().unwrap().remove("note");
    assert_eq!(serde_json::from_str::<Value>(&issuer.to_json()).unwrap(), expected);

    let (registrar, registry) = registrar(&issuer, "registry");
    let read = RegistryIssuer::from_json(&registrar.to_json()).unwrap();
    let value = |json: &str| serde_json::from_str::<Value>(json).unwrap();
    assert_eq!(value(&read.to_json()), value(&registrar.to_json()));
    let list = registrar.first_list(7);
    assert_eq!(read.first_list(7), list);
    assert_eq!(
        read.revoke(&registry, &list, &[2], 8).unwrap(),
        registrar.revoke(&registry, &list, &[2], 8).unwrap()
    );
}

#[test]
fn keys_that_are_not_whole_are_refused() {
    for field in ["/id", "/schema", "/definition", "/key_correctness_proof", "/secret"] {
        let mut keys = keys();
        keys.as_object_mut().unwrap().remove(&field[1..]);
        let refused = Issuer::from_json(&keys.to_string());
        assert!(matches!(refused, Err(Error::Keys { .. })), "{field}: {refused:?}");
    }
    for (place, other) in [
        ("/secret/r_key", Value::Null),
        ("/secret/p_key/p", json!("7")),
        ("/definition/value/revocation", Value::Null),
        ("/schema/attrNames/1", json!("name")),
    ] {
        let mut keys = keys();
        *keys.pointer_mut(place).unwrap() = other;
        let refused = Issuer::from_json(&keys.to_string());
        assert!(matches!(refused, Err(Error::Strange { .. })), "{place}: {refused:?}");
    }
}

#[test]
fn neither_errors_nor_debug_give_keys_away() {
    let world = World::new();
    let printed = format!("{:?} {:?}", world.issuer, world.registrar);
    assert_eq!(
        printed,
        r#"Issuer("did:webvh:QmScid:host%3A8080:issuer1/resources/definition") RegistryIssuer("registry")"#
    );
    let mut issuer = keys();
    issuer["secret"]["p_key"]["p"] = json!(JUNK);
    let error = Issuer::from_json(&issuer.to_string()).unwrap_err();
    assert!(!error.to_string().contains(JUNK), "{error}");
    let mut registrar: Value = serde_json::from_str(&world.registrar.to_json()).unwrap();
    registrar["secret"]["gamma"] = json!(JUNK);
    let error = RegistryIssuer::from_json(&registrar.to_string()).unwrap_err();
    assert!(!error.to_string().contains(JUNK), "{error}");
}

#[test]
fn a_schema_of_too_many_attributes_is_refused_before_keys_are_made() {
    let attr_names = (0..126).map(|number| number.to_string()).collect();
    let schema = Schema { attr_names, ..fixture("schema") };
    let refused = Issuer::create("id", "schema", schema, "tag");
    assert!(matches!(refused, Err(Error::TooManyAttributes { count: 126, max: 125 })));
}

#[test]
fn values_are_those_of_the_schema_by_its_own_names() {
    let world = World::new();
    let credential = world.issue(None).unwrap();
    let names: Vec<_> = credential.values.keys().map(String::as_str).collect();
    assert_eq!(names, ["Full Name", "age", "born", "name"]);
    assert_eq!(credential.values["age"].encoded, "30");
    for (change, differing) in [
        (("born", None), "born"),
        (("hobby", Some("chess")), "hobby"),
        (("fullname", Some("Alice")), "fullname"),
        (("master_secret", Some("1")), "master_secret"),
    ] {
        let (mut values, (name, value)) = (values(), change);
        values.remove(name);
        values.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        let refused = world.issuer.issue(&world.offer, &world.request, &values, None);
        let said = matches!(&refused, Err(Error::Attributes { differing: it }) if it == differing);
        assert!(said, "{refused:?}");
    }
}

#[test]
fn only_what_answers_the_offer_is_signed() {
    let world = World::new();
    let refusal = |offer: &CredentialOffer, request: &CredentialRequest| {
        world.issuer.issue(offer, request, &values(), None).unwrap_err()
    };
    let (offer, request) = (&world.offer, &world.request);
    let cred_def_id = "other".to_owned();
    let other = CredentialOffer { cred_def_id: cred_def_id.clone(), ..offer.clone() };
    assert!(matches!(refusal(&other, request), Error::Foreign { document: "offer", .. }));
    let other = CredentialRequest { cred_def_id, ..request.clone() };
    assert!(matches!(refusal(offer, &other), Error::Foreign { document: "request", .. }));
    let other = CredentialRequest { entropy: None, ..request.clone() };
    assert!(matches!(refusal(offer, &other), Error::Missing { field: "entropy", .. }));
    let other = world.issuer.offer().unwrap();
    assert!(matches!(refusal(&other, request), Error::Refused { step: "sign the credential", .. }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn no_keys_panic_whatever_stands_in_them(place: Index, junk in hostile()) {
        let mut issuer = keys();
        let made = Issuer::from_json(&issuer.to_string()).unwrap();
        let mut registrar = serde_json::from_str(&registrar(&made, "registry").0.to_json()).unwrap();
        for (document, is_issuer) in [(&mut issuer, true), (&mut registrar, false)] {
            let mut found = Vec::new();
            scalars(document, &mut found);
            let place = place.index(found.len());
            *found[place] = junk.clone();
            let json = document.to_string();
            // Whether they are refused depends on the place: an id may be anything.
            let _ = if is_issuer {
                Issuer::from_json(&json).map(drop)
            } else {
                RegistryIssuer::from_json(&json).map(drop)
            };
        }
    }

    #[test]
    fn no_request_panics_whatever_stands_in_it(place: Index, junk in hostile()) {
        static WORLD: LazyLock<World> = LazyLock::new(World::new);
        let world = &*WORLD;
        let mut request = serde_json::to_value(&world.request).unwrap();
        let mut found = Vec::new();
        scalars(&mut request, &mut found);
        let place = place.index(found.len());
        *found[place] = junk;
        if let Ok(request) = serde_json::from_value(request) {
            // What only makes a credential unique may be anything.
            let place = Some(world.place(1));
            let _ = world.issuer.issue(&world.offer, &request, &values(), place);
        }
    }
}
