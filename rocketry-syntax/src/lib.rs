//! The statement language of Rocketry: text to tree and back.
//!
//! A statement defines when a task may run: `daily after 07:00 & ~task 'fetch' is running`. This crate parses
//! it to a tree ([`ast`]) and prints the tree as canonical text, which parses to the same tree. It has no
//! access to a clock or to tasks, so macros can check statements at compile time and the runtime can parse
//! the same text later.
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
//!
//! # Grammar
//!
//! `~` binds more tightly than `&`, and `&` more tightly than `|`. Names are in single quotes, in which `''` is a
//! quote. Keywords are lower case, and white space is insignificant. Parts in `[…]` are optional. A zone may follow any term
//! that depends on the clock, and a group in parentheses: `daily at 09:30 in America/New_York`.
//!
//! ```text
//! condition   true | false | always [true | false] | never
//!             every LENGTH [based on success | fail | finish | start]
//!             CYCLE [WINDOW] [on DAYS] [with N retries]
//!             SERIES [with N retries] | once at MOMENT [with N retries]
//!             [task NAME] once per (PERIOD) [with N retries]
//!             [task NAME] one start per (PERIOD)
//!             CRON
//!             time of UNIT WINDOW [on DAYS] | any time of UNIT | crontime … | in (PERIOD)
//!             on DAYS | from MOMENT | until MOMENT
//!             at most N runs
//!             [LENGTH] after task NAME [OUTCOME]
//!             [LENGTH] after [any] tasks NAME, NAME … [OUTCOME]
//!             [task NAME] has ACTION [WITHIN] [COUNT times]
//!             [while] [task NAME] is running [for more than LENGTH] [and less than LENGTH] [in COUNT runs]
//!             retry [N times] [with backoff LENGTH]
//!             scheduler has run over LENGTH [and under LENGTH] | scheduler started LENGTH ago
//!             scheduler is running | scheduler has COUNT cycles | scheduler has cycles
//!             env NAME | param NAME exists | param NAME is NAME
//!             the phrase of a custom condition
//! CYCLE       secondly | minutely | hourly | daily | weekly | monthly | quarterly | yearly
//! UNIT        second | minute | hour | day | week | month | quarter | year
//! WINDOW      after BOUND | before BOUND | between BOUND and BOUND | starting BOUND
//!             on BOUND, BOUND … | at BOUND, BOUND …
//! BOUND       250.5 | 45 | 45:00 | 2 quarters | 10:00 | 10 am | Mon 10:00 | weekdays 10:00 | DAY 10:00
//!             Feb 15th 10:00 | DAY of February 10:00
//! DAY         3rd | last day | 3rd last day | first Monday | 2nd last Friday | last weekday
//!             last business day of NAME | 2 days after DAY | next weekday after DAY | DAY or next weekday
//! DAYS        Monday | weekdays | weekends | DAY | DAY of February | February 15th | 2026-07-04 | NAME
//!             business days of NAME, with commas between them
//! MOMENT      2026-07-04 | 2026-07-04 12:00
//! SERIES      every N days | weeks | months | quarters | years [WINDOW] [on DAYS] [from MOMENT [until MOMENT]]
//!             every LENGTH from 09:00 [until 17:00] [on DAYS] | every LENGTH from MOMENT [until MOMENT]
//! PERIOD      time of UNIT WINDOW | any time of UNIT | past LENGTH | every LENGTH | CRON | always | never
//!             on DAYS | from MOMENT | until MOMENT | once at MOMENT | SERIES
//! CRON        cron [with seconds] FIELDS [grace LENGTH]
//! LENGTH      10 seconds | 1h30m | 1 day, 12 hours | 1 days 10:20:30; for `every` also 3 months | 1 quarter | 2 years
//! OUTCOME     succeeded | failed | finished | terminated
//! ACTION      started | succeeded | failed | finished | terminated | inacted | crashed
//! WITHIN      today [WINDOW] | this UNIT [WINDOW] | [in] past LENGTH | in (PERIOD)
//! COUNT       at least N | at most N | more than N | less than N | exactly N | not N, joined by `and`
//! ```

pub mod ast;
mod bound;
mod catch_up;
mod cond;
mod contradiction;
mod cron;
mod cursor;
mod display;
mod duration;
mod error;
mod every;
mod lexer;
mod lint;
mod logic;
mod pasted;
mod period;
mod phrase;
pub mod suggest;
mod unit;
mod window;

pub use ast::{Bound, CondExpr, Cron, Delta, PeriodExpr, Unit, Window};
pub use bound::{BoundValue, parse_days};
pub use catch_up::CatchUp;
pub use cond::{parse_condition, parse_condition_with, parse_strict};
pub use contradiction::Contradiction;
pub use cron::{CronSets, DaysOfMonth, DaysOfWeek};
pub use error::{MAX_DEPTH, SyntaxError, SyntaxErrorKind};
pub use every::{CountedFrom, Length, Repetition};
pub use lint::{Lint, Lints, Remark, UnknownLint};
pub use period::parse_period;
pub use phrase::Phrase;
