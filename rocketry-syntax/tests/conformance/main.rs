//! The parser against the conformance data.

#[path = "../../../tests/support/canonical.rs"]
mod canonical;
#[path = "../../../tests/support/parse.rs"]
mod cases;
#[path = "../../../tests/support/verdict.rs"]
#[expect(dead_code, reason = "other kinds of cases are judged by the rest of it")]
mod verdict;

mod bounds;
mod cron;
mod parse;
