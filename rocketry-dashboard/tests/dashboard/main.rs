//! The dashboard, asked as a browser asks it.

mod access;
mod actions;
mod advisories;
mod bounded;
mod hostile;
mod metrics;
mod nodes;
mod pages;
mod served;
mod support;
#[path = "../../../rocketry-cluster/tests/support/three.rs"]
mod three;
