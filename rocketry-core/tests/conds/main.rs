//! Conditions: what they say of a past, until when, on what they depend, and how they read.

mod app;
mod closures;
mod custom;
mod depends;
mod laws;
mod printing;
mod statements;
mod truth;
#[path = "../support/world.rs"]
mod world;
