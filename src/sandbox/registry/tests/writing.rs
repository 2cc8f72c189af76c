//! What others publish, and its lists with a clock that runs by itself.

use serde_json::Value;

use super::*;
use crate::{aries::ledger::Document, sandbox::registry::writing::Publication};

const ID: &str = "did:web:issuer.example/registry";

fn fixture(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/aries/anoncreds");
    let json = std::fs::read(folder.join(format!("{name}.json"))).unwrap();
    serde_json::from_slice(&json).unwrap()
}

/// A list that revokes some, of a time or of none.
fn list(revoked: &[usize], timestamp: Option<u64>) -> Bytes {
    let mut list = fixture("list");
    list["timestamp"] = timestamp.into();
    for index in revoked {
        list["revocationList"][index] = 1.into();
    }
    list.to_string().into()
}

impl Opened {
    async fn put(&self, document: Document, id: &str, body: &Value) -> Result<bool, String> {
        let put = self.ledger.put(document, id.to_owned(), body.to_string().into());
        put.await.map(|put| matches!(put, Publication::New(_))).map_err(|error| error.to_string())
    }

    /// Whether a list was not there before, and its time.
    async fn put_list(&self, list: Bytes) -> Result<(bool, u64), String> {
        let put = self.ledger.put_list(ID.to_owned(), list).await;
        let (is_new, bytes) = match put.map_err(|error| error.to_string())? {
            Publication::New(bytes) => (true, bytes),
            Publication::Known(bytes) => (false, bytes),
        };
        let list: RevocationStatusList = serde_json::from_slice(&bytes).unwrap();
        Ok((is_new, list.timestamp.unwrap()))
    }

    fn list(&self, to: Option<u64>) -> Option<RevocationStatusList> {
        self.ledger.shelf().registry(ID)?.list(to)
    }
}

async fn with_registry(store: &Store) -> Opened {
    let opened = open(store);
    assert_eq!(opened.put(Document::Registry, ID, &fixture("registry")).await, Ok(true));
    opened
}

#[tokio::test(start_paused = true)]
async fn lists_without_a_time_are_of_now_and_never_two_of_a_second() {
    let opened = with_registry(&Store::Memory).await;
    let before = since_1970().as_secs();
    let mut times = Vec::new();
    for revoked in [&[][..], &[1], &[1, 2]] {
        let (is_new, time) = opened.put_list(list(revoked, None)).await.unwrap();
        assert!(is_new);
        times.push(time);
    }
    assert!(before <= times[0] && times.is_sorted_by(|one, next| one < next), "{times:?}");
    let revoked = |to| opened.list(to).unwrap().revocation_list.iter().filter(|it| *it).count();
    let at = [Some(0), Some(times[0]), Some(times[1]), Some(times[2]), Some(u64::MAX), None];
    assert_eq!(at.map(revoked), [0, 0, 1, 2, 2, 2]);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_says_what_the_newest_says_is_no_new_one() {
    let opened = with_registry(&Store::Memory).await;
    let first = opened.put_list(list(&[], None)).await.unwrap().1;
    assert_eq!(opened.put_list(list(&[], None)).await, Ok((false, first)));
    assert_eq!(opened.put_list(list(&[], Some(first))).await, Ok((false, first)));
    let second = opened.put_list(list(&[3], None)).await.unwrap().1;
    // Whoever revokes and takes it back publishes twice.
    let (is_new, third) = opened.put_list(list(&[], None)).await.unwrap();
    assert!(is_new && third > second);
}

#[tokio::test(start_paused = true)]
async fn the_times_of_a_registry_grow() {
    let opened = with_registry(&Store::Memory).await;
    assert_eq!(opened.put_list(list(&[], Some(100))).await, Ok((true, 100)));
    assert_eq!(opened.put_list(list(&[1], Some(101))).await, Ok((true, 101)));
    for (revoked, time) in [(&[2][..], 101), (&[1], 100), (&[1], 7)] {
        let refused = opened.put_list(list(revoked, Some(time))).await.unwrap_err();
        assert!(refused.starts_with("a list of 101 is published"), "{refused}");
    }
    assert_eq!(opened.put_list(list(&[], Some(100))).await, Ok((false, 100)));
    let refused = opened.put_list(list(&[2], Some(u64::MAX))).await.unwrap_err();
    assert!(refused.contains("leave `timestamp` out"), "{refused}");
}

#[tokio::test(start_paused = true)]
async fn of_two_documents_that_come_together_one_is_published() {
    let opened = open(&Store::Memory);
    let schema = fixture("schema");
    let mut other = schema.clone();
    other["version"] = "2.0".into();
    let put = |document| opened.put(Document::Schema, "did:web:issuer.example/schema", document);
    let (one, two, again) = tokio::join!(put(&schema), put(&other), put(&schema));
    assert_eq!((one.is_ok(), one.is_ok()), (again.is_ok(), two.is_err()));
    let (news, refused): (Vec<_>, Vec<_>) = [one, two, again].into_iter().partition(Result::is_ok);
    assert_eq!(news.iter().filter(|put| **put == Ok(true)).count(), 1);
    let never = "what is published never changes";
    assert!(refused.iter().filter_map(|it| it.as_ref().err()).all(|it| it.ends_with(never)));
}

#[tokio::test(start_paused = true)]
async fn what_others_published_is_there_when_it_is_opened_again() {
    let home = tempfile::tempdir().unwrap();
    let opened = with_registry(&kept_in(home.path())).await;
    let own = opened.places(1).await[0].0.clone();
    opened.put_list(list(&[], Some(100))).await.unwrap();
    opened.put_list(list(&[7], Some(200))).await.unwrap();
    let published = |opened: &Opened| {
        let registry = opened.ledger.published(Document::Registry, ID);
        (registry.unwrap(), opened.list(Some(100)), opened.list(None))
    };
    let before = published(&opened);
    opened.close().await;

    let opened = open(&kept_in(home.path()));
    assert_eq!(published(&opened), before);
    assert!(opened.ledger.registry(&own).is_some());
    assert_eq!(opened.put(Document::Registry, ID, &fixture("registry")).await, Ok(false));
    assert_eq!(opened.put_list(list(&[7], Some(200))).await, Ok((false, 200)));
    opened.put_list(list(&[6, 7], None)).await.unwrap();
    opened.close().await;
}

#[test]
fn there_is_room_for_so_much_and_no_more() {
    let mut shelf = Shelf::default();
    for number in 0..9_999 {
        shelf.put(Document::Schema, &number.to_string(), Bytes::from_static(b"{}"));
    }
    assert!(shelf.check_room(1, 2).is_ok());
    shelf.weigh(512 << 20);
    assert!(shelf.check_room(1, 2).is_err());

    let mut shelf = Shelf::default();
    for number in 0..10_000 {
        shelf.put(Document::Schema, &number.to_string(), Bytes::new());
    }
    assert!(shelf.check_room(0, 2).is_ok(), "registries get more lists");
    let full = shelf.check_room(1, 0).unwrap_err().to_string();
    assert!(full.starts_with("there is no room for more than 10000 documents"), "{full}");
}
