//! Whom to trust.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

use super::{OK, trip};
use crate::journey::http::Settings;

/// Serves HTTPS on `localhost` with a certificate that it signed itself; says where, and the PEM.
async fn serve() -> (String, Vec<u8>) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut bytes = [0; 4096];
                while stream.read(&mut bytes).await.is_ok_and(|count| count > 0) {
                    stream.write_all(OK.as_bytes()).await.unwrap();
                }
            });
        }
    });
    (url, made.cert.pem().into_bytes())
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    let (url, _) = serve().await;
    let (http, told) = trip(Settings::default());
    let error = http.get(&url).send().await.unwrap_err();
    assert!(error.to_string().contains(": tls: invalid peer certificate"), "{error}");
    assert_eq!(told.lines(), "GET tls");
}

#[tokio::test]
async fn a_certificate_is_accepted_from_a_named_authority_or_from_anyone() {
    let (url, pem) = serve().await;
    let vouched = Settings { ca: vec![pem], ..Settings::default() };
    let insecure = Settings { insecure: true, ..Settings::default() };
    for settings in [vouched, insecure] {
        let (http, told) = trip(settings);
        http.get(&url).send().await.unwrap();
        assert!(told.last().tls_handshaking > Duration::ZERO);
        assert_eq!(http.post(&url).body("x").send().await.unwrap().text().unwrap(), "ok");
        assert_eq!(told.lines(), "GET 200, POST 200 reused");
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let (url, pem) = serve().await;
    let (http, _) = trip(Settings { ca: vec![pem], ..Settings::default() });
    let error = http.get(url.replace("localhost", "127.0.0.1")).send().await.unwrap_err();
    assert_eq!(error.kind(), "tls");
}

#[tokio::test]
async fn a_server_that_does_not_speak_tls_is_told_as_such() {
    let url = super::respond_once("HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let (http, _) = trip(Settings { insecure: true, ..Settings::default() });
    let request = http.get(url.replace("http:", "https:")).send();
    assert_eq!(request.await.unwrap_err().kind(), "tls");
}
