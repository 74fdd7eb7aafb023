//! Conditions to text.

use std::fmt::{Display, Formatter, Result};

use super::period::{Narrowed, Tail};
use super::{Quoted, joined};
use crate::ast::{
    Action, After, Age, Anchored, Basis, Compare, CondExpr, Count, Every, Once, Outcome, PeriodExpr,
    Quantifier, Retry, Running, Since, Status,
};

impl<C: Display> Display for CondExpr<C> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let composite = |member: &Self| matches!(member, Self::All(_) | Self::Any(_));
        match self {
            Self::Constant(value) => write!(f, "{value}"),
            Self::All(members) => joined(f, members, " & ", composite),
            Self::Any(members) => joined(f, members, " | ", composite),
            Self::Not(inner) if composite(inner) => write!(f, "~({inner})"),
            Self::Not(inner) => write!(f, "~{inner}"),
            Self::Every(every) => write!(f, "{every}"),
            Self::Once(once) => write!(f, "{once}"),
            Self::TimeOf(PeriodExpr::Anchored(anchored)) => write!(f, "{anchored}"),
            Self::TimeOf(PeriodExpr::Cron(cron)) => write!(f, "crontime{}", Tail(cron)),
            Self::TimeOf(period) => write!(f, "in ({period})"),
            Self::After(after) => write!(f, "{after}"),
            Self::Status(status) => write!(f, "{status}"),
            Self::Running(running) => write!(f, "{running}"),
            Self::Retry(retry) => write!(f, "{retry}"),
            Self::SchedulerRunning(age) => scheduler_running(f, age),
            Self::SchedulerStarted(past) => write!(f, "scheduler started {past} ago"),
            Self::SchedulerCycles(count) if count.0.is_empty() => f.write_str("scheduler has cycles"),
            Self::SchedulerCycles(count) => write!(f, "scheduler has {count} cycles"),
            Self::Env(name) => write!(f, "env {}", Quoted(name)),
            Self::ParamExists(name) => write!(f, "param {} exists", Quoted(name)),
            Self::ParamIs { name, value } => write!(f, "param {} is {}", Quoted(name), Quoted(value)),
            Self::Custom(custom) => write!(f, "{custom}"),
        }
    }
}

impl Display for Every {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "every {}", self.interval)?;
        match self.since {
            Since::Start => Ok(()),
            Since::Success => f.write_str(" based on success"),
            Since::Fail => f.write_str(" based on fail"),
            Since::Finish => f.write_str(" based on finish"),
        }
    }
}

impl Display for Once {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        task_prefix(f, self.task.as_deref())?;
        match (&self.task, self.basis, &self.period) {
            (None, Basis::Start, PeriodExpr::Cron(cron)) => return write!(f, "cron{}", Tail(cron)),
            (None, Basis::Finish, PeriodExpr::Anchored(Anchored { unit, window })) => {
                write!(f, "{}{}", unit.cycle(), Narrowed(*unit, window))?;
            }
            (_, Basis::Finish, period) => write!(f, "once per ({period})")?,
            (_, Basis::Start, period) => return write!(f, "one start per ({period})"),
        }
        match self.retries {
            0 => Ok(()),
            1 => f.write_str(" with 1 retry"),
            retries => write!(f, " with {retries} retries"),
        }
    }
}

impl Display for After {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self.quantifier {
            Quantifier::One => "after task ",
            Quantifier::All => "after tasks ",
            Quantifier::Any => "after any tasks ",
        })?;
        for (index, task) in self.tasks.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{}", Quoted(task))?;
        }
        f.write_str(match self.outcome {
            Outcome::Success => "",
            Outcome::Fail => " failed",
            Outcome::Finish => " finished",
            Outcome::Terminate => " terminated",
        })
    }
}

impl Display for Action {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Started => "started",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Finished => "finished",
            Self::Terminated => "terminated",
            Self::Inacted => "inacted",
            Self::Crashed => "crashed",
        })
    }
}

impl Display for Status {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        task_prefix(f, self.task.as_deref())?;
        write!(f, "has {}", self.action)?;
        match &self.within {
            None => {}
            Some(PeriodExpr::Anchored(Anchored { unit, window })) => {
                write!(f, " {}{}", unit.current(), Narrowed(*unit, window))?;
            }
            Some(PeriodExpr::Past(past)) => write!(f, " past {past}")?,
            Some(period) => write!(f, " in ({period})")?,
        }
        match self.count.0.last() {
            None => Ok(()),
            Some((_, 1)) => write!(f, " {} time", self.count),
            Some(_) => write!(f, " {} times", self.count),
        }
    }
}

impl Display for Running {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        task_prefix(f, self.task.as_deref())?;
        f.write_str("is running")?;
        match (self.age.more_than, self.age.less_than) {
            (None, None) => {}
            (Some(more), None) => write!(f, " for more than {more}")?,
            (None, Some(less)) => write!(f, " for less than {less}")?,
            (Some(more), Some(less)) => write!(f, " for more than {more} and less than {less}")?,
        }
        match self.count.0.last() {
            None => Ok(()),
            Some((_, 1)) => write!(f, " in {} run", self.count),
            Some(_) => write!(f, " in {} runs", self.count),
        }
    }
}

impl Display for Retry {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.limit {
            None => f.write_str("retry")?,
            Some(1) => f.write_str("retry 1 time")?,
            Some(limit) => write!(f, "retry {limit} times")?,
        }
        match self.backoff {
            None => Ok(()),
            Some(backoff) => write!(f, " with backoff {backoff}"),
        }
    }
}

/// The comparisons, without the noun: `at least 3 and less than 5`.
impl Display for Count {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (index, (compare, number)) in self.0.iter().enumerate() {
            let and = if index == 0 { "" } else { " and " };
            write!(f, "{and}{compare} {number}")?;
        }
        Ok(())
    }
}

impl Display for Compare {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Equal => "exactly",
            Self::NotEqual => "not",
            Self::Less => "less than",
            Self::AtMost => "at most",
            Self::More => "more than",
            Self::AtLeast => "at least",
        })
    }
}

fn task_prefix(f: &mut Formatter<'_>, task: Option<&str>) -> Result {
    task.map_or(Ok(()), |task| write!(f, "task {} ", Quoted(task)))
}

fn scheduler_running(f: &mut Formatter<'_>, age: &Age) -> Result {
    match (age.more_than, age.less_than) {
        (None, None) => f.write_str("scheduler is running"),
        (Some(more), None) => write!(f, "scheduler has run over {more}"),
        (None, Some(less)) => write!(f, "scheduler has run under {less}"),
        (Some(more), Some(less)) => write!(f, "scheduler has run over {more} and under {less}"),
    }
}
