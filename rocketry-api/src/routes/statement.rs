//! The limit for statements that a request brings.

use crate::problem::Problem;

/// The longest statement that is read, in bytes. What is done with one is limited in steps, too.
pub const LONGEST_STATEMENT: usize = 2000;

/// Refuses a statement that is too long to be read.
pub(super) fn bounded(statement: &str) -> Result<(), Problem> {
    if statement.len() <= LONGEST_STATEMENT {
        return Ok(());
    }
    Err(Problem::invalid(format!(
        "the statement has {} bytes: at most {LONGEST_STATEMENT} are read",
        statement.len()
    )))
}
