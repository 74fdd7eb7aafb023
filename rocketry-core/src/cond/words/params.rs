//! The session's parameters: `env("prod")`, `param_exists("x")`.

use rocketry_syntax::ast::CondExpr;

use crate::cond::Condition;

/// True while the session parameter `env` equals the text.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(env("prod").to_string(), "env 'prod'");
/// ```
pub fn env(value: &str) -> Condition {
    Condition::new(CondExpr::Env(value.to_owned()))
}

/// True while there is a session parameter of this name.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!((!param_exists("paused")).to_string(), "~param 'paused' exists");
/// ```
pub fn param_exists(name: &str) -> Condition {
    Condition::new(CondExpr::ParamExists(name.to_owned()))
}

/// True while the session parameter of this name equals the text.
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
