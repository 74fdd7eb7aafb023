//! The statement language of Rocketry: text to tree and back.
pub mod ast;
