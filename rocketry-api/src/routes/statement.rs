//! The length limit for statements in requests.

use crate::problem::Problem;

/// The maximum length of a statement, in bytes. Work on statements is limited in steps, too.
pub const LONGEST_STATEMENT: usize = 2000;

/// Refuses a statement that is too long.
pub(super) fn bounded(statement: &str) -> Result<(), Problem> {
    if statement.len() <= LONGEST_STATEMENT {
        return Ok(());
    }
    Err(Problem::invalid(format!(
        "the statement has {} bytes: at most {LONGEST_STATEMENT} are read",
        statement.len()
    )))
}
