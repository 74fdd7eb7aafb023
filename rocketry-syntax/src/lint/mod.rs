//! Lints that need only the statement.
//!
//! These remarks need neither a clock nor an app, so the macros report them at compile time, and
//! `Rocketry::check` reports the same ones for other statements.

mod cron;
mod days;
mod names;
mod truth;
mod windows;

use std::fmt;

pub use names::{Lint, Lints, UnknownLint};

use crate::ast::{CondExpr, PeriodExpr};
use crate::contradiction::Effort;

/// The maximum number of remarks about a statement. Each of them quotes it.
const MOST: usize = 20;

/// A part of a statement that rarely means what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The lint.
    pub lint: Lint,
    /// The part of the statement, as canonical text.
    pub part: String,
    /// What the part does.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl<C: fmt::Display + PartialEq + Clone> CondExpr<C> {
    /// Returns the first twenty remarks about the statement, in the order of its text. The work is limited,
    /// so not all parts of a very long statement are compared.
    ///
    /// ```
    /// use rocketry_syntax::{Lint, parse_condition};
    ///
    /// let statement = parse_condition("daily between 10:00 and 12:00 & every 10 minutes")?;
    /// let [remark] = &statement.remarks()[..] else { panic!() };
    /// assert_eq!(remark.lint, Lint::OnceAWindow);
    /// assert!(remark.help.contains("`time of day between 10:00 and 12:00 & every 10 minutes`"));
    /// # Ok::<(), rocketry_syntax::SyntaxError>(())
    /// ```
    pub fn remarks(&self) -> Vec<Remark> {
        let mut remarks = Vec::new();
        collect(self, &Effort::for_statement(), &mut remarks);
        remarks.truncate(MOST);
        remarks
    }
}

fn collect<C: fmt::Display + PartialEq + Clone>(
    expr: &CondExpr<C>,
    effort: &Effort,
    remarks: &mut Vec<Remark>,
) {
    if remarks.len() >= MOST {
        return;
    }
    remarks.extend(truth::never(expr, effort).or_else(|| truth::always(expr, effort)));
    match expr {
        CondExpr::All(members) => {
            remarks.extend(windows::once_a_window(expr, members));
            for member in members {
                collect(member, effort, remarks);
            }
        }
        CondExpr::Any(members) => {
            for member in members {
                collect(member, effort, remarks);
            }
        }
        CondExpr::Not(inner) => collect(inner, effort, remarks),
        leaf => of_leaf(leaf, remarks),
    }
}

fn of_leaf<C: fmt::Display>(leaf: &CondExpr<C>, remarks: &mut Vec<Remark>) {
    let (period, starts) = match leaf {
        CondExpr::Once(once) => (&once.period, true),
        CondExpr::TimeOf(period) => (period, true),
        // A window in the past only limits what is counted and starts nothing.
        CondExpr::Status(status) => match &status.within {
            Some(period) => (period, false),
            None => return,
        },
        _ => return,
    };
    let part = leaf.to_string();
    for_each_period(period, &mut |period| match period {
        PeriodExpr::Cron(expression) => remarks.extend(cron::remarks(expression, &part)),
        other if starts => remarks.extend(days::remark(other, leaf, &part)),
        _ => {}
    });
}

/// Visits the periods that are no sets and have no zone.
fn for_each_period<'p>(period: &'p PeriodExpr, visit: &mut impl FnMut(&'p PeriodExpr)) {
    match period {
        PeriodExpr::All(members) | PeriodExpr::Any(members) => {
            for member in members {
                for_each_period(member, visit);
            }
        }
        PeriodExpr::Zoned(zoned) => for_each_period(&zoned.period, visit),
        period => visit(period),
    }
}

/// `1, 2 and 3`.
fn listed<T: fmt::Display>(items: &[T]) -> String {
    let texts: Vec<String> = items.iter().map(ToString::to_string).collect();
    match texts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
