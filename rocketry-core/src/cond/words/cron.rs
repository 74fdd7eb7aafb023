//! Cron expressions: `cron("0 7 * * Mon-Fri")`, `crontime("* 7-18 * * *")`.

use std::fmt;
use std::marker::PhantomData;

use rocketry_syntax::ast::{Basis, CondExpr, Cron as CronExpr, Delta, PeriodExpr};

use super::arg::{IntoDelta, IntoPeriod, length};
use super::methods::words;
use super::mistake::{Checked, Mistake, condition};
use super::once::once;
use crate::cond::Condition;
use crate::error::Location;

/// One start in each minute that matches a cron expression, as returned by [`cron`].
#[derive(Clone, Debug)]
pub struct Cron(Checked<CronExpr>);

/// The minutes that match a cron expression, as returned by [`crontime`].
#[derive(Clone, Debug)]
pub struct CronTime(Checked<CronExpr>);

/// True in each minute that matches a cron expression, until the task has started in that minute.
///
/// The fields are minute, hour, day of month, month and day of week:
///
/// | written | means |
/// |---|---|
/// | `*`, and `?` as a day field | every value |
/// | `1,15`, `9-17`, `22-2`, `Fri-Mon` | a list, ranges, and ranges that wrap around |
/// | `*/5`, `9-17/2`, `5/15` | every fifth value, every second of a range, every 15th from 5 on |
/// | `Jan`, `Monday` | names of months and weekdays, in any case; Sunday is 0 or 7 |
/// | `L`, `L-3`, `15W`, `LW`, `L-1W` | the last day of the month, three days before it, and the weekday (Monday to Friday) nearest to a day |
/// | `FriL`, `Fri#L`, `Fri#2`, `Mon-Fri#1` | the last or the second Friday of the month, the first of each of several days |
/// | `1 * Mon`, `1 * +Mon` | the 1st and every Monday; the 1st only if it is a Monday |
///
/// When the clock changes, a fixed time of day occurs once. This applies if neither the hour nor the minute
/// is `*`, a step through all values, or a list of all values. Of two equal times the first one counts; a
/// time in a gap moves to the end of the gap. All other expressions follow the clock. A missed minute is
/// skipped, unless [`grace`](Cron::grace) is set.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(cron("0 7  * * Mon-Fri").to_string(), "cron 0 7 * * Mon-Fri");
/// ```
#[track_caller]
pub fn cron(expression: &str) -> Cron {
    Cron(checked("cron", expression, false))
}

/// Like [`cron`], with a first field for the seconds. True in each second that matches.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(cron_with_seconds("*/10 * * * * *").to_string(), "cron with seconds */10 * * * * *");
/// ```
#[track_caller]
pub fn cron_with_seconds(expression: &str) -> Cron {
    Cron(checked("cron_with_seconds", expression, true))
}

/// Like [`cron`], with a method for each field. A field that is not set matches every value.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(cron_fields().minute("0").hour("7").day_of_week("Mon-Fri").to_string(), "cron 0 7 * * Mon-Fri");
/// ```
#[track_caller]
pub fn cron_fields() -> CronFields<Cron> {
    CronFields::new("cron_fields")
}

/// True while a cron expression matches the current time, independent of runs.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(crontime("* 7-18 * * *").to_string(), "crontime * 7-18 * * *");
/// assert_eq!(once_per(crontime("* 7-18 * * *")).to_string(), "once per (cron * 7-18 * * *)");
/// ```
#[track_caller]
pub fn crontime(expression: &str) -> CronTime {
    CronTime(checked("crontime", expression, false))
}

/// Like [`crontime`], with a first field for the seconds.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(crontime_with_seconds("0-29 * * * * *").to_string(), "crontime with seconds 0-29 * * * * *");
/// ```
#[track_caller]
pub fn crontime_with_seconds(expression: &str) -> CronTime {
    CronTime(checked("crontime_with_seconds", expression, true))
}

/// Like [`crontime`], with a method for each field. A field that is not set matches every value.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(crontime_fields().hour("7-18").month("Jun-Aug").to_string(), "crontime * 7-18 * Jun-Aug *");
/// ```
#[track_caller]
pub fn crontime_fields() -> CronFields<CronTime> {
    CronFields::new("crontime_fields")
}

#[track_caller]
fn checked(word: &str, expression: &str, seconds: bool) -> Checked<CronExpr> {
    match CronExpr::parse(expression, seconds) {
        Ok(cron) => Ok(cron),
        Err(mistake) => Err(Mistake::new(word, mistake)),
    }
}

#[track_caller]
fn with_grace(cron: Checked<CronExpr>, grace: impl IntoDelta) -> Checked<CronExpr> {
    let grace: Checked<Delta> = length("grace", grace);
    Ok(cron?.with_grace(grace?))
}

