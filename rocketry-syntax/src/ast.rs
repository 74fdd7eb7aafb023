//! The tree of a statement.
//!
//! Both forms of the language share this tree: the parser builds it from a string, and the expression API of
//! `rocketry::conds` builds it from Rust. Both print it as the same canonical text.

mod days;
mod series;

pub use crate::cron::Cron;
pub use days::{Date, DayKind, DayRule, Days, Moment};
pub use series::{Series, Steps, StepsFrom, Zoned};

/// A condition that decides when a task may start or must end.
///
/// `C` is the type of custom conditions. The parser returns the text of the phrase (`String`), because the phrases are
/// only known when an app is built.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CondExpr<C = String> {
    /// `true`, `always`, `false`, `never`.
    Constant(bool),
    /// `a & b`: true while all members are true. Never contains another `All` directly.
    All(Vec<CondExpr<C>>),
    /// `a | b`: true while any member is true. Never contains another `Any` directly.
    Any(Vec<CondExpr<C>>),
    /// `~a`. Never contains another `Not` directly.
    Not(Box<CondExpr<C>>),
    /// `every 10 seconds`.
    Every(Every),
    /// `daily after 07:00`, `cron 0 7 * * *`, `once per (…)`.
    Once(Once),
    /// `time of day after 07:00`, `crontime 0 7 * * *`.
    TimeOf(PeriodExpr),
    /// `after task 'x' succeeded`, `after any tasks 'x', 'y'`.
    After(After),
    /// `task 'x' has failed today`.
    Status(Status),
    /// `task 'x' is running`.
    Running(Running),
    /// `retry 3 times`, `retry`.
    Retry(Retry),
    /// `scheduler has run over 10 minutes`.
    SchedulerRunning(Age),
    /// `scheduler started 10 minutes ago`: the scheduler started within the past ten minutes.
    SchedulerStarted(Delta),
    /// `scheduler has more than 3 cycles`.
    SchedulerCycles(Count),
    /// `at most 10 runs`: true until the task has started this many times.
    AtMostRuns(u64),
    /// `env 'prod'`: the session parameter `env` equals the text.
    Env(String),
    /// `param 'x' exists`.
    ParamExists(String),
    /// `param 'x' is 'y'`.
    ParamIs {
        /// Name of the session parameter.
        name: String,
        /// The expected value, as text.
        value: String,
    },
    /// A custom condition.
    Custom(C),
}

/// `every 10 seconds [based on start|success|fail|finish]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Every {
    /// The interval.
    pub interval: Interval,
    /// The event from which the interval is measured.
    pub since: Since,
}

/// The length of an interval between two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Interval {
    /// A length of elapsed time.
    Time(Delta),
    /// Calendar months: the same day, or the last day of a month without it.
    Months(u32),
}

/// The event from which an interval is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Since {
    /// The start of the previous run. This is the default and is not printed.
    #[default]
    Start,
    /// The last success.
    Success,
    /// The last failure.
    Fail,
    /// The last success, failure, termination or inaction.
    Finish,
}

/// Once in each occurrence of a period.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Once {
    /// The task whose runs count; `None` is the task that owns the statement.
    pub task: Option<String>,
    /// The period.
    pub period: PeriodExpr,
    /// The event that uses up an occurrence.
    pub basis: Basis,
    /// The number of failures that do not use up an occurrence. Always 0 with [`Basis::Start`].
    pub retries: u32,
}

/// The event that uses up an occurrence of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// A success, an inaction, a termination, or more than `retries` failures: `daily`, `hourly` and so on.
    Finish,
    /// A start: `cron`.
    Start,
}

/// `[30 minutes] after [any] task[s] …`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct After {
    /// The required outcome of the tasks.
    pub outcome: Outcome,
    /// Whether the condition refers to one task, to all or to any of several.
    pub quantifier: Quantifier,
    /// The tasks' names: at least one, and exactly one with [`Quantifier::One`].
    pub tasks: Vec<String>,
    /// The delay after they end; `None` is no delay.
    pub delay: Option<Delta>,
}

/// The required outcome of a preceding task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// `succeeded`. This is the default and is not printed.
    #[default]
    Success,
    /// `failed`.
    Fail,
    /// `finished`: success or failure.
    Finish,
    /// `terminated`.
    Terminate,
}

/// `after task`, `after tasks` or `after any tasks`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// `after task 'a'`.
    One,
    /// `after tasks 'a', 'b'`.
    All,
    /// `after any tasks 'a', 'b'`.
    Any,
}

/// `[task 'x'] has failed [today …] [at least 3 times]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Status {
    /// The task whose events count; `None` is the task that owns the statement.
    pub task: Option<String>,
    /// The kind of event.
    pub action: Action,
    /// The period in whose latest occurrence events count; `None` is all time.
    pub within: Option<PeriodExpr>,
    /// The required number of events; the empty count is at least one.
    pub count: Count,
}

/// An event of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// `has started`.
    Started,
    /// `has succeeded`.
    Succeeded,
    /// `has failed`.
    Failed,
    /// `has finished`: succeeded, failed or terminated.
    Finished,
    /// `has terminated`.
    Terminated,
    /// `has inacted`.
    Inacted,
    /// `has crashed`.
    Crashed,
}

/// `[while] [task 'x'] is running [for more than 10 minutes] [in at least 2 runs]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Running {
    /// The task whose runs count; `None` is the task that owns the statement.
    pub task: Option<String>,
    /// The elapsed time of the runs that count.
    pub age: Age,
    /// The required number of runs; the empty count is at least one.
    pub count: Count,
}

