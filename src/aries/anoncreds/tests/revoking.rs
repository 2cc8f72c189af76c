//! Claims about registries: which places they have, and what their lists say.

use std::sync::Arc;

use super::{
    issuing::{SIZE, World, keys, registrar, values},
    *,
};

#[test]
fn a_registry_has_place_for_one_credential_at_least() {
    let issuer = Issuer::from_json(&keys().to_string()).unwrap();
    for size in [0, 1, 32_769, u32::MAX] {
        let refused = RegistryIssuer::create(&issuer, "id", "1", size, str::to_owned);
        assert!(matches!(refused, Err(Error::Size { .. })), "{size}");
    }
    let (registrar, _) = RegistryIssuer::create(&issuer, "id", "1", 2, str::to_owned).unwrap();
    let value = &registrar.published().value;
    assert_eq!(value.tails_location, value.tails_hash);
    let mut written: Value = serde_json::from_str(&registrar.to_json()).unwrap();
    written["registry"]["value"]["maxCredNum"] = json!(u32::MAX);
    let refused = RegistryIssuer::from_json(&written.to_string());
    assert!(matches!(refused, Err(Error::Size { .. })), "{refused:?}");
}

#[test]
fn a_place_is_one_of_the_registry_that_is_not_revoked() {
    let mut world = World::new();
    for index in [0, SIZE, u32::MAX] {
        let refused = world.issue(Some(world.place(index)));
        assert!(matches!(refused, Err(Error::Index { max: 5, .. })), "{index}: {refused:?}");
        assert!(matches!(world.revoke(&[1, index]), Err(Error::Index { .. })), "{index}");
    }
    let (other, tails) = registrar(&world.issuer, "other");
    let list = other.first_list(1);
    let bare = RevocationStatusList { accumulator: None, ..world.registrar.first_list(1) };
    let short =
        RevocationStatusList { revocation_list: Bits::default(), ..world.registrar.first_list(1) };
    let place = world.place(1);
    for place in [
        Place { registry: &tails, ..place },
        Place { list: &list, ..place },
        Place { list: &bare, ..place },
        Place { list: &short, ..place },
    ] {
        let issued = world.issue(Some(place)).map(drop);
        let revoked = world.registrar.revoke(place.registry, place.list, &[1], 2).map(drop);
        for refused in [issued, revoked].map(Result::unwrap_err) {
            assert!(!matches!(refused, Error::Index { .. } | Error::Revoked { .. }), "{refused}");
        }
    }
    let mut stranger = keys();
    stranger["id"] = json!("stranger");
    let stranger = Issuer::from_json(&stranger.to_string()).unwrap();
    let (offer, values) = (stranger.offer().unwrap(), values());
    let (request, _) = stranger.definition().request(&offer, &world.secret).unwrap();
    let refused = stranger.issue(&offer, &request, &values, Some(place));
    assert!(matches!(refused, Err(Error::Foreign { document: "revocation registry", .. })));

    world.list = Arc::new(world.revoke(&[3]).unwrap());
    assert!(matches!(world.issue(Some(world.place(3))), Err(Error::Revoked { index: 3 })));
    assert!(world.issue(Some(world.place(4))).is_ok());
}

#[test]
fn a_credential_comes_with_the_witness_that_its_holder_would_make() {
    let mut world = World::new();
    world.list = Arc::new(world.revoke(&[1, 4]).unwrap());
    let issued = world.issue(Some(world.place(2))).unwrap();
    let credential = world.receive(issued);
    assert_eq!(credential.index(), Some(2));
    assert_eq!(credential.rev_reg_id.as_deref(), Some("registry"));
    let state = world.registry.state(2, &world.list).unwrap();
    assert!(credential.witness == Some(Numbers(state.witness)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn lists_depend_on_what_is_revoked_alone(
        indices in proptest::collection::vec(1..SIZE, 0..8),
    ) {
        let issuer = Issuer::from_json(&keys().to_string()).unwrap();
        let (registrar, registry) = registrar(&issuer, "registry");
        let first = registrar.first_list(2);
        let at_once = registrar.revoke(&registry, &first, &indices, 2).unwrap();
        let mut list = first.clone();
        for index in &indices {
            list = registrar.revoke(&registry, &list, &[*index], 2).unwrap();
            prop_assert!(list.revokes(*index));
        }
        prop_assert_eq!(&list, &at_once);
        let revoked = (0..SIZE).filter(|index| list.revokes(*index));
        prop_assert!(revoked.eq((0..SIZE).filter(|index| indices.contains(index))));
        prop_assert_eq!(first.accumulator == list.accumulator, indices.is_empty());
    }
}
