//! How often a name is looked up.

use std::{net::IpAddr, sync::Arc, time::Duration};

use crate::journey::http::names::Names;

#[tokio::test(start_paused = true)]
async fn a_name_is_looked_up_once_a_minute() {
    let names = Names::default();
    let (first, together) = tokio::join!(names.look_up("localhost"), names.look_up("localhost"));
    let first = first.unwrap();
    assert!(first.iter().all(IpAddr::is_loopback), "{first:?}");
    assert!(Arc::ptr_eq(&first, &together.unwrap()));
    tokio::time::advance(Duration::from_secs(59)).await;
    assert!(Arc::ptr_eq(&first, &names.look_up("localhost").await.unwrap()));
    tokio::time::advance(Duration::from_secs(1)).await;
    assert!(!Arc::ptr_eq(&first, &names.look_up("localhost").await.unwrap()));
}
