//! TLS: whom to trust, and the handshake.

use std::{io, sync::Arc};

use tokio::{net::TcpStream, sync::OnceCell, task};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        self, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
        client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        crypto::{CryptoProvider, ring},
        pki_types::{
            CertificateDer, ServerName, UnixTime,
            pem::{self, PemObject},
        },
    },
};
use url::Host;

use super::error::{Flaw, Kind};

/// Why a certificate authority cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CaError {
    /// It is not PEM.
    #[error("it is not PEM")]
    Pem(#[source] pem::Error),
    /// There is no certificate in it.
    #[error("there is no \"-----BEGIN CERTIFICATE-----\" in it")]
    Empty,
    /// A certificate in it is malformed.
    #[error("a certificate in it is malformed")]
    Certificate(#[from] rustls::Error),
}

/// Reads the certificates of a PEM file.
pub(super) fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, CaError> {
    let certificates: Vec<_> =
        CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(CaError::Pem)?;
    if certificates.is_empty() {
        return Err(CaError::Empty);
    }
    let mut roots = RootCertStore::empty();
    for certificate in &certificates {
        roots.add(certificate.clone())?;
    }
    Ok(certificates)
}

/// Whom to trust.
#[derive(Debug, Clone)]
pub(super) enum Trust {
    /// Anyone.
    Anyone,
    /// The authorities of the system, and these.
    Authorities(Vec<CertificateDer<'static>>),
}

/// The client's side of TLS; the authorities of the system are read when they are first needed.
pub(super) struct Tls {
    trust: Trust,
    connector: OnceCell<TlsConnector>,
}

impl Tls {
    pub(super) fn new(trust: Trust) -> Self {
        Self { trust, connector: OnceCell::new() }
    }

    /// What makes connections private, for protocols other than HTTP.
    pub(super) async fn connector(&self) -> Result<TlsConnector, Flaw> {
        self.connector.get_or_try_init(|| connector(&self.trust)).await.cloned()
    }

    /// Makes a connection to `host` a private one.
    pub(super) async fn shake_hands(
        &self,
        host: &Host<&str>,
        stream: TcpStream,
    ) -> Result<TlsStream<TcpStream>, Flaw> {
        let name = match host {
            Host::Domain(name) => ServerName::try_from((*name).to_owned())
                .map_err(|error| Flaw::because(Kind::Tls, error))?,
            Host::Ipv4(address) => ServerName::IpAddress((*address).into()),
            Host::Ipv6(address) => ServerName::IpAddress((*address).into()),
        };
        self.connector()
            .await?
            .connect(name, stream)
            .await
            .map_err(|error| Flaw::because(Kind::Tls, error))
    }
}

async fn connector(trust: &Trust) -> Result<TlsConnector, Flaw> {
    let trust = trust.clone();
    // The authorities of the system are hundreds of kilobytes of files.
    let config = task::spawn_blocking(move || config(trust))
        .await
        .map_err(|error| Flaw::because(Kind::Tls, io::Error::other(error)))?
        .map_err(|error| Flaw::because(Kind::Tls, error))?;
    Ok(TlsConnector::from(Arc::new(config)))
}

fn config(trust: Trust) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?;
    let mut config = match trust {
        Trust::Anyone => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AcceptAnything(provider)))
            .with_no_client_auth(),
        Trust::Authorities(authorities) => {
            let mut roots = RootCertStore::empty();
            // An authority of the system that cannot be read is one that nobody can use.
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            roots.add_parsable_certificates(authorities);
            builder.with_root_certificates(roots).with_no_client_auth()
        }
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Accepts any certificate: for targets that have none that could be checked.
#[derive(Debug)]
struct AcceptAnything(Arc<CryptoProvider>);

impl ServerCertVerifier for AcceptAnything {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
