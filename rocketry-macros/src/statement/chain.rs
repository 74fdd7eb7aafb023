//! A word and the calls that follow it: `failed(fetch).today().after("07:00")`.

use quote::ToTokens;
use rocketry_syntax::ast::Unit;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprMethodCall, ExprPath, ExprTuple, Path, Token, parse_quote, token};

use super::literal::{self, Edge};
use super::words::{self, Takes, Word};
use super::{expression, text_of};
use crate::errors::{Mistakes, did_you_mean};
use crate::task::is_option;
use crate::values;

type Args = Punctuated<Expr, Token![,]>;

/// The known facts about the front of a chain.
#[derive(Clone, Copy)]
struct Front {
    word: &'static Word,
    /// The unit of a window at this point.
    unit: Option<Unit>,
    /// Whether the chain already has a window.
    is_narrowed: bool,
}

/// Checks a path, a call or a chain of method calls, as far as its words are known.
pub(super) fn check(expr: &mut Expr, mistakes: &mut Mistakes) {
    follow(expr, mistakes);
}

/// Returns true if a path, a call or a chain of method calls starts with a known word.
pub(super) fn has_word(expr: &Expr) -> bool {
    match expr {
        Expr::Path(path) => front(&path.path).is_some(),
        Expr::Call(call) => has_word(&call.func),
        Expr::MethodCall(call) => has_word(&call.receiver),
        Expr::Paren(inner) => has_word(&inner.expr),
        Expr::Group(inner) => has_word(&inner.expr),
        _ => false,
    }
}

fn follow(expr: &mut Expr, mistakes: &mut Mistakes) -> Option<Front> {
    match expr {
        Expr::Path(path) => {
            let front = front(&path.path)?;
            without_task(path, front.word, mistakes);
            Some(front)
        }
        Expr::Call(call) => {
            let Expr::Path(function) = &*call.func else {
                return None;
            };
            let front = front(&function.path)?;
            known_now(&call.args, front.word.takes, mistakes);
            arguments(&mut call.args, front.word.takes, front, mistakes);
            let unit = match front.word.takes {
                Takes::Interval => call.args.first().and_then(literal::unit_of),
                _ => front.unit,
            };
            Some(Front { unit, ..front })
        }
        Expr::MethodCall(call) => {
            let front = follow(&mut call.receiver, mistakes)?;
            method(call, front, mistakes)
        }
        other => {
            expression::condition(other, mistakes);
            None
        }
    }
}

/// The word that a path names: `daily`, `conds::never`.
pub(super) fn word(path: &Path) -> Option<&'static str> {
    front(path).map(|front| front.word.name)
}

/// The word that a path names, and the unit of its windows, if any: `daily`, `time_of_week`.
pub(super) fn cyclic(path: &Path) -> Option<(&'static str, Unit)> {
    let front = front(path)?;
    Some((front.word.name, front.unit?))
}

/// The word that a path names: `daily`, `conds::daily`.
fn front(path: &Path) -> Option<Front> {
    let last = path.segments.last()?;
    let before = path.segments.iter().rev().nth(1);
    if before.is_some_and(|module| module.ident != "conds") {
        return None;
    }
    let word = words::find(&last.ident.to_string())?;
    Some(Front {
        word,
        unit: word.unit,
        is_narrowed: false,
    })
}

fn method(call: &mut ExprMethodCall, front: Front, mistakes: &mut Mistakes) -> Option<Front> {
    let Some(method) = front.word.method(&call.method.to_string()) else {
        unknown_method(call, front.word, mistakes);
        return None;
    };
    let front = Front {
        unit: method.unit.or(front.unit),
        ..front
    };
    known_now(&call.args, method.takes, mistakes);
    arguments(&mut call.args, method.takes, front, mistakes);
    let narrows = matches!(
        method.takes,
        Takes::Start | Takes::End | Takes::Bounds | Takes::Starts | Takes::StartsOrDays
    );
    Some(Front {
        is_narrowed: front.is_narrowed || narrows,
        ..front
    })
}

/// Reports a word that lacks its task: `running`, `failed.today()`.
fn without_task(path: &ExprPath, word: &Word, mistakes: &mut Mistakes) {
    let Word { name, takes, .. } = word;
    if !matches!(takes, Takes::Task | Takes::Tasks) {
        return;
    }
    mistakes.at(
        path,
        match takes {
            Takes::Tasks => format!("`{name}` takes tasks: `{name}([fetch, crunch])`"),
            _ if name.starts_with("after_") => format!("`{name}` takes a task: `{name}(fetch)`"),
            _ => format!(
                "`{name}` takes a task: `{name}(this_task)` is about this one, `{name}(fetch)` about another"
            ),
        },
    );
}

