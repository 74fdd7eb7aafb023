//! Addresses such as `postgres://user@host/database?sslmode=verify-full`. The client library parses everything
//! except how to verify a server's certificate.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use postgres::config::Host;
use postgres::{Config, config::SslMode};

/// How a connection is protected, in the terms of libpq.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Disable,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

/// Which authorities are trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Roots {
    /// The authorities that the system trusts.
    System,
    /// The authorities in a file.
    File(PathBuf),
}

/// The TLS settings of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Protection {
    /// `None` if it is not set, which means [`Mode::Prefer`].
    pub(super) mode: Option<Mode>,
    pub(super) roots: Option<Roots>,
}

impl Mode {
    const ALL: [(&str, Mode); 5] = [
        ("disable", Mode::Disable),
        ("prefer", Mode::Prefer),
        ("require", Mode::Require),
        ("verify-ca", Mode::VerifyCa),
        ("verify-full", Mode::VerifyFull),
    ];

    fn read(word: &str) -> Result<Self, String> {
        let known = Mode::ALL.iter().find(|(name, _)| *name == word);
        known.map(|(_, mode)| *mode).ok_or_else(|| {
            let names = Mode::ALL.map(|(name, _)| name).join("`, `");
            format!("`sslmode` is one of `{names}`, and not `{word}`")
        })
    }

    /// The corresponding setting of the client library.
    fn negotiation(self) -> SslMode {
        match self {
            Mode::Disable => SslMode::Disable,
            Mode::Prefer => SslMode::Prefer,
            Mode::Require | Mode::VerifyCa | Mode::VerifyFull => SslMode::Require,
        }
    }
}

/// Parses an address.
pub(super) fn read(address: &str) -> Result<(Config, Protection), String> {
    let (rest, protection) = take_protection(address)?;
    let mut config: Config = rest.parse().map_err(|cause: postgres::Error| {
        let source = std::error::Error::source(&cause);
        source.map_or_else(|| cause.to_string(), ToString::to_string)
    })?;
    if let Some(mode) = protection.mode {
        config.ssl_mode(mode.negotiation());
    }
    let is_local = |host: &Host| matches!(host, Host::Unix(_));
    if !config.get_hosts().is_empty() && config.get_hosts().iter().all(is_local) {
        // A Unix socket is never encrypted, whatever the address says.
        config.ssl_mode(SslMode::Disable);
    }
    Ok((config, protection))
}

/// Extracts the settings that the client library does not know or supports only in part.
fn take_protection(address: &str) -> Result<(String, Protection), String> {
    let mut protection = Protection::default();
    // The part before the at sign may contain a password.
    let from = address.find('@').unwrap_or(0);
    let Some(at) = address[from..].find('?').map(|at| from + at) else {
        return Ok((address.to_owned(), protection));
    };
    let mut rest = Vec::new();
    for setting in address[at + 1..].split('&') {
        let (name, value) = setting.split_once('=').unwrap_or((setting, ""));
        let value = percent_decode_str(value).decode_utf8_lossy();
        match name {
            "sslmode" => protection.mode = Some(Mode::read(&value)?),
            "sslrootcert" if value == "system" => protection.roots = Some(Roots::System),
            "sslrootcert" => protection.roots = Some(Roots::File(PathBuf::from(&*value))),
            _ => rest.push(setting),
        }
    }
    protection.settle()?;
    let mark = if rest.is_empty() { "" } else { "?" };
    Ok((format!("{}{mark}{}", &address[..at], rest.join("&")), protection))
}

impl Protection {
    /// Checks that the settings fit together. Authorities without a mode that verifies them would protect
    /// nothing.
    fn settle(&mut self) -> Result<(), String> {
        match (&self.roots, self.mode) {
            (Some(Roots::System), None) => self.mode = Some(Mode::VerifyFull),
            (Some(Roots::System), Some(mode)) if mode != Mode::VerifyFull => {
                return Err("`sslrootcert=system` needs `sslmode=verify-full`: \
                     the authorities of the system sign certificates for anybody"
                    .into());
            }
            (Some(_), None | Some(Mode::Disable | Mode::Prefer)) => {
                return Err("`sslrootcert` needs `sslmode=verify-full`, `verify-ca` or `require`".into());
            }
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Mode, Protection, Roots, SslMode, read};

    fn protection(settings: &str) -> Result<Protection, String> {
        let address = format!("postgres://me:secret?@host/jobs{settings}");
        read(&address).map(|(_, protection)| protection)
    }

    #[test]
    fn settings_of_tls_are_taken_out() {
        let (config, protection) = read(
            "postgres://me@host/jobs?application_name=a&sslmode=verify-full&sslrootcert=%2Fca%20s.pem&connect_timeout=3",
        )
        .unwrap();
        assert_eq!(config.get_application_name(), Some("a"));
        assert_eq!(config.get_connect_timeout().unwrap().as_secs(), 3);
        assert_eq!(config.get_ssl_mode(), SslMode::Require);
        assert_eq!(protection.mode, Some(Mode::VerifyFull));
        assert_eq!(protection.roots, Some(Roots::File("/ca s.pem".into())));
    }

    #[test]
    fn modes_are_those_of_libpq() {
        assert_eq!(protection(""), Ok(Protection::default()));
        for (name, mode) in Mode::ALL {
            assert_eq!(protection(&format!("?sslmode={name}")).unwrap().mode, Some(mode));
        }
        let system = protection("?sslrootcert=system").unwrap();
        assert_eq!(system.mode, Some(Mode::VerifyFull));
    }

    #[test]
    fn mistakes_are_reported() {
        let told = |settings: &str| protection(settings).unwrap_err();
        assert!(told("?sslmode=allow").contains("`verify-ca`, `verify-full`, and not `allow`"));
        assert!(told("?sslrootcert=ca.pem").contains("needs `sslmode=verify-full`"));
        assert!(told("?sslrootcert=ca.pem&sslmode=prefer").contains("needs `sslmode=verify-full`"));
        assert!(told("?sslrootcert=system&sslmode=require").contains("`sslrootcert=system` needs"));
        assert_eq!(told("?sslkey=me.pem"), "unknown option `sslkey`");
    }

    #[test]
    fn sockets_of_the_machine_are_not_encrypted() {
        let (config, _) = read("postgres://me@%2Frun%2Fpostgresql/jobs?sslmode=require").unwrap();
        assert_eq!(config.get_ssl_mode(), SslMode::Disable);
    }
}
