//! Custom conditions in Rust expressions.

use std::sync::Arc;

use super::condition::{Condition, operators};
use super::custom::{CondCall, CondDef, Custom};
use crate::error::Problem;

/// A custom condition without arguments, as a word in expressions: `daily & is_workday`.
#[derive(Clone, Copy, Debug)]
pub struct CondWord(&'static CondDef);

impl CondWord {
    /// Creates the word for a condition.
    pub const fn new(def: &'static CondDef) -> Self {
        CondWord(def)
    }
}

impl From<CondWord> for Condition {
    fn from(word: CondWord) -> Self {
        match word.0.call(&[]) {
            Ok(call) => Condition::custom(Custom::Call(Arc::new(call))),
            Err(message) => {
                let location = Some(word.0.location);
                Condition::custom(Custom::Invalid(Arc::new(Problem { message, location })))
            }
        }
    }
}

impl CondDef {
    /// Creates the condition with arguments from Rust.
    pub fn condition(&'static self, call: CondCall) -> Condition {
        Condition::custom(Custom::Call(Arc::new(self.named(call))))
    }
}

operators!(CondWord);
