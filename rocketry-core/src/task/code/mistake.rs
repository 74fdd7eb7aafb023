//! Messages for errors in code, with their positions.

use std::fmt;
use std::path::Path;

use rhai::{Dynamic, EvalAltResult, ParseError, Position};

use super::engine::NothingToDo;
use crate::task::Outcome;

/// The name that the engine gives to functions without a name.
const NAMELESS: &str = "anon$";

/// A position in the code, in a format that editors recognize.
struct Place<'a>(Option<&'a Path>, Position);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.1.line();
        let column = self.1.position().unwrap_or(1);
        match (self.0, line) {
            (Some(file), Some(line)) => write!(f, "{}:{line}:{column}: ", file.display()),
            (Some(file), None) => write!(f, "{}: ", file.display()),
            (None, Some(line)) => write!(f, "line {line}, column {column}: "),
            (None, None) => Ok(()),
        }
    }
}

/// Returns the message for code that can't be parsed.
pub(super) fn unreadable(file: Option<&Path>, error: &ParseError) -> String {
    format!("{}{}", Place(file, error.position()), error.err_type())
}

/// Returns the outcome of a run that failed.
pub(super) fn outcome(file: Option<&Path>, error: EvalAltResult) -> Outcome {
    let (mut error, mut functions) = (error, String::new());
    while let EvalAltResult::ErrorInFunctionCall(name, _, inner, _) = error {
        if !name.starts_with(NAMELESS) {
            functions = format!("\nin the function `{name}`{functions}");
        }
        error = *inner;
    }
    let place = error.position();
    if let EvalAltResult::ErrorRuntime(thrown, _) = &error
        && let Some(reason) = thrown.clone().try_cast::<NothingToDo>()
    {
        return Outcome::Inaction(reason.0.into());
    }
    let text = text(error, !functions.is_empty());
    Outcome::Fail(format!("{}{text}{functions}", Place(file, place)).into())
}

fn text(mut error: EvalAltResult, within_function: bool) -> String {
    match &error {
        EvalAltResult::ErrorRuntime(thrown, _) if !thrown.is_unit() => return thrown_text(thrown),
        EvalAltResult::ErrorVariableNotFound(name, _) if within_function => {
            return format!("there is no variable `{name}`: a function has those only that it takes");
        }
        EvalAltResult::ErrorTooManyOperations(_) => {
            return "too many operations (see `CodeLimits`)".to_owned();
        }
        _ => {}
    }
    error.clear_position();
    error.to_string()
}

/// Returns the text of a value given to `throw`.
fn thrown_text(thrown: &Dynamic) -> String {
    thrown
        .clone()
        .into_string()
        .unwrap_or_else(|_| thrown.to_string())
}
