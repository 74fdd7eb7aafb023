//! The lints: what is found, where, and what is not.
//!
//! The expected texts are in `tests/check/expected`; `UPDATE_EXPECT=1` writes them.

mod after;
mod app;
mod conformance;
mod expected;
mod laws;
mod runs;
mod statements;
mod unused;
