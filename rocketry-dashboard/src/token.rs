//! Tokens for access to the dashboard.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The prefix of every token, so that a scanner recognises a leaked one.
const PREFIX: &str = "rocketry_";

/// The number of random bytes in a token.
const LENGTH: usize = 32;

/// A secret that grants access: see [`Access::tokens`](crate::Access::tokens).
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Generates a token: `rocketry_` and 64 hexadecimal digits.
    ///
    /// ```
    /// use rocketry_dashboard::Token;
    ///
    /// let token = Token::generate()?;
    /// println!("give this to the operator: {}", token.reveal());
    /// println!("keep this in the settings: {}", token.hash());
    /// # Ok::<(), rocketry_dashboard::NoRandomness>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the system has no source of randomness.
    pub fn generate() -> Result<Self, NoRandomness> {
        let mut bytes = [0; LENGTH];
        getrandom::fill(&mut bytes).map_err(|cause| NoRandomness(cause.to_string()))?;
        Ok(Token(format!("{PREFIX}{}", hex(&bytes))))
    }

    /// Returns the token itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Returns the hash of the token, which is safe to store.
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(&self.0)
    }
}

/// Hides the token.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// The error if the system has no source of randomness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoRandomness(String);

impl fmt::Display for NoRandomness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no token can be generated: {}", self.0)
    }
}

impl std::error::Error for NoRandomness {}

/// The SHA-256 hash of a token. Its text is `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenHash([u8; LENGTH]);

impl TokenHash {
    pub(crate) fn of(token: &str) -> Self {
        TokenHash(Sha256::digest(token).into())
    }

    /// Compares in a time that does not depend on the hashes.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Display for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", hex(&self.0))
    }
}

/// The error for a text that is not the hash of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoTokenHash;

impl fmt::Display for NoTokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected `sha256:` and 64 hexadecimal digits, as `Token::hash` prints them")
    }
}

impl std::error::Error for NoTokenHash {}

impl FromStr for TokenHash {
    type Err = NoTokenHash;

    fn from_str(text: &str) -> Result<Self, NoTokenHash> {
        let digits = text.strip_prefix("sha256:").ok_or(NoTokenHash)?;
        if digits.len() != 2 * LENGTH || !digits.is_ascii() {
            return Err(NoTokenHash);
        }
        let mut hash = [0; LENGTH];
        for (byte, at) in hash.iter_mut().zip((0..).step_by(2)) {
            *byte = u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| NoTokenHash)?;
        }
        Ok(TokenHash(hash))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
