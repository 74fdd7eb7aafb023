//! HTTP requests to other services.

use std::io;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use crate::addresses::is_private;
use crate::channel::DeliveryError;

/// The timeout of a request.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Sends requests. It follows no redirects and uses no proxy, so a request goes exactly to the given address.
pub(crate) struct Http(Agent);

impl Http {
    /// Creates a client. `allows_private` sets whether it may connect to addresses of this machine and of
    /// private networks.
    pub(crate) fn new(allows_private: bool) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .proxy(None)
            .tls_config(tls())
            .user_agent(concat!("rocketry/", env!("CARGO_PKG_VERSION")))
            .build();
        let resolver = PublicResolver { allows_private };
        Http(Agent::with_parts(config, DefaultConnector::new(), resolver))
    }

    pub(crate) fn get(&self, url: &str) -> Result<(), DeliveryError> {
        let response = self.0.get(url).call()?;
        judged(response.status().as_u16())
    }

    /// Posts JSON.
    pub(crate) fn post(
        &self,
        url: &str,
        headers: &[(String, String)],
        body: &str,
    ) -> Result<(), DeliveryError> {
        let request = self.0.post(url).header("content-type", "application/json");
        let request = headers
            .iter()
            .fold(request, |request, (name, value)| request.header(name, value));
        judged(request.send(body)?.status().as_u16())
    }
}

fn judged(status: u16) -> Result<(), DeliveryError> {
    if (200..300).contains(&status) {
        return Ok(());
    }
    let hint = if (300..400).contains(&status) {
        "; redirects are not followed"
    } else {
        ""
    };
    Err(format!("it answered with status {status}{hint}").into())
}

fn tls() -> TlsConfig {
    static ROOTS: LazyLock<Arc<Vec<Certificate<'static>>>> = LazyLock::new(|| {
        let found = rustls_native_certs::load_native_certs().certs;
        let found = found.iter().map(|found| Certificate::from_der(found).to_owned());
        Arc::new(found.collect())
    });
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    TlsConfig::builder()
        .root_certs(RootCerts::Specific(ROOTS.clone()))
        .unversioned_rustls_crypto_provider(provider)
        .build()
}

/// Resolves the addresses of a host, and refuses private ones. The checked addresses are those that are
/// connected to, so a name that changes its address in between can't bypass the check.
#[derive(Debug)]
struct PublicResolver {
    allows_private: bool,
}

impl Resolver for PublicResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        if !self.allows_private && found.iter().any(|address| is_private(address.ip())) {
            let host = uri.host().unwrap_or_default();
            let message = format!(
                "`{host}` is at an address of this machine or of a private network; if that is meant, use `allow_private()`"
            );
            return Err(Error::Io(io::Error::new(
                io::ErrorKind::PermissionDenied,
                message,
            )));
        }
        Ok(found)
    }
}

/// Checks a web address.
pub(crate) fn checked_url(url: &str) -> Result<(), String> {
    let expected = "expected an address such as `https://example.com/hook`";
    if !url.contains("://") {
        return Err(format!("{expected}, found one without `https://`"));
    }
    let parsed: Uri = url.parse().map_err(|cause| {
        // The text may contain a secret.
        format!("{expected}, found one that can't be read: {cause}")
    })?;
    match (parsed.scheme_str(), parsed.host()) {
        (Some("http" | "https"), Some(_)) => Ok(()),
        (Some("http" | "https"), None) => Err(format!("{expected}, found one without a host")),
        (scheme, _) => Err(format!(
            "{expected}, found the scheme `{}`",
            scheme.unwrap_or_default()
        )),
    }
}

/// The host of an address. The rest often contains a secret.
pub(crate) fn host(url: &str) -> String {
    let parsed = url.parse::<Uri>().ok();
    let host = parsed.as_ref().and_then(Uri::host);
    host.unwrap_or("?").to_owned()
}
