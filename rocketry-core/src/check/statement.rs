//! The lints of a single statement.

use std::fmt;

use rocketry_syntax::Lint;
use rocketry_syntax::ast::CondExpr;

use super::clock;
use super::finding::Finding;
use crate::cond::{Condition, Custom, unlabelled};
use crate::error::{Error, Kind, Result};
use crate::preview::{Isolated, zone_and_instant};
use crate::time::{Timestamp, Zone};

/// Checks a single start condition, like [`Session::check`](crate::Session::check) does for each task of an
/// app.
///
/// The condition is a text or built from the words of [`conds`](crate::conds); the zone is a name or a
/// [`Zone`]. Changes of the clock are searched in the year after the instant, which is an RFC 3339 text or a
/// [`Timestamp`].
///
/// ```
/// use rocketry::check::check_statement;
///
/// let findings = check_statement("cron 0 9 13 * Fri", "UTC", "2026-01-01T00:00:00Z")?;
/// assert_eq!(findings[0].lint.name(), "both_day_fields");
/// assert!(findings[0].help.starts_with("for days that are both, write `cron 0 9 13 * +Fri`"));
/// # Ok::<(), rocketry::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::is_build`] is true if the condition has a mistake, or if the zone or the instant is invalid.
#[track_caller]
pub fn check_statement<Z, T>(condition: impl Into<Condition>, zone: Z, from: T) -> Result<Vec<Finding>>
where
    Z: TryInto<Zone, Error: fmt::Display>,
    T: TryInto<Timestamp, Error: fmt::Display>,
{
    let condition = condition.into();
    let (zone, from) = zone_and_instant(zone, from)?;
    let expr = unlabelled(condition.expr().into_owned());
    let mut problems = Vec::new();
    expr.for_each_leaf(&mut |leaf| {
        if let CondExpr::Custom(Custom::Invalid(problem)) = leaf {
            problems.push((**problem).clone());
        }
    });
    if !problems.is_empty() {
        return Err(Error::build(Kind::Build, problems));
    }
    Ok(of_start(&expr, &Isolated::outside, zone, from))
}

/// The lints of a start condition, which may refer to what `lone` knows.
pub(super) fn of_start(
    expr: &CondExpr<Custom>,
    lone: &dyn Fn() -> Isolated,
    zone: Zone,
    from: Timestamp,
) -> Vec<Finding> {
    let statement = expr.to_string();
    let remarks = expr.remarks().into_iter();
    let mut findings: Vec<Finding> = remarks
        .map(|remark| Finding::of_remark(remark, &statement))
        .collect();
    if !findings.iter().any(|finding| finding.lint == Lint::NeverTrue) {
        let of_clock = clock::finding(expr, lone, zone, from);
        findings.extend(of_clock.map(|finding| finding.about(&statement, Some(statement.clone()))));
    }
    findings
}
