use rocketry::prelude::*;

#[task(daily, allow(newer_true))]
fn misspelt() {}

#[task(daily, allow("never_true"))]
fn quoted() {}

#[task(daily, allow = never_true)]
fn assigned() {}

#[task(daily, allow())]
fn empty() {}

fn main() {}