/// `retry` (without a limit) or `retry 3 times`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Retry {
    /// The maximum number of consecutive failures to retry after; `None` is no limit.
    pub limit: Option<u32>,
    /// `with backoff 10 seconds`: the delay before the first retry, which doubles before each further one.
    pub backoff: Option<Delta>,
}

/// A closed range of ages: at least `more_than`, at most `less_than`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Age {
    /// The minimum age.
    pub more_than: Option<Delta>,
    /// The maximum age.
    pub less_than: Option<Delta>,
}

/// A test of a number. All comparisons must be true; an empty list means "more than zero".
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Count(pub Vec<(Compare, u64)>);

impl Count {
    /// Returns true if `number` passes the test.
    pub fn admits(&self, number: u64) -> bool {
        if self.0.is_empty() {
            return number > 0;
        }
        self.0.iter().all(|&(compare, bound)| match compare {
            Compare::Equal => number == bound,
            Compare::NotEqual => number != bound,
            Compare::Less => number < bound,
            Compare::AtMost => number <= bound,
            Compare::More => number > bound,
            Compare::AtLeast => number >= bound,
        })
    }
}

/// A comparison with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compare {
    /// `exactly 3`.
    Equal,
    /// `not 3`.
    NotEqual,
    /// `less than 3`.
    Less,
    /// `at most 3`.
    AtMost,
    /// `more than 3`.
    More,
    /// `at least 3`.
    AtLeast,
}

/// A length of time, in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Delta(pub u64);

/// An interval of time, or a series of intervals.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PeriodExpr {
    /// All time.
    Always,
    /// No time.
    Never,
    /// A window that repeats with the calendar or the clock.
    Anchored(Anchored),
    /// The time from `delta` ago until now: `past 2 hours`.
    Past(Delta),
    /// The minutes (or seconds) that a cron expression matches.
    Cron(Cron),
    /// `from 2026-11-28`: all time from a moment on.
    From(Moment),
    /// `until 2026-12-01 09:00`: all time before a moment.
    Until(Moment),
    /// `once at 2026-07-04 12:00`: a day from a moment.
    At(Moment),
    /// `on weekdays, 'holidays'`: each such day.
    On(Vec<Days>),
    /// `every 2 weeks on Friday from 2026-01-02`, `time of day at 09:30 on weekdays`.
    Series(Box<Series>),
    /// `every 90 minutes from 09:00 until 17:00`.
    Steps(Box<Steps>),
    /// A period in another time zone.
    Zoned(Box<Zoned>),
    /// The intersection of all members. Never contains another `All` directly.
    All(Vec<PeriodExpr>),
    /// The union of all members. Never contains another `Any` directly.
    Any(Vec<PeriodExpr>),
}

/// A window inside a repeating unit of the calendar or the clock.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Anchored {
    /// The unit that repeats.
    pub unit: Unit,
    /// The part of the unit.
    pub window: Window,
}

/// A repeating unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Every second.
    Second,
    /// Every minute.
    Minute,
    /// Every hour.
    Hour,
    /// Every day.
    Day,
    /// Every week, from Monday.
    Week,
    /// Every month.
    Month,
    /// Every three months, from January.
    Quarter,
    /// Every year.
    Year,
}

/// The part of a unit. Every bound fits the unit, see [`Bound`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Window {
    /// The whole unit.
    Full,
    /// From the first bound until the second, across the end of the unit if the second is earlier.
    /// Equal exact bounds are the full cycle, separated at the bound; equal bare days are that day.
    Between(Bound, Bound),
    /// From the bound until the end of the unit.
    After(Bound),
    /// From the start of the unit until the bound; the full unit if the bound is its start.
    Before(Bound),
    /// One sub-unit from the bound: a millisecond of a second, a second of a minute, a minute of an hour,
    /// an hour of a day, a day of a week or month, the named month or day of a year. `on` and `at`.
    On(Bound),
    /// Like [`On`](Window::On), from each of several bounds. A window ends early if the next one begins.
    Each(Vec<Bound>),
    /// The full cycle, separated at the bound.
    Starting(Bound),
}

/// A position inside a unit.
///
/// A day, a month or a day of a year without a time is *bare*: a window that ends with it lasts until the
/// end of that day or month. Everything else is exact.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Bound {
    /// Microseconds since the start of a second, minute, hour or day; up to and including the unit's length.
    Clock(u64),
    /// A day of a week.
    Weekday {
        /// 0 is Monday, 6 is Sunday.
        day: u8,
        /// Microseconds since the start of the day; `None` is bare.
        time: Option<u64>,
    },
    /// A day of a month or a quarter.
    MonthDay {
        /// The day.
        day: Day,
        /// Microseconds since the start of the day; `None` is bare.
        time: Option<u64>,
    },
    /// A month or day of a year.
    YearDay {
        /// 1 is January.
        month: u8,
        /// The day of the month; `None` is the bare month.
        day: Option<Day>,
        /// Microseconds since the start of the day; `None` is bare. Only with a day.
        time: Option<u64>,
    },
    /// A day of a month, quarter or year that a rule selects.
    Ruled(Box<RuledBound>),
}

/// A day that a rule selects, as a bound.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RuledBound {
    /// The month, in a year; `None` in a month or quarter.
    pub month: Option<u8>,
    /// The rule. Never [`DayRule::Plain`].
    pub day: DayRule,
    /// Microseconds since the start of the day; `None` is bare.
    pub time: Option<u64>,
}

/// A day of a month or a quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Day {
    /// 1 to 31, in a quarter 1 to 92. A month without that day has none (as a start) or ends there (as an end).
    Nth(u8),
    /// `last day`: the 28th to the 31st, in a quarter the 90th to the 92nd.
    Last,
}
