//! Connections over TLS.

mod certificate;
mod stream;

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;

use postgres::Socket;
use postgres::tls::{MakeTlsConnect, TlsConnect};
use rustls::pki_types::ServerName;
use rustls::{CertificateError, ClientConfig};
use tokio_rustls::TlsConnector;

use super::address::{Mode, Protection, Roots};
use certificate::{Verifier, read_roots};
use stream::Encrypted;

/// Creates encrypted connections and verifies the server.
#[derive(Clone)]
pub(super) struct Connector {
    config: Arc<ClientConfig>,
    /// The trusted authorities, for messages.
    trusted: Arc<str>,
}

/// Reads the trusted authorities, if the mode needs them.
pub(super) fn connector(protection: &Protection) -> Result<Connector, String> {
    let mode = protection.mode.unwrap_or(Mode::Prefer);
    let roots = roots(mode, protection.roots.clone())?;
    let trusted = roots.as_ref().map_or_else(String::new, ToString::to_string);
    let roots = roots.as_ref().map(read_roots).transpose()?;
    let verifier = Verifier::new(roots, mode == Mode::VerifyFull);
    let provider = rustls::crypto::ring::default_provider();
    let mut config = ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .map_err(|cause| cause.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    // Tells the server which protocol follows.
    config.alpn_protocols = vec![b"postgresql".to_vec()];
    Ok(Connector {
        config: Arc::new(config),
        trusted: trusted.into(),
    })
}

/// The trusted authorities; none if the mode does not need them.
fn roots(mode: Mode, given: Option<Roots>) -> Result<Option<Roots>, String> {
    // Where libpq looks too.
    let usual = || std::env::home_dir().map(|home| home.join(".postgresql/root.crt"));
    match (
        mode,
        given.or_else(|| usual().filter(|file| file.exists()).map(Roots::File)),
    ) {
        (Mode::Disable | Mode::Prefer, _) => Ok(None),
        // With authorities available, `require` is `verify-ca`, as in libpq.
        (Mode::Require, roots) | (_, roots @ Some(_)) => Ok(roots),
        (_, None) => Err(
            "there is no file of authorities to hold the server's certificate against: name it with \
             `sslrootcert=FILE`, or trust those of the system with `sslrootcert=system`"
                .into(),
        ),
    }
}

impl fmt::Display for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Roots::System => f.write_str("the system"),
            Roots::File(file) => write!(f, "`{}`", file.display()),
        }
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector").finish_non_exhaustive()
    }
}

impl MakeTlsConnect<Socket> for Connector {
    type Stream = Encrypted;
    type TlsConnect = Handshake;
    type Error = Infallible;

    fn make_tls_connect(&mut self, host: &str) -> Result<Handshake, Infallible> {
        Ok(Handshake {
            connector: self.clone(),
            host: host.to_owned(),
        })
    }
}

/// The upgrade of a connection to an encrypted one.
pub(super) struct Handshake {
    connector: Connector,
    host: String,
}

impl TlsConnect<Socket> for Handshake {
    type Stream = Encrypted;
    type Error = String;
    type Future = Pin<Box<dyn Future<Output = Result<Encrypted, String>> + Send>>;

    fn connect(self, socket: Socket) -> Self::Future {
        Box::pin(async move {
            let Connector { config, trusted } = self.connector;
            let name = ServerName::try_from(self.host.clone());
            let name = name.map_err(|_| format!("`{}` is not the name of a server", self.host))?;
            let shaken = TlsConnector::from(config).connect(name, socket).await;
            shaken.map(Encrypted::new).map_err(|cause| told(&cause, &trusted))
        })
    }
}

/// Explains what is wrong with a server and what to do about it.
fn told(cause: &io::Error, trusted: &str) -> String {
    let inner = cause.get_ref().and_then(|inner| inner.downcast_ref());
    let Some(rustls::Error::InvalidCertificate(mistake)) = inner else {
        return cause.to_string();
    };
    let advice = match mistake {
        // If an authority only has the same name, its signature does not match.
        CertificateError::UnknownIssuer | CertificateError::BadSignature if !trusted.is_empty() => {
            format!("; none of the authorities in {trusted} has signed it")
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "; `sslmode=verify-ca` does not look at the name".into()
        }
        _ => String::new(),
    };
    format!("the server's certificate is refused: {mistake}{advice}")
}
