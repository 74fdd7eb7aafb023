//! Conjunctions that can never be true: `weekly on Monday & weekly on Friday`.
//!
//! Each member can only be true at certain times, which are grouped by the cycle in which they recur. If the members
//! have no common time in one of the cycles, they are never true together. If they can only be true on some dates, each
//! of these dates is looked at. Uncertain times count as any time.
//!
//! A statement may come from an untrusted source, so the work is [limited](Effort).

mod civil;
mod clocks;
mod cron;
mod dated;
mod effort;
mod months;
mod picked;
mod stretches;
mod times;

use std::fmt;
use std::ops::Range;

use crate::ast::CondExpr;
use crate::duration::DAY;
pub(crate) use effort::Effort;
use times::Times;

/// The maximum number of dates to check. More than two years contain every day of a week, a month and a year.
const MOST_DAYS: u64 = 800;

/// Parts of a statement that are never true at the same time, as text.
///
/// ```
/// use rocketry_syntax::parse_condition;
///
/// let statement = parse_condition("weekly on Monday & is workday & weekly on Friday")?;
/// let contradiction = statement.contradiction().unwrap();
/// assert_eq!(
///     contradiction.to_string(),
///     "`weekly on Monday` and `weekly on Friday` are never true at the same time; if one of them is enough, join them with `|`",
/// );
/// # Ok::<(), rocketry_syntax::SyntaxError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction(Vec<String>);

impl<C: fmt::Display + PartialEq> CondExpr<C> {
    /// Returns the first conjunction in the statement that can certainly never be true, if any.
    ///
    /// Only windows that recur and cron expressions are compared, and conditions with their own negation. Custom
    /// conditions and the past of tasks are not. The work is limited, so nothing is found in a statement with very many
    /// parts.
    pub fn contradiction(&self) -> Option<Contradiction> {
        first_in(self, &Effort::for_statement())
    }
}

fn first_in<C: fmt::Display + PartialEq>(expr: &CondExpr<C>, effort: &Effort) -> Option<Contradiction> {
    let in_members = |members: &[CondExpr<C>]| members.iter().find_map(|member| first_in(member, effort));
    match expr {
        CondExpr::All(members) => of_conjunction(members, effort).or_else(|| in_members(members)),
        CondExpr::Any(members) => in_members(members),
        _ => None,
    }
}

pub(crate) fn of_conjunction<C: fmt::Display + PartialEq>(
    members: &[CondExpr<C>],
    effort: &Effort,
) -> Option<Contradiction> {
    let parts: Vec<&CondExpr<C>> = members.iter().collect();
    let excluding =
        negation(&parts).or_else(|| are_never_true(&parts, effort).then(|| culprits(&parts, effort)))?;
    Some(Contradiction(excluding.iter().map(ToString::to_string).collect()))
}

/// The first conditions of which one is the negation of the other.
fn negation<'c, C: PartialEq>(parts: &[&'c CondExpr<C>]) -> Option<Vec<&'c CondExpr<C>>> {
    parts.iter().enumerate().find_map(|(index, part)| {
        let other = parts[..index].iter().find(|other| is_negation(other, part))?;
        Some(vec![*other, *part])
    })
}

/// The conditions because of which some are never true together: two of them if there are two, as far as the work allows.
fn culprits<'c, C>(parts: &[&'c CondExpr<C>], effort: &Effort) -> Vec<&'c CondExpr<C>> {
    let ends: Vec<usize> = (1..parts.len()).collect();
    let enough = ends.partition_point(|end| !are_never_true(&parts[..*end], effort)) + 1;
    let (before, last) = (&parts[..enough - 1], parts[enough - 1]);
    if let Some(other) = before
        .iter()
        .find(|other| are_never_true(&[**other, last], effort))
    {
        return vec![*other, last];
    }
    let mut left = parts[..enough].to_vec();
    for part in before {
        let others: Vec<_> = left
            .iter()
            .copied()
            .filter(|other| !std::ptr::eq(*other, *part))
            .collect();
        if are_never_true(&others, effort) {
            left = others;
        }
    }
    left
}

/// Returns true if one condition is the negation of the other.
fn is_negation<C: PartialEq>(a: &CondExpr<C>, b: &CondExpr<C>) -> bool {
    let negates = |a: &CondExpr<C>, b: &CondExpr<C>| matches!(a, CondExpr::Not(inner) if **inner == *b);
    (negates(a, b) || negates(b, a)) && !has_custom(a)
}

/// Returns true if conditions certainly have no time in common.
fn are_never_true<C>(conditions: &[&CondExpr<C>], effort: &Effort) -> bool {
    if effort.is_spent() {
        return false;
    }
    let times = conditions.iter().map(|condition| Times::of(condition, effort));
    let common = Times::common(times, effort);
    let dates = common.date.as_deref().filter(|dates| are_few(dates));
    common.is_never()
        || dates.is_some_and(|dates| {
            dates
                .iter()
                .all(|dates| dated::is_never(conditions, dates, effort))
        })
}

/// Returns true if each date of some stretches can be looked at.
fn are_few(dates: &[Range<u64>]) -> bool {
    let lengths = dates.iter().map(|dates| (dates.end - dates.start) / DAY);
    lengths.fold(0, u64::saturating_add) < MOST_DAYS
}

/// A custom condition is evaluated each time it occurs, and its value may differ.
fn has_custom<C>(condition: &CondExpr<C>) -> bool {
    let mut found = false;
    condition.for_each_leaf(&mut |leaf| found |= matches!(leaf, CondExpr::Custom(_)));
    found
}

impl Contradiction {
    /// The contradiction as a sentence, without a suggestion.
    pub(crate) fn sentence(&self) -> String {
        let quoted: Vec<String> = self.0.iter().map(|member| format!("`{member}`")).collect();
        let text = match quoted.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => quoted.concat(),
        };
        text + " are never true at the same time"
    }
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}; if one of them is enough, join them with `|`",
            self.sentence()
        )
    }
}
