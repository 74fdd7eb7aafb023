//! Verification of server certificates.

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use crate::postgres::address::Roots;

/// The trusted authorities.
#[derive(Debug)]
pub(super) struct Trusted {
    store: RootCertStore,
    certificates: Vec<CertificateDer<'static>>,
}

/// Verifies the certificate of a server: its signature and its name, as far as the mode demands. That the
/// server has the certificate's key is always verified.
#[derive(Debug)]
pub(super) struct Verifier {
    trusted: Option<Trusted>,
    name_matters: bool,
    algorithms: WebPkiSupportedAlgorithms,
}

/// Reads the certificates of the authorities.
pub(super) fn read_roots(roots: &Roots) -> Result<Trusted, String> {
    let certificates: Vec<CertificateDer<'static>> = match roots {
        Roots::System => rustls_native_certs::load_native_certs().certs,
        Roots::File(file) => CertificateDer::pem_file_iter(file)
            .and_then(Iterator::collect)
            .map_err(|cause| format!("{roots} can't be read: {cause}"))?,
    };
    let mut store = RootCertStore::empty();
    // A certificate that does not belong to an authority signs nothing.
    let (known, _) = store.add_parsable_certificates(certificates.iter().cloned());
    if known == 0 {
        return Err(format!("there is no certificate of an authority in {roots}"));
    }
    Ok(Trusted { store, certificates })
}

impl Verifier {
    pub(super) fn new(trusted: Option<Trusted>, name_matters: bool) -> Self {
        Verifier {
            trusted,
            name_matters,
            algorithms: ring::default_provider().signature_verification_algorithms,
        }
    }
}

impl Trusted {
    /// Returns whether a trusted authority has signed the certificate, or whether the certificate itself is
    /// trusted: many servers use a self-signed one.
    fn verify(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        now: UnixTime,
        algorithms: &WebPkiSupportedAlgorithms,
    ) -> Result<(), Error> {
        let parsed = ParsedCertificate::try_from(certificate)?;
        let signed =
            verify_server_cert_signed_by_trust_anchor(&parsed, &self.store, between, now, algorithms.all);
        match signed {
            Err(mistake) if !is_of_time(&mistake) && self.certificates.contains(certificate) => Ok(()),
            signed => signed,
        }
    }
}

/// Returns whether the certificate has expired or is not valid yet. For a certificate that is trusted itself,
/// the only other possible error is that it belongs to an authority.
fn is_of_time(mistake: &Error) -> bool {
    use CertificateError::{Expired, ExpiredContext, NotValidYet, NotValidYetContext};
    matches!(
        mistake,
        Error::InvalidCertificate(Expired | ExpiredContext { .. } | NotValidYet | NotValidYetContext { .. })
    )
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if let Some(trusted) = &self.trusted {
            trusted.verify(certificate, between, now, &self.algorithms)?;
            if self.name_matters {
                verify_server_name(&ParsedCertificate::try_from(certificate)?, name)?;
            }
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
