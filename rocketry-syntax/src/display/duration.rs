//! Lengths of time to text.

use std::fmt::{Display, Formatter, Result};

use crate::ast::Delta;
use crate::duration::{SECOND, UNITS, WEEK};

impl Display for Delta {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if self.is_zero() {
            return f.write_str("0 seconds");
        }
        let mut rest = self.0;
        for &(micros, spellings) in UNITS {
            let number = rest / micros;
            // Weeks only where nothing is left over: `1 week`, but `8 days`.
            if number == 0 || (micros == WEEK && !rest.is_multiple_of(WEEK)) {
                continue;
            }
            let before = if rest == self.0 { "" } else { " " };
            write!(f, "{before}{number} {}", name(micros, spellings, number))?;
            rest %= micros;
        }
        Ok(())
    }
}

fn name(micros: u64, spellings: &'static [&'static str], number: u64) -> &'static str {
    let long = spellings[spellings.len() - 1];
    match (micros < SECOND, number) {
        (true, _) => spellings[0],
        (false, 1) => &long[..long.len() - 1],
        (false, _) => long,
    }
}
