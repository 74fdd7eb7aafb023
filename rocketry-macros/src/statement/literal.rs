//! Checks of literals: statements, lengths of time, cron expressions, bounds.

use std::str::FromStr;

use quote::ToTokens;
use rocketry_syntax::ast::{Bound, Cron, Delta, Moment, Unit, Window};
use rocketry_syntax::{
    BoundValue, CountedFrom, Length, SyntaxError, parse_condition, parse_days, parse_period,
};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, ExprUnary, Lit, LitStr, Token, UnOp};

use super::text_of;
use crate::errors::Mistakes;

/// Checks the text of a statement. Phrases of custom conditions are only known once an app is built.
pub(super) fn statement(text: &LitStr, mistakes: &mut Mistakes) {
    parsed(text, parse_condition, mistakes);
}

/// Checks the text of a period.
pub(super) fn period(text: &LitStr, mistakes: &mut Mistakes) {
    parsed(text, parse_period, mistakes);
}

/// Checks a length of time, if it is a literal: `"10 minutes"`.
pub(crate) fn length(expr: &Expr, mistakes: &mut Mistakes) {
    if delta(expr, mistakes).is_some_and(Delta::is_zero) {
        mistakes.at(expr, "a length of time is longer than zero");
    }
}

/// Checks a length of time that may be zero, if it is a literal.
pub(super) fn age(expr: &Expr, mistakes: &mut Mistakes) {
    delta(expr, mistakes);
}

fn delta(expr: &Expr, mistakes: &mut Mistakes) -> Option<Delta> {
    match Literal::of(expr)? {
        Literal::Text(_) => parsed(text_of(expr)?, Delta::from_str, mistakes),
        Literal::Integer(_) | Literal::Float(_) => {
            let number = expr.to_token_stream();
            mistakes.at(
                expr,
                format!("a length of time has a unit: `\"{number} seconds\"`"),
            );
            None
        }
    }
}

/// Checks a cron expression, if it is a literal.
pub(super) fn cron(expr: &Expr, seconds: bool, mistakes: &mut Mistakes) {
    if let Some(text) = text_of(expr) {
        parsed(text, |fields| Cron::parse(fields, seconds), mistakes);
    }
}

/// The side of a window that a bound is on.
#[derive(Clone, Copy)]
pub(super) enum Edge {
    Start,
    End,
}

/// Checks a bound of a window in a unit, if it is a literal: `"07:00"`, `10`, `1.5`.
pub(super) fn bound(expr: &Expr, unit: Unit, edge: Edge, mistakes: &mut Mistakes) {
    let Some(literal) = Literal::of(expr) else { return };
    let checked = match edge {
        Edge::Start => Bound::start(unit, literal.value()),
        Edge::End => Bound::end(unit, literal.value()),
    };
    if let Err(error) = checked {
        mistakes.push(explained(expr, literal.text(), &error));
    }
}

/// The window of a method with literal arguments: `after("07:00")`.
pub(super) fn window(method: &str, unit: Unit, args: &Punctuated<Expr, Token![,]>) -> Option<Window> {
    let literal = |index| Literal::of(args.get(index)?);
    if let (Some(Expr::Array(array)), "on" | "at") = (args.first(), method) {
        let starts: Vec<Literal> = array.elems.iter().map(start_of).collect::<Option<_>>()?;
        let starts: Vec<BoundValue<'_>> = starts.iter().map(Literal::value).collect();
        return Window::each(unit, &starts).ok();
    }
    let first = start_of(args.first()?)?;
    let checked = match method {
        "after" => Window::after(unit, first.value()),
        "before" => Window::before(unit, first.value()),
        "between" => Window::between(unit, first.value(), literal(1)?.value()),
        "on" | "at" => Window::on(unit, first.value()),
        "starting" => Window::starting(unit, first.value()),
        _ => return None,
    };
    checked.ok()
}

/// Checks the length of an interval, if it is a literal: `"10 minutes"`, `"3 months"`.
pub(super) fn interval(expr: &Expr, mistakes: &mut Mistakes) {
    match text_of(expr) {
        Some(text) => {
            parsed(text, Length::from_str, mistakes);
        }
        None => length(expr, mistakes),
    }
}

/// The number of a literal; 1 if it is none.
pub(super) fn count(expr: &Expr) -> u32 {
    match expr {
        Expr::Lit(ExprLit {
            lit: Lit::Int(number),
            ..
        }) => number.base10_parse().unwrap_or(1),
        _ => 1,
    }
}

/// The calendar unit of a literal length.
pub(super) fn unit_of(expr: &Expr) -> Option<Unit> {
    let length: Length = text_of(expr)?.value().parse().ok()?;
    length.whole.map(|(_, unit)| unit)
}

