//! Checks of option values. The compiler checks values that are not literals.

use syn::ext::IdentExt;
use syn::{Expr, ExprLit, ExprUnary, Lit, UnOp};

use rocketry_syntax::CatchUp;

use crate::errors::Mistakes;
use crate::statement::{literal, text_of};

/// Checks the value of one option.
pub(crate) type Check = fn(key: &str, value: &Expr, mistakes: &mut Mistakes);

/// `true` or `false`.
pub(crate) fn boolean(key: &str, value: &Expr, mistakes: &mut Mistakes) {
    if literal_of(value).is_some_and(|literal| !matches!(literal, Lit::Bool(_))) {
        mistakes.at(value, format!("`{key}` is `true` or `false`, without quotes"));
    }
}

/// A whole number, which may be negative.
pub(crate) fn integer(key: &str, value: &Expr, mistakes: &mut Mistakes) {
    let fits = match literal_of(value) {
        Some(Lit::Int(number)) => number.base10_parse::<i32>().is_ok(),
        Some(_) => false,
        None => true,
    };
    if !fits {
        mistakes.at(value, format!("`{key}` is a whole number, such as `10` or `-1`"));
    }
}

/// Text that is not blank.
pub(crate) fn text(key: &str, value: &Expr, mistakes: &mut Mistakes) {
    match text_of(value) {
        Some(text) if text.value().trim().is_empty() => mistakes.at(value, format!("`{key}` is blank")),
        None if literal_of(value).is_some() => mistakes.at(value, format!("`{key}` is a string")),
        _ => {}
    }
}

/// A name: text that is not blank and has no control characters.
pub(crate) fn name(key: &str, value: &Expr, mistakes: &mut Mistakes) {
    text(key, value, mistakes);
    let control = text_of(value).and_then(|text| text.value().chars().find(|c| c.is_control()));
    if let Some(control) = control {
        let control = control.escape_default();
        mistakes.at(
            value,
            format!("`{key}` must not contain control characters, and this one contains `{control}`"),
        );
    }
}

/// Rejects variables, because attributes are expanded at compile time. Names in capitals are constants.
pub(crate) fn known_now(value: &Expr, mistakes: &mut Mistakes) {
    let Expr::Path(path) = value else { return };
    let Some(variable) = path.path.get_ident().map(|name| name.unraw().to_string()) else {
        return;
    };
    if variable.starts_with(|c: char| c.is_lowercase()) {
        let constant = variable.to_uppercase();
        mistakes.at(
            value,
            format!(
                "`{variable}` is known when the program runs, but an attribute is read while compiling: write the value \
                 or a constant such as `{constant}`, or add the task in `main` with `app.func(…)`"
            ),
        );
    }
}

/// The name of a time zone. This checks only its form; the runtime knows which zones exist.
pub(crate) fn timezone(key: &str, value: &Expr, mistakes: &mut Mistakes) {
    let shaped = |name: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "_+-/".contains(c);
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(allowed)
            && !name.ends_with('/')
    };
    let wrong = match text_of(value) {
        Some(text) => !shaped(&text.value()),
        None => literal_of(value).is_some(),
    };
    if wrong {
        mistakes.at(
            value,
            format!("`{key}` is the name of a time zone, such as `\"Europe/Helsinki\"` or `\"UTC\"`"),
        );
    }
}

/// The path of a function.
pub(crate) fn function(key: &str, value: &Expr, mistakes: &mut Mistakes) {
    if literal_of(value).is_some() {
        mistakes.at(
            value,
            format!("`{key}` is the path of a function, without quotes"),
        );
    }
}

/// A length of time with a unit, or `"never"`.
pub(crate) fn limit(_: &str, value: &Expr, mistakes: &mut Mistakes) {
    if text_of(value).is_none_or(|text| text.value().trim() != "never") {
        literal::length(value, mistakes);
    }
}

/// A length of time with a unit.
pub(crate) fn length(_: &str, value: &Expr, mistakes: &mut Mistakes) {
    literal::length(value, mistakes);
}

/// The handling of missed starts.
pub(crate) fn catch_up(key: &str, value: &Expr, mistakes: &mut Mistakes) {
    let mistake = match text_of(value) {
        Some(text) => text.value().parse::<CatchUp>().err().map(|mistake| format!("`{key}`: {mistake}")),
        None => literal_of(value).map(|_| {
            format!("`{key}` is `\"none\"`, `\"last\"`, `\"all\"` or, with a window, `\"all within 2 days\"`, in quotes")
        }),
    };
    if let Some(mistake) = mistake {
        mistakes.at(value, mistake);
    }
}

/// The literal of a value, without its sign.
fn literal_of(value: &Expr) -> Option<&Lit> {
    match value {
        Expr::Lit(ExprLit { lit, .. }) => Some(lit),
        Expr::Unary(ExprUnary {
            op: UnOp::Neg(_),
            expr,
            ..
        }) => literal_of(expr),
        Expr::Group(group) => literal_of(&group.expr),
        _ => None,
    }
}
