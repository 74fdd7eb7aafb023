//! Conditions to text.

use std::fmt::{Display, Formatter, Result};

use super::days::Listed;
use super::period::{Narrowed, Placed, Tail};
use super::{Quoted, joined};
use crate::ast::{
    Action, After, Age, Anchored, Basis, Compare, CondExpr, Count, Every, Interval, Once, Outcome,
    PeriodExpr, Quantifier, Retry, Running, Since, Status,
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
            Self::TimeOf(period) => time_of(f, period),
            Self::After(after) => write!(f, "{after}"),
            Self::Status(status) => write!(f, "{status}"),
            Self::Running(running) => write!(f, "{running}"),
            Self::Retry(retry) => write!(f, "{retry}"),
            Self::SchedulerRunning(age) => scheduler_running(f, age),
            Self::SchedulerStarted(past) => write!(f, "scheduler started {past} ago"),
            Self::SchedulerCycles(count) if count.0.is_empty() => f.write_str("scheduler has cycles"),
            Self::SchedulerCycles(count) => write!(f, "scheduler has {count} cycles"),
            Self::AtMostRuns(1) => f.write_str("at most 1 run"),
            Self::AtMostRuns(runs) => write!(f, "at most {runs} runs"),
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

impl Display for Interval {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match *self {
            Self::Time(length) => write!(f, "{length}"),
            Self::Months(1) => f.write_str("1 month"),
            Self::Months(12) => f.write_str("1 year"),
            Self::Months(months) if months.is_multiple_of(12) => write!(f, "{} years", months / 12),
            Self::Months(months) => write!(f, "{months} months"),
        }
    }
}

/// A period as a condition: what it is called where that is enough, and otherwise `in (…)`.
fn time_of(f: &mut Formatter<'_>, period: &PeriodExpr) -> Result {
    let (plain, zone) = Placed::of(period);
    match plain {
        PeriodExpr::Cron(cron) => write!(f, "crontime{}{zone}", Tail(cron)),
        PeriodExpr::Anchored(_) | PeriodExpr::From(_) | PeriodExpr::Until(_) | PeriodExpr::On(_) => {
            write!(f, "{period}")
        }
        PeriodExpr::Series(series) if series.is_filter() => write!(f, "{period}"),
        _ => write!(f, "in ({period})"),
    }
}

impl Display for Once {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        task_prefix(f, self.task.as_deref())?;
        let (plain, zone) = Placed::of(&self.period);
        match (&self.task, self.basis, plain) {
            (None, Basis::Start, PeriodExpr::Cron(cron)) => return write!(f, "cron{}{zone}", Tail(cron)),
            (None, Basis::Finish, PeriodExpr::Anchored(Anchored { unit, window })) => {
                write!(f, "{}{}{zone}", unit.cycle(), Narrowed(*unit, window))?;
            }
            (None, Basis::Finish, PeriodExpr::Series(series)) if series.is_filter() => {
                let unit = series.anchored.unit;
                let window = Narrowed(unit, &series.anchored.window);
                write!(f, "{}{window} on {}{zone}", unit.cycle(), Listed(&series.days))?;
            }
            (None, Basis::Finish, PeriodExpr::Series(_) | PeriodExpr::Steps(_) | PeriodExpr::At(_)) => {
                write!(f, "{}", self.period)?;
            }
            (_, Basis::Finish, period) => write!(f, "once per ({period}{zone})")?,
            (_, Basis::Start, period) => return write!(f, "one start per ({period}{zone})"),
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
        if let Some(delay) = self.delay {
            write!(f, "{delay} ")?;
        }
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
        if let Some(period) = &self.within {
            within(f, period)?;
        }
        match self.count.0.last() {
            None => Ok(()),
            Some((_, 1)) => write!(f, " {} time", self.count),
            Some(_) => write!(f, " {} times", self.count),
        }
    }
}

fn within(f: &mut Formatter<'_>, period: &PeriodExpr) -> Result {
    let (plain, zone) = Placed::of(period);
    match plain {
        PeriodExpr::Anchored(Anchored { unit, window }) => {
            write!(f, " {}{}{zone}", unit.current(), Narrowed(*unit, window))
        }
        PeriodExpr::Series(series) if series.is_filter() => {
            let unit = series.anchored.unit;
            let window = Narrowed(unit, &series.anchored.window);
            write!(f, " {}{window} on {}{zone}", unit.current(), Listed(&series.days))
        }
        PeriodExpr::Past(past) => write!(f, " past {past}"),
        _ => write!(f, " in ({period})"),
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
