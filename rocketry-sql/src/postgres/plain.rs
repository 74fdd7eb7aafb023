//! Connections without the feature `postgres-tls`, which are never encrypted.

pub(super) use postgres::NoTls as Connector;

use super::address::{Mode, Protection};

/// Refuses addresses that ask for TLS.
pub(super) fn connector(protection: &Protection) -> Result<Connector, String> {
    match protection.mode {
        None | Some(Mode::Disable) => Ok(Connector),
        Some(_) => Err(
            "it asks for TLS by `sslmode`, which needs the feature `postgres-tls` of the crate \
                        `rocketry`; `sslmode=disable` does without"
                .into(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use rocketry_core::log;

    #[test]
    fn tls_needs_a_feature() {
        for mode in ["prefer", "require", "verify-ca", "verify-full"] {
            let error = log::open(&format!("postgres://me@host/jobs?sslmode={mode}")).map(drop);
            let error = error.unwrap_err().to_string();
            assert!(
                error.contains("needs the feature `postgres-tls` of the crate `rocketry`"),
                "{error}"
            );
        }
    }
}
