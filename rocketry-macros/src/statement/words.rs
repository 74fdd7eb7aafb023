//! The words of `conds`, with their arguments and methods.

use rocketry_syntax::ast::Unit;

/// The arguments of a call that are checked or rewritten.
#[derive(Clone, Copy)]
pub(super) enum Takes {
    /// Arguments that need no check.
    Anything,
    /// A length of time, longer than zero.
    Length,
    /// The same, or calendar months; it determines the unit of the windows that follow.
    Interval,
    /// A length of time that may be zero.
    Age,
    /// The minimum and maximum of such a length.
    Ages,
    /// A cron expression; with seconds or without.
    Cron { seconds: bool },
    /// A task.
    Task,
    /// Several tasks, as one tuple or array.
    Tasks,
    /// The start of a window.
    Start,
    /// The end of a window.
    End,
    /// Both bounds of a window.
    Bounds,
    /// The starts of one or several windows, or after them, the times of the named days.
    Starts,
    /// The same, or, after such starts or without a unit, days.
    StartsOrDays,
    /// Days.
    Days,
    /// A date or time at which a series starts, or only a date.
    From { date: bool },
    /// A date or time at which a series ends, or only a date.
    Until { date: bool },
    /// A period of time.
    Period,
}

/// A word that a condition may start with.
pub(super) struct Word {
    pub(super) name: &'static str,
    pub(super) takes: Takes,
    /// The unit of its windows.
    pub(super) unit: Option<Unit>,
    /// Its methods, in groups.
    pub(super) methods: &'static [&'static [Method]],
}

/// A method of a word.
pub(super) struct Method {
    pub(super) name: &'static str,
    pub(super) takes: Takes,
    /// The unit of the windows that follow: a day for `.today()`.
    pub(super) unit: Option<Unit>,
}

/// The word with this name.
pub(super) fn find(name: &str) -> Option<&'static Word> {
    WORDS.iter().find(|word| word.name == name)
}

impl Word {
    /// The method with this name.
    pub(super) fn method(&self, name: &str) -> Option<&'static Method> {
        self.methods
            .iter()
            .copied()
            .flatten()
            .chain(OF_ALL)
            .find(|method| method.name == name)
    }

    /// The names of all methods.
    pub(super) fn method_names(&self) -> impl Iterator<Item = &'static str> {
        let own = self.methods.iter().copied().flatten();
        own.chain(OF_ALL).map(|method| method.name)
    }
}

