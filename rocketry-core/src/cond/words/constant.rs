//! Conditions that never change.

use rocketry_syntax::ast::PeriodExpr;

use super::arg::IntoPeriod;
use super::methods::words;
use super::mistake::Mistake;
use crate::cond::Condition;

/// A condition that is always or never true: the type of [`always`] and [`never`](static@never).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Constant(bool);

/// Always true. As a period, it covers all time.
///
/// A task with this condition starts again as soon as its run has ended.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(always.to_string(), "true");
/// ```
pub static always: Constant = Constant(true);

/// Never true. As a period, it covers no time.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(never.to_string(), "false");
/// ```
pub static never: Constant = Constant(false);

words!(Constant);

impl From<Constant> for Condition {
    fn from(word: Constant) -> Self {
        word.0.into()
    }
}

impl IntoPeriod for Constant {
    fn period(self) -> Result<PeriodExpr, Mistake> {
        Ok(if self.0 {
            PeriodExpr::Always
        } else {
            PeriodExpr::Never
        })
    }
}
