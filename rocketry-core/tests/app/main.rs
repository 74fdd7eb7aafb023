//! What an app does for its users: events, explanations, previews, hooks, policies and changes while it runs.

#[path = "../support/matrix.rs"]
mod matrix;
#[path = "../../../tests/support/pasted.rs"]
mod proposals;
#[path = "../support/serving.rs"]
mod serving;

mod block_on;
mod drops;
mod events;
mod explain;
mod export;
mod hooks;
mod names;
mod overload;
mod param_matrix;
mod pasted;
mod policy;
mod preview;
mod simulate;
mod steering;
