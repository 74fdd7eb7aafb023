//! The limit for statements that a request brings.

use crate::problem::Problem;

/// The longest statement that is read, in bytes.
const LONGEST: usize = 2000;

/// Refuses a statement that is too long to be read.
pub(super) fn bounded(statement: &str) -> Result<(), Problem> {
    if statement.len() <= LONGEST {
        return Ok(());
    }
    Err(Problem::invalid(format!(
        "the statement has {} bytes: at most {LONGEST} are read",
        statement.len()
    )))
}
