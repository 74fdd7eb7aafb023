//! The statement language of Rocketry: text to tree and back.
//!
//! A statement says when a task may run: `daily after 07:00 & ~task 'fetch' is running`. This crate parses it to a
//! tree ([`ast`]) and prints the tree as canonical text, from which the same tree is parsed again. It knows
//! no clock and no tasks, so that macros can check a statement while compiling and the runtime can read the
//! same text later.
//!
//! ```
//! let statement = rocketry_syntax::parse_condition("daily between 10 am and 12:00 | cron 0 7 * * Mon")?;
//! assert_eq!(statement.to_string(), "daily between 10:00 and 12:00 | cron 0 7 * * Mon");
//!
//! let error = rocketry_syntax::parse_condition("daily between 10:00").unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "expected `and` after the start of `between`, found end of text (at 19..19)",
//! );
//! # Ok::<(), rocketry_syntax::SyntaxError>(())
//! ```

pub mod ast;
mod bound;
mod cond;
mod cron;
mod cursor;
mod display;
mod duration;
mod error;
mod lexer;
mod logic;
mod period;
mod phrase;
pub mod suggest;
mod unit;
mod window;

pub use ast::{Bound, CondExpr, Cron, Delta, PeriodExpr, Unit, Window};
pub use bound::BoundValue;
pub use cond::{parse_condition, parse_condition_with, parse_strict};
pub use error::{MAX_DEPTH, SyntaxError, SyntaxErrorKind};
pub use period::parse_period;
pub use phrase::Phrase;