/// Checks the starts of windows in a unit, as far as they are literals: `"06:00"`, `["06:00", "18:00"]`.
pub(super) fn starts(expr: &Expr, unit: Unit, mistakes: &mut Mistakes) {
    if let Expr::Array(array) = expr {
        array.elems.iter().for_each(|one| starts(one, unit, mistakes));
        return;
    }
    let Some(literal) = Literal::of(expr) else { return };
    if let Err(error) = Window::each(unit, &[literal.value()]) {
        mistakes.push(explained(expr, literal.text(), &error));
    }
}

/// Checks the starts of windows in a unit, or days where the unit is a day, if they are literals.
pub(super) fn starts_or_days(expr: &Expr, unit: Unit, mistakes: &mut Mistakes) {
    let names_days = || text_of(expr).is_some_and(|text| parse_days(&text.value()).is_ok());
    if unit != Unit::Day || !names_days() {
        starts(expr, unit, mistakes);
    }
}

/// Checks days, if they are literals: `"weekdays"`.
pub(super) fn days(expr: &Expr, mistakes: &mut Mistakes) {
    match expr {
        Expr::Array(array) => array.elems.iter().for_each(|one| days(one, mistakes)),
        _ => {
            if let Some(text) = text_of(expr) {
                parsed(text, parse_days, mistakes);
            }
        }
    }
}

/// Checks a start or end of a series, if it is a literal; `date` allows only a date.
pub(super) fn place(expr: &Expr, edge: Edge, date: bool, mistakes: &mut Mistakes) {
    let Some(text) = text_of(expr) else { return };
    let read = |text: &str| match (edge, date) {
        (Edge::Start, true) => Moment::start(text).map(drop),
        (Edge::End, true) => Moment::end(text).map(drop),
        (Edge::Start, false) => CountedFrom::start(text).map(drop),
        (Edge::End, false) => CountedFrom::end(text).map(drop),
    };
    parsed(text, read, mistakes);
}

/// A literal, or a weekday by its name: `"Monday 10:00"`, `Mon`.
fn start_of(expr: &Expr) -> Option<Literal> {
    match expr {
        Expr::Path(path) => path.path.get_ident().map(|name| Literal::Text(name.to_string())),
        _ => Literal::of(expr),
    }
}

/// The value of a literal, unless it is invalid.
pub(crate) fn parsed<T>(
    text: &LitStr,
    parse: impl Fn(&str) -> Result<T, SyntaxError>,
    mistakes: &mut Mistakes,
) -> Option<T> {
    let value = text.value();
    let checked = parse(&value).map_err(|error| explained(text, Some(&value), &error));
    mistakes.keep(checked)
}

/// The error message, with the wrong part of the text underlined, because the compiler can only point at the
/// whole literal.
fn explained(at: impl ToTokens, text: Option<&str>, error: &SyntaxError) -> syn::Error {
    let found = match error.found.as_str() {
        "" => "the end".to_owned(),
        found => format!("`{found}`"),
    };
    let mut message = format!("expected {}, found {found}", error.expected);
    if let Some(help) = &error.help {
        message.push_str("; ");
        message.push_str(help);
    }
    if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
        message.push('\n');
        for line in underlined(text, error).lines() {
            message.push_str("\n  ");
            message.push_str(line);
        }
    }
    syn::Error::new_spanned(at, message)
}

/// The text and its marks. The first line already has the expected text and the hint.
fn underlined(text: &str, error: &SyntaxError) -> String {
    let mut shown = error.caret(text);
    if error.suggestion.is_none()
        && let Some(last) = shown.rfind('^')
    {
        shown.truncate(last + 1);
    }
    shown
}

/// A literal that may be a bound.
enum Literal {
    Text(String),
    Integer(i64),
    Float(f64),
}

impl Literal {
    fn of(expr: &Expr) -> Option<Self> {
        match expr {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text), ..
            }) => Some(Literal::Text(text.value())),
            Expr::Lit(ExprLit {
                lit: Lit::Int(number),
                ..
            }) => number.base10_parse().ok().map(Literal::Integer),
            Expr::Lit(ExprLit {
                lit: Lit::Float(number),
                ..
            }) => number.base10_parse().ok().map(Literal::Float),
            Expr::Unary(ExprUnary {
                op: UnOp::Neg(_),
                expr,
                ..
            }) => Self::of(expr)?.negated(),
            Expr::Group(group) => Self::of(&group.expr),
            _ => None,
        }
    }

    fn negated(self) -> Option<Self> {
        match self {
            Literal::Text(_) => None,
            Literal::Integer(number) => Some(Literal::Integer(-number)),
            Literal::Float(number) => Some(Literal::Float(-number)),
        }
    }

    fn value(&self) -> BoundValue<'_> {
        match self {
            Literal::Text(text) => BoundValue::Text(text),
            Literal::Integer(number) => BoundValue::Integer(*number),
            Literal::Float(number) => BoundValue::Float(*number),
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Literal::Text(text) => Some(text),
            _ => None,
        }
    }
}
