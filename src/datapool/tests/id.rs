//! Claims about the field by which one row supersedes another.

use rmpv::Value;

use crate::{datapool::id, msgpack::arbitrary::encoded};

#[test]
fn the_id_is_that_of_the_outermost_map() {
    let found =
        |map: &[(Value, Value)]| id::of(&encoded(&Value::Map(map.to_vec()))).map(<[u8]>::to_vec);
    let inner = Value::Map(vec![("id".into(), 1.into())]);
    assert_eq!(found(&[("of".into(), inner.clone())]), None);
    assert_eq!(
        found(&[(inner, 1.into()), ("id".into(), 300.into())]),
        Some(b"\xcd\x01\x2c".to_vec())
    );
    assert_eq!(found(&[(Value::Binary(b"id".to_vec()), 1.into())]), None);
    assert_eq!(found(&[("idx".into(), 1.into())]), None);
    assert_eq!(id::of(b"\x81\xd9\x02id\x05"), Some(&b"\x05"[..]), "in a longer encoding");
}
