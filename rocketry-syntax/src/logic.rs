//! Construction and traversal of condition trees.

use std::ops::{BitAnd, BitOr, Not};

use crate::ast::{CondExpr, Once, Status};
use crate::period::join;

impl<C> CondExpr<C> {
    /// Creates a conjunction: true while all members are true. Nested conjunctions are flattened.
    ///
    /// A single member is returned unchanged; without members, the condition is always true.
    pub fn all(members: impl IntoIterator<Item = Self>) -> Self {
        let open = |member| match member {
            Self::All(members) => Ok(members),
            other => Err(other),
        };
        join(members, open, Self::Constant(true), Self::All)
    }

    /// Creates a disjunction: true while any member is true. Nested disjunctions are flattened.
    ///
    /// A single member is returned unchanged; without members, the condition is never true.
    pub fn any(members: impl IntoIterator<Item = Self>) -> Self {
        let open = |member| match member {
            Self::Any(members) => Ok(members),
            other => Err(other),
        };
        join(members, open, Self::Constant(false), Self::Any)
    }

    /// Returns the same condition in a time zone. Parts with a zone keep it.
    ///
    /// ```
    /// use rocketry_syntax::parse_condition;
    ///
    /// let statement = parse_condition("daily at 09:30 | has failed today")?.in_zone("Asia/Tokyo");
    /// assert_eq!(statement.to_string(), "daily at 09:30 in Asia/Tokyo | has failed today in Asia/Tokyo");
    /// # Ok::<(), rocketry_syntax::SyntaxError>(())
    /// ```
    #[must_use]
    pub fn in_zone(self, zone: &str) -> Self {
        let each = |members: Vec<Self>| members.into_iter().map(|member| member.in_zone(zone)).collect();
        match self {
            Self::All(members) => Self::All(each(members)),
            Self::Any(members) => Self::Any(each(members)),
            Self::Not(inner) => Self::Not(Box::new(inner.in_zone(zone))),
            Self::Once(once) => Self::Once(Once {
                period: once.period.in_zone(zone),
                ..once
            }),
            Self::TimeOf(period) => Self::TimeOf(period.in_zone(zone)),
            Self::Status(status) => Self::Status(Status {
                within: status.within.map(|period| period.in_zone(zone)),
                ..status
            }),
            leaf => leaf,
        }
    }

    /// Calls `visit` with every leaf, in the order of the text.
    pub fn for_each_leaf<'c>(&'c self, visit: &mut impl FnMut(&'c Self)) {
        match self {
            Self::All(members) | Self::Any(members) => {
                for member in members {
                    member.for_each_leaf(visit);
                }
            }
            Self::Not(inner) => inner.for_each_leaf(visit),
            leaf => visit(leaf),
        }
    }

    /// Returns the same tree with each custom condition replaced by the result of `map`.
    ///
    /// ```
    /// use rocketry_syntax::{CondExpr, parse_condition};
    ///
    /// let tree = parse_condition("daily & in season")?;
    /// let mapped: CondExpr = tree.try_map_custom(&mut |_| parse_condition("hourly & weekly"))?;
    /// assert_eq!(mapped.to_string(), "daily & hourly & weekly");
    /// # Ok::<(), rocketry_syntax::SyntaxError>(())
    /// ```
    ///
    /// # Errors
    /// Returns the first error of `map`.
    pub fn try_map_custom<D, E>(
        self,
        map: &mut impl FnMut(C) -> Result<CondExpr<D>, E>,
    ) -> Result<CondExpr<D>, E> {
        Ok(match self {
            Self::All(members) => CondExpr::all(map_members(members, map)?),
            Self::Any(members) => CondExpr::any(map_members(members, map)?),
            Self::Not(inner) => !inner.try_map_custom(map)?,
            Self::Custom(custom) => map(custom)?,
            Self::Constant(value) => CondExpr::Constant(value),
            Self::Every(every) => CondExpr::Every(every),
            Self::Once(once) => CondExpr::Once(once),
            Self::TimeOf(period) => CondExpr::TimeOf(period),
            Self::After(after) => CondExpr::After(after),
            Self::Status(status) => CondExpr::Status(status),
            Self::Running(running) => CondExpr::Running(running),
            Self::Retry(retry) => CondExpr::Retry(retry),
            Self::SchedulerRunning(age) => CondExpr::SchedulerRunning(age),
            Self::SchedulerStarted(past) => CondExpr::SchedulerStarted(past),
            Self::SchedulerCycles(count) => CondExpr::SchedulerCycles(count),
            Self::AtMostRuns(runs) => CondExpr::AtMostRuns(runs),
            Self::Env(name) => CondExpr::Env(name),
            Self::ParamExists(name) => CondExpr::ParamExists(name),
            Self::ParamIs { name, value } => CondExpr::ParamIs { name, value },
        })
    }
}

fn map_members<C, D, E>(
    members: Vec<CondExpr<C>>,
    map: &mut impl FnMut(C) -> Result<CondExpr<D>, E>,
) -> Result<Vec<CondExpr<D>>, E> {
    members
        .into_iter()
        .map(|member| member.try_map_custom(map))
        .collect()
}

/// `~~a` is `a`.
impl<C> Not for CondExpr<C> {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }
}

impl<C> BitAnd for CondExpr<C> {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self::all([self, other])
    }
}

impl<C> BitOr for CondExpr<C> {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self::any([self, other])
    }
}