impl Cron {
    /// Allows a start for a missed minute within this time.
    ///
    /// ```
    /// use rocketry::conds::*;
    ///
    /// assert_eq!(cron("0 7 * * *").grace("1 hour").to_string(), "cron 0 7 * * * grace 1 hour");
    /// ```
    #[track_caller]
    #[must_use]
    pub fn grace(self, grace: impl IntoDelta) -> Self {
        Cron(with_grace(self.0, grace))
    }
}

impl CronTime {
    /// Sets how long each match lasts. The default is a minute.
    ///
    /// ```
    /// use rocketry::conds::*;
    ///
    /// assert_eq!(crontime("0 7 * * *").grace("1 hour").to_string(), "crontime 0 7 * * * grace 1 hour");
    /// ```
    #[track_caller]
    #[must_use]
    pub fn grace(self, grace: impl IntoDelta) -> Self {
        CronTime(with_grace(self.0, grace))
    }
}

/// The builder of a cron expression, as returned by [`cron_fields`] and [`crontime_fields`].
///
/// The combination of the fields is checked once all of them are set.
#[derive(Clone)]
pub struct CronFields<W> {
    fields: [String; 5],
    word: &'static str,
    place: Location,
    becomes: PhantomData<fn() -> W>,
}

impl<W> CronFields<W> {
    #[track_caller]
    fn new(word: &'static str) -> Self {
        let any = [(); 5].map(|()| "*".to_owned());
        CronFields {
            fields: any,
            word,
            place: Location::caller(),
            becomes: PhantomData,
        }
    }

    /// Sets the minute: 0 to 59.
    #[must_use]
    pub fn minute(self, field: &str) -> Self {
        self.with(0, field)
    }

    /// Sets the hour: 0 to 23.
    #[must_use]
    pub fn hour(self, field: &str) -> Self {
        self.with(1, field)
    }

    /// Sets the day of the month: 1 to 31.
    #[must_use]
    pub fn day_of_month(self, field: &str) -> Self {
        self.with(2, field)
    }

    /// Sets the month: 1 to 12, or a name.
    #[must_use]
    pub fn month(self, field: &str) -> Self {
        self.with(3, field)
    }

    /// Sets the day of the week: 0 to 7 with Sunday as 0 and 7, or a name.
    #[must_use]
    pub fn day_of_week(self, field: &str) -> Self {
        self.with(4, field)
    }

    fn with(mut self, index: usize, field: &str) -> Self {
        field.clone_into(&mut self.fields[index]);
        self
    }

    fn checked(self) -> Checked<CronExpr> {
        let [minute, hour, day_of_month, month, day_of_week] = &self.fields;
        CronExpr::from_fields(minute, hour, day_of_month, month, day_of_week)
            .map_err(|mistake| Mistake::at(self.place, self.word, mistake))
    }
}

impl CronFields<Cron> {
    /// Allows a start for a missed minute within this time.
    #[track_caller]
    #[must_use]
    pub fn grace(self, grace: impl IntoDelta) -> Cron {
        Cron(self.checked()).grace(grace)
    }
}

impl CronFields<CronTime> {
    /// Sets how long each match lasts. The default is a minute.
    #[track_caller]
    #[must_use]
    pub fn grace(self, grace: impl IntoDelta) -> CronTime {
        CronTime(self.checked()).grace(grace)
    }
}

impl<W> fmt::Debug for CronFields<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.word, self.fields.join(" "))
    }
}

words!(Cron, CronTime, CronFields<Cron>, CronFields<CronTime>);

impl From<Cron> for Condition {
    fn from(Cron(cron): Cron) -> Self {
        condition(cron, |cron| once(None, PeriodExpr::Cron(cron), Basis::Start, 0))
    }
}

impl From<CronTime> for Condition {
    fn from(CronTime(cron): CronTime) -> Self {
        condition(cron, |cron| {
            Condition::new(CondExpr::TimeOf(PeriodExpr::Cron(cron)))
        })
    }
}

impl From<CronFields<Cron>> for Condition {
    fn from(fields: CronFields<Cron>) -> Self {
        Cron(fields.checked()).into()
    }
}

impl From<CronFields<CronTime>> for Condition {
    fn from(fields: CronFields<CronTime>) -> Self {
        CronTime(fields.checked()).into()
    }
}

impl IntoPeriod for CronTime {
    fn period(self) -> Result<PeriodExpr, Mistake> {
        self.0.map(PeriodExpr::Cron)
    }
}

impl IntoPeriod for CronFields<CronTime> {
    fn period(self) -> Result<PeriodExpr, Mistake> {
        self.checked().map(PeriodExpr::Cron)
    }
}