const fn word(name: &'static str, takes: Takes, methods: &'static [&'static [Method]]) -> Word {
    Word {
        name,
        takes,
        unit: None,
        methods,
    }
}

const fn cyclic(name: &'static str, unit: Unit, methods: &'static [&'static [Method]]) -> Word {
    Word {
        name,
        takes: Takes::Anything,
        unit: Some(unit),
        methods,
    }
}

const fn method(name: &'static str, takes: Takes) -> Method {
    Method {
        name,
        takes,
        unit: None,
    }
}

const fn this(name: &'static str, unit: Unit) -> Method {
    Method {
        name,
        takes: Takes::Anything,
        unit: Some(unit),
    }
}

const WORDS: &[Word] = &[
    cyclic("secondly", Unit::Second, ONCE),
    cyclic("minutely", Unit::Minute, ONCE),
    cyclic("hourly", Unit::Hour, ONCE),
    cyclic("daily", Unit::Day, ONCE),
    cyclic("weekly", Unit::Week, ONCE),
    cyclic("monthly", Unit::Month, ONCE),
    cyclic("quarterly", Unit::Quarter, ONCE),
    cyclic("yearly", Unit::Year, ONCE),
    cyclic("time_of_second", Unit::Second, TIME_OF),
    cyclic("time_of_minute", Unit::Minute, TIME_OF),
    cyclic("time_of_hour", Unit::Hour, TIME_OF),
    cyclic("time_of_day", Unit::Day, TIME_OF),
    cyclic("time_of_week", Unit::Week, TIME_OF),
    cyclic("time_of_month", Unit::Month, TIME_OF),
    cyclic("time_of_quarter", Unit::Quarter, TIME_OF),
    cyclic("time_of_year", Unit::Year, TIME_OF),
    word("every", Takes::Interval, EVERY),
    word("once_at", Takes::From { date: true }, ONCE_PER),
    word("from", Takes::From { date: true }, ZONED),
    word("until", Takes::Until { date: true }, ZONED),
    word("on_days", Takes::Days, ZONED),
    word("on_calendar", Takes::Anything, ZONED),
    word("business_day", Takes::Anything, ZONED),
    word("at_most_runs", Takes::Anything, NONE),
    word("cron", Takes::Cron { seconds: false }, CRON),
    word("cron_with_seconds", Takes::Cron { seconds: true }, CRON),
    word("cron_fields", Takes::Anything, CRON_FIELDS),
    word("crontime", Takes::Cron { seconds: false }, CRON),
    word("crontime_with_seconds", Takes::Cron { seconds: true }, CRON),
    word("crontime_fields", Takes::Anything, CRON_FIELDS),
    word("once_per", Takes::Period, ONCE_PER),
    word("one_start_per", Takes::Period, ONE_START_PER),
    word("past", Takes::Length, NONE),
    word("after_success", Takes::Task, AFTER),
    word("after_fail", Takes::Task, AFTER),
    word("after_finish", Takes::Task, AFTER),
    word("after_terminate", Takes::Task, AFTER),
    word("after_all_success", Takes::Tasks, AFTER),
    word("after_all_fail", Takes::Tasks, AFTER),
    word("after_all_finish", Takes::Tasks, AFTER),
    word("after_all_terminate", Takes::Tasks, AFTER),
    word("after_any_success", Takes::Tasks, AFTER),
    word("after_any_fail", Takes::Tasks, AFTER),
    word("after_any_finish", Takes::Tasks, AFTER),
    word("after_any_terminate", Takes::Tasks, AFTER),
    word("started", Takes::Task, STATUS),
    word("succeeded", Takes::Task, STATUS),
    word("failed", Takes::Task, STATUS),
    word("finished", Takes::Task, STATUS),
    word("terminated", Takes::Task, STATUS),
    word("inacted", Takes::Task, STATUS),
    word("crashed", Takes::Task, STATUS),
    word("running", Takes::Task, RUNNING),
    word("retry", Takes::Anything, RETRY),
    word("retry_always", Takes::Anything, RETRY),
    word("scheduler_running", Takes::Anything, SCHEDULER_RUNNING),
    word("scheduler_started", Takes::Length, NONE),
    word("scheduler_cycles", Takes::Anything, SCHEDULER_CYCLES),
    word("env", Takes::Anything, NONE),
    word("param_exists", Takes::Anything, NONE),
    word("param_is", Takes::Anything, NONE),
    word("always", Takes::Anything, NONE),
    word("never", Takes::Anything, NONE),
];

/// The methods of all words.
const OF_ALL: &[Method] = &[method("label", Takes::Anything)];

const NONE: &[&[Method]] = &[];
const ONCE: &[&[Method]] = &[WINDOWS, ONCE_METHODS];
const TIME_OF: &[&[Method]] = &[WINDOWS, IN_ZONE];
const ZONED: &[&[Method]] = &[IN_ZONE];
const EVERY: &[&[Method]] = &[
    EVERY_WINDOWS,
    IN_ZONE,
    &[
        method("based_on", Takes::Anything),
        method("from", Takes::From { date: false }),
        method("until", Takes::Until { date: false }),
        method("retries", Takes::Anything),
    ],
];
const AFTER: &[&[Method]] = &[&[method("delay", Takes::Length)]];
const CRON: &[&[Method]] = &[GRACE];
const CRON_FIELDS: &[&[Method]] = &[FIELDS, GRACE];
const ONCE_PER: &[&[Method]] = &[ONCE_METHODS];
const ONE_START_PER: &[&[Method]] = &[&[method("of", Takes::Task)]];
const STATUS: &[&[Method]] = &[CYCLES, WINDOWS, PERIODS, COUNTS];
const RUNNING: &[&[Method]] = &[AGES, &[method("between", Takes::Ages)], COUNTS];
const RETRY: &[&[Method]] = &[&[method("backoff", Takes::Length)]];
const SCHEDULER_RUNNING: &[&[Method]] = &[AGES];
const SCHEDULER_CYCLES: &[&[Method]] = &[
    &[
        method("more_than", Takes::Anything),
        method("less_than", Takes::Anything),
    ],
    COUNTS,
];

const ONCE_METHODS: &[Method] = &[
    method("retries", Takes::Anything),
    method("of", Takes::Task),
    method("in_zone", Takes::Anything),
];

const IN_ZONE: &[Method] = &[method("in_zone", Takes::Anything)];

const GRACE: &[Method] = &[method("grace", Takes::Length)];

const FIELDS: &[Method] = &[
    method("minute", Takes::Anything),
    method("hour", Takes::Anything),
    method("day_of_month", Takes::Anything),
    method("month", Takes::Anything),
    method("day_of_week", Takes::Anything),
];

const PERIODS: &[Method] = &[method("past", Takes::Length), method("within", Takes::Period)];

const WINDOWS: &[Method] = &[
    method("after", Takes::Start),
    method("before", Takes::End),
    method("between", Takes::Bounds),
    method("on", Takes::StartsOrDays),
    method("at", Takes::Starts),
    method("starting", Takes::Start),
];

const EVERY_WINDOWS: &[Method] = &[
    method("after", Takes::Start),
    method("before", Takes::End),
    method("between", Takes::Bounds),
    method("on", Takes::StartsOrDays),
    method("at", Takes::Starts),
];

const CYCLES: &[Method] = &[
    this("this_second", Unit::Second),
    this("this_minute", Unit::Minute),
    this("this_hour", Unit::Hour),
    this("this_day", Unit::Day),
    this("today", Unit::Day),
    this("this_week", Unit::Week),
    this("this_month", Unit::Month),
    this("this_quarter", Unit::Quarter),
    this("this_year", Unit::Year),
];

const COUNTS: &[Method] = &[
    method("at_least", Takes::Anything),
    method("at_most", Takes::Anything),
    method("more_than_times", Takes::Anything),
    method("less_than_times", Takes::Anything),
    method("exactly", Takes::Anything),
    method("not_exactly", Takes::Anything),
];

const AGES: &[Method] = &[method("more_than", Takes::Age), method("less_than", Takes::Age)];