/// Reports a method that is an option of the task or similar to a method of the word. The compiler reports others.
fn unknown_method(call: &ExprMethodCall, word: &Word, mistakes: &mut Mistakes) {
    let (method, name) = (&call.method, call.method.to_string());
    let near = did_you_mean(&name, word.method_names());
    if !near.is_empty() {
        mistakes.at(method, format!("`{}` has no `{name}`{near}", word.name));
    } else if is_option(&name) {
        let (statement, value) = (call.receiver.to_token_stream(), call.args.to_token_stream());
        let message = format!(
            "`{name}` is an option of the task, not a part of its statement: write `#[task({statement}, {name} = {value})]`"
        );
        mistakes.at(method, message);
    }
}

/// Reports a variable in place of a length of time, a cron expression or a bound, which are checked at compile time.
fn known_now(args: &Args, takes: Takes, mistakes: &mut Mistakes) {
    if matches!(
        takes,
        Takes::Anything | Takes::Task | Takes::Tasks | Takes::Period
    ) {
        return;
    }
    for arg in args {
        values::known_now(arg, mistakes);
    }
}

fn arguments(args: &mut Args, takes: Takes, front: Front, mistakes: &mut Mistakes) {
    let unit = front.unit;
    let mut args = args.iter_mut();
    let (Some(first), second) = (args.next(), args.next()) else {
        return;
    };
    match takes {
        Takes::Anything => {}
        Takes::Length => literal::length(first, mistakes),
        Takes::Age => literal::age(first, mistakes),
        Takes::Ages => [Some(first), second]
            .into_iter()
            .flatten()
            .for_each(|age| literal::age(age, mistakes)),
        Takes::Cron { seconds } => literal::cron(first, seconds, mistakes),
        Takes::Task => task(first),
        Takes::Tasks => tasks(first),
        Takes::Period => period(first, mistakes),
        Takes::Start => bound(first, unit, Edge::Start, mistakes),
        Takes::End => bound(first, unit, Edge::End, mistakes),
        Takes::Interval => literal::interval(first, mistakes),
        Takes::Starts if front.is_narrowed => literal::starts(first, Unit::Day, mistakes),
        Takes::Starts => literal::starts(first, unit.unwrap_or(Unit::Day), mistakes),
        Takes::StartsOrDays => match unit {
            Some(unit) if !front.is_narrowed => literal::starts_or_days(first, unit, mistakes),
            _ => literal::days(first, mistakes),
        },
        Takes::Days => literal::days(first, mistakes),
        Takes::From { date } => literal::place(first, Edge::Start, date, mistakes),
        Takes::Until { date } => literal::place(first, Edge::End, date, mistakes),
        Takes::Bounds => {
            bound(first, unit, Edge::Start, mistakes);
            if let Some(end) = second {
                bound(end, unit, Edge::End, mistakes);
            }
        }
    }
}

/// A period is a separate string, or consists of words like a condition.
fn period(expr: &mut Expr, mistakes: &mut Mistakes) {
    match text_of(expr) {
        Some(text) => literal::period(text, mistakes),
        None => expression::condition(expr, mistakes),
    }
}

fn bound(expr: &Expr, unit: Option<Unit>, edge: Edge, mistakes: &mut Mistakes) {
    if let Some(unit) = unit {
        literal::bound(expr, unit, edge, mistakes);
    }
}

/// Replaces the path of a task with its type, because the type has the task's name and the function does not.
///
/// In parentheses, the path must be a type. Without them, a function that is not a task would be taken for a constant.
fn task(expr: &mut Expr) {
    if let Expr::Path(path) = expr
        && path
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident != "this_task")
    {
        let task = path.path.clone();
        *expr = parse_quote!(__r::task_ref::<(#task)>());
    }
}

fn tasks(expr: &mut Expr) {
    match expr {
        Expr::Tuple(tuple) => tuple.elems.iter_mut().for_each(task),
        Expr::Array(array) => {
            let mixed = array.elems.iter().any(|one| text_of(one).is_some());
            let named = array.elems.iter().any(|one| matches!(one, Expr::Path(_)));
            array.elems.iter_mut().for_each(task);
            if mixed && named {
                *expr = tuple_of(std::mem::take(&mut array.elems));
            }
        }
        _ => {}
    }
}

/// An array needs members of one type, but paths and strings have different types.
fn tuple_of(mut elems: Args) -> Expr {
    if !elems.trailing_punct() {
        elems.push_punct(token::Comma::default());
    }
    Expr::Tuple(ExprTuple {
        attrs: Vec::new(),
        paren_token: token::Paren::default(),
        elems,
    })
}
