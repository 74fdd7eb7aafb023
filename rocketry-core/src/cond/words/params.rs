//! Conditions on parameters of the session: `env("prod")`, `param_exists("x")`.

use rocketry_syntax::ast::CondExpr;

use crate::cond::Condition;

/// True while the session parameter `env` equals a text.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(env("prod").to_string(), "env 'prod'");
/// ```
pub fn env(value: &str) -> Condition {
    Condition::new(CondExpr::Env(value.to_owned()))
}

/// True while the session has a parameter with this name.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!((!param_exists("paused")).to_string(), "~param 'paused' exists");
/// ```
pub fn param_exists(name: &str) -> Condition {
    Condition::new(CondExpr::ParamExists(name.to_owned()))
}

/// True while the session parameter with this name equals a text.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(param_is("mode", "full").to_string(), "param 'mode' is 'full'");
/// ```
pub fn param_is(name: &str, value: &str) -> Condition {
    Condition::new(CondExpr::ParamIs {
        name: name.to_owned(),
        value: value.to_owned(),
    })
}
