//! Conjunctions that can never be true: `weekly on Monday & weekly on Friday`.
//!
//! Each member can only be true at certain times, which are grouped by the cycle in which they recur. If the members
//! have no common time in one of the cycles, they are never true together. If they can only be true on some dates, each
//! of these dates is looked at. Uncertain times count as any time.

mod civil;
mod clocks;
mod cron;
mod dated;
mod months;
mod picked;
mod stretches;
mod times;

use std::fmt;
use std::ops::Range;

use crate::ast::CondExpr;
use crate::duration::DAY;
use times::Times;

/// How many dates are looked at. In more than two years there are all days of a week, a month and a year.
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
    /// conditions and the past of tasks are not.
    pub fn contradiction(&self) -> Option<Contradiction> {
        match self {
            Self::All(members) => {
                of_conjunction(members).or_else(|| members.iter().find_map(Self::contradiction))
            }
            Self::Any(members) => members.iter().find_map(Self::contradiction),
            _ => None,
        }
    }
}

pub(crate) fn of_conjunction<C: fmt::Display + PartialEq>(members: &[CondExpr<C>]) -> Option<Contradiction> {
    for (index, member) in members.iter().enumerate() {
        let other = members[..index].iter().find(|other| exclude(other, member));
        if let Some(other) = other {
            return Some(Contradiction(vec![other.to_string(), member.to_string()]));
        }
    }
    let mut parts: Vec<&CondExpr<C>> = members.iter().collect();
    if !are_never_true(&parts) {
        return None;
    }
    for member in members {
        let others: Vec<_> = parts
            .iter()
            .copied()
            .filter(|part| !std::ptr::eq(*part, member))
            .collect();
        if are_never_true(&others) {
            parts = others;
        }
    }
    Some(Contradiction(parts.iter().map(ToString::to_string).collect()))
}

/// Returns true if two conditions are certainly never true at the same time.
fn exclude<C: PartialEq>(a: &CondExpr<C>, b: &CondExpr<C>) -> bool {
    let negates = |a: &CondExpr<C>, b: &CondExpr<C>| matches!(a, CondExpr::Not(inner) if **inner == *b);
    ((negates(a, b) || negates(b, a)) && !has_custom(a)) || are_never_true(&[a, b])
}

/// Returns true if conditions certainly have no time in common.
fn are_never_true<C>(conditions: &[&CondExpr<C>]) -> bool {
    let times = conditions.iter().map(|condition| Times::of(condition));
    let common = times.reduce(Times::and).unwrap_or_default();
    let dates = common.date.as_deref().filter(|dates| are_few(dates));
    common.is_never()
        || dates.is_some_and(|dates| dates.iter().all(|dates| dated::is_never(conditions, dates)))
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
    /// What excludes what, without what to write instead.
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
