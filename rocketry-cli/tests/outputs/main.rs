//! What each command prints, at 80 and 120 columns, for an app on manual time.
//!
//! The expected texts are in `tests/outputs/expected`; `UPDATE_EXPECT=1` writes them.

mod expected;
mod formats;
mod help;
mod mistakes;
mod nodes;
mod shop;
mod tables;
#[path = "../../../rocketry-cluster/tests/support/three.rs"]
mod three;
