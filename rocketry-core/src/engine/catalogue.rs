//! The contents of an app apart from its tasks: lints, places, custom conditions.

use rocketry_syntax::Lints;
use rocketry_syntax::ast::{CondExpr, Delta};

use super::compile::TaskCompiler;
use super::locations::LocationId;
use crate::cond::{CondCall, Condition, Custom, KnownCond, unlabelled};
use crate::drops::Locked;
use crate::error::Location;

impl TaskCompiler {
    /// Sets the information that lints need: the lints that are allowed, and whether the app has every
    /// annotated function.
    pub(crate) fn describe(&mut self, allowed: Lints, is_whole: bool) {
        (self.allowed, self.is_whole) = (allowed, is_whole);
    }

    /// Returns the lints that are allowed in the whole app.
    pub(crate) fn allowed(&self) -> Lints {
        self.allowed
    }

    /// The place at which a task is declared.
    pub(crate) fn place(&self, id: LocationId) -> Option<Location> {
        Locked::new(&self.locations).get(id)
    }

    /// The timeout of a task that sets none.
    pub(crate) fn default_timeout(&self) -> Delta {
        self.timeout
    }

    /// The custom conditions that the app was given: its own, and the annotated ones if it has all of them.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = &KnownCond> {
        let conds = self.phrases.conds();
        conds.filter(|cond| self.is_whole || matches!(cond, KnownCond::ByHand(_)))
    }

    /// Visits the custom conditions in the start conditions of groups, which may have no task yet.
    pub(crate) fn for_each_call_of_groups(&self, visit: &mut dyn FnMut(&CondCall)) {
        for start in self.groups.iter().filter_map(|group| group.start.as_ref()) {
            self.for_each_call(start, visit);
        }
    }

    fn for_each_call(&self, condition: &Condition, visit: &mut dyn FnMut(&CondCall)) {
        let expr = unlabelled(condition.expr().into_owned());
        expr.for_each_leaf(&mut |leaf| match leaf {
            CondExpr::Custom(Custom::Call(call)) => visit(call),
            CondExpr::Custom(Custom::Phrase(phrase)) => {
                if let Ok(call) = self.phrases.find(phrase) {
                    visit(&call);
                }
            }
            _ => {}
        });
    }
}
