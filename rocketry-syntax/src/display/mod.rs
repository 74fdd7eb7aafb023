//! Prints trees as canonical text, which parses to the same tree.

mod cond;
mod days;
mod duration;
mod period;
mod series;

use std::fmt::{self, Display, Formatter};

/// A name in its quotes.
pub(crate) struct Quoted<'n>(pub(crate) &'n str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("'")?;
        for (index, part) in self.0.split('\'').enumerate() {
            f.write_str(if index == 0 { "" } else { "''" })?;
            f.write_str(part)?;
        }
        f.write_str("'")
    }
}

/// The members with `sign` between them; those that `needs_group` in parentheses.
fn joined<T: Display>(
    f: &mut Formatter<'_>,
    members: &[T],
    sign: &str,
    needs_group: impl Fn(&T) -> bool,
) -> fmt::Result {
    for (index, member) in members.iter().enumerate() {
        f.write_str(if index == 0 { "" } else { sign })?;
        if needs_group(member) {
            write!(f, "({member})")?;
        } else {
            write!(f, "{member}")?;
        }
    }
    Ok(())
}
