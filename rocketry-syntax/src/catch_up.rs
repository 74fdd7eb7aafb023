//! The policy for missed starts: `none`, `last`, `all within 2 days`.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;
use std::time::Duration;

use crate::ast::Delta;
use crate::cursor::Cursor;
use crate::duration::positive_delta;
use crate::error::{Result, SyntaxError, SyntaxErrorKind};

/// Which missed starts are made up for: those that came while the app was down or late.
///
/// As a text it is `none`, `last` or `all`; the last two take an optional window, as in `all within 2 days`.
/// Starts that were missed longer ago than the window are dropped. Without a window, it is a year of 365
/// days.
///
/// ```
/// use std::time::Duration;
///
/// use rocketry_syntax::CatchUp;
///
/// let policy: CatchUp = "all within 2 days".parse()?;
/// assert_eq!(policy, CatchUp::All { within: Duration::from_secs(2 * 24 * 60 * 60) });
/// assert_eq!("last".parse::<CatchUp>()?, CatchUp::last());
/// # Ok::<(), rocketry_syntax::SyntaxError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CatchUp {
    /// No missed start is made up for.
    None,
    /// The last missed start is made up for.
    Last {
        /// How long ago it may have been missed.
        within: Duration,
    },
    /// Each missed start is made up for, oldest first.
    All {
        /// How long ago a start may have been missed.
        within: Duration,
    },
}

/// The window of a policy without one.
const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

impl CatchUp {
    /// Creates the policy `last` with a window of a year.
    pub const fn last() -> Self {
        CatchUp::Last { within: YEAR }
    }

    /// Creates the policy `all` with a window of a year.
    pub const fn all() -> Self {
        CatchUp::All { within: YEAR }
    }
}

impl FromStr for CatchUp {
    type Err = SyntaxError;

    fn from_str(text: &str) -> Result<Self> {
        let mut cursor = Cursor::new(text)?;
        let policy = cursor.expect_any(&[
            ("none", CatchUp::None),
            ("last", Self::last()),
            ("all", Self::all()),
        ])?;
        if cursor.peek().is_none() {
            return Ok(policy);
        }
        if policy == CatchUp::None {
            return Err(cursor.error(
                SyntaxErrorKind::Unexpected,
                "the end, because `none` has no window",
            ));
        }
        cursor.expect("within")?;
        let within = positive_delta(&mut cursor)?.into();
        if cursor.peek().is_some() {
            return Err(cursor.error(SyntaxErrorKind::Unexpected, "the end after the window"));
        }
        Ok(match policy {
            CatchUp::Last { .. } => CatchUp::Last { within },
            _ => CatchUp::All { within },
        })
    }
}

impl Display for CatchUp {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (word, within) = match self {
            CatchUp::None => return f.write_str("none"),
            CatchUp::Last { within } => ("last", within),
            CatchUp::All { within } => ("all", within),
        };
        write!(f, "{word} within {}", Delta::from(*within))
    }
}

/// Parses the text of a policy.
impl TryFrom<&str> for CatchUp {
    type Error = SyntaxError;

    fn try_from(text: &str) -> Result<Self> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::CatchUp;

    #[test]
    fn a_policy_is_read_as_it_is_written() {
        for text in [
            "none",
            "last within 365 days",
            "all within 2 days",
            "all within 90 minutes",
        ] {
            assert_eq!(
                text.parse::<CatchUp>()
                    .unwrap()
                    .to_string()
                    .replace("1 hour 30", "90"),
                text
            );
        }
        assert_eq!("all".parse(), Ok(CatchUp::all()));
    }

    #[test]
    fn a_mistake_is_reported_with_what_would_have_worked() {
        for (text, message) in [
            (
                "al",
                "expected `none`, `last` or `all`, found `al` (at 0..2); did you mean `all`?",
            ),
            (
                "all with 2 days",
                "expected `within`, found `with` (at 4..8); did you mean `within`?",
            ),
            (
                "last within 0 s",
                "expected a length of time longer than zero, found `0 s` (at 12..15)",
            ),
            (
                "none within 1 day",
                "expected the end, because `none` has no window, found `within` (at 5..11)",
            ),
        ] {
            assert_eq!(text.parse::<CatchUp>().unwrap_err().to_string(), message);
        }
    }
}
