//! A schedule in any notation, and its statement.

use crate::ast::Unit;
use crate::bound::ending;

/// Stands for the date from which the weeks of `every 2 weeks` are counted.
const SOME_DATE: &str = "2026-01-01";

/// The interval, days and times of a schedule.
#[derive(Default)]
pub(super) struct Schedule {
    /// The number and the name of the unit after `every`.
    pub(super) cadence: Option<(u32, &'static str)>,
    pub(super) days: Option<Days>,
    /// Times of day, as a statement writes them.
    pub(super) times: Vec<String>,
    /// The part of each day.
    pub(super) window: Option<(String, String)>,
    /// Conditions on the whole: `until 2026-12-01`.
    pub(super) limits: Vec<String>,
}

/// The days of a schedule.
#[derive(Clone, PartialEq)]
pub(super) enum Days {
    /// `weekdays` or `weekends`.
    Part(&'static str),
    /// Days of the week.
    Week(Vec<&'static str>),
    /// Days of the month: `1st`, `last day`, `first Monday`.
    Month(Vec<String>),
    /// A day of the year: `December 25th`.
    Year(String),
}

impl Schedule {
    /// The statement, if the schedule has one.
    pub(super) fn statement(&self) -> Option<String> {
        let mut parts = match self.cadence {
            Some((number, unit @ ("second" | "minute" | "hour"))) => self.often(number, unit)?,
            Some((number, unit)) if number > 1 => vec![self.rarely(number, unit)],
            Some((_, "quarter")) => vec![format!("quarterly{}", self.on_days())],
            cadence => vec![self.by_days(cadence.map(|(_, unit)| unit))?],
        };
        parts.extend(self.limits.iter().cloned());
        Some(parts.join(" & "))
    }

    /// Several times a day, within a window.
    fn often(&self, number: u32, unit: &str) -> Option<Vec<String>> {
        if !self.times.is_empty() {
            return None;
        }
        let plural = if number == 1 { "" } else { "s" };
        let days = self.days.as_ref().map(|days| format!("on {days}"));
        if let Some((start, end)) = &self.window {
            let steps = format!("every {number} {unit}{plural} from {start} until {end}");
            return Some(vec![
                [Some(steps), days]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" "),
            ]);
        }
        let cadence = match number {
            1 => cycle(unit)?.to_owned(),
            _ => format!("every {number} {unit}s"),
        };
        Some([Some(cadence), days].into_iter().flatten().collect())
    }

    /// Every few days, weeks, months or years. If the choice depends on a date, the statement contains one to edit.
    fn rarely(&self, number: u32, unit: &str) -> String {
        let days = self.on_days();
        let divides_a_year = match unit {
            "month" => 12 % number == 0,
            "quarter" => 4 % number == 0,
            _ => false,
        };
        if days.is_empty() || divides_a_year {
            return format!("every {number} {unit}s{days}");
        }
        format!("every {number} {unit}s{days} from {SOME_DATE}")
    }

    /// What the user has to change in the statement, as the end of a sentence.
    pub(super) fn remark(&self) -> String {
        match self.statement() {
            Some(statement) if statement.contains(SOME_DATE) => {
                format!("; replace {SOME_DATE} with the date to count from")
            }
            _ => String::new(),
        }
    }

    /// ` on Friday 17:00`, ` at 17:00` or nothing.
    fn on_days(&self) -> String {
        let times = self.times.join(", ");
        match &self.days {
            Some(days) => format!(" on {days} {times}").trim_end().to_owned(),
            None if times.is_empty() => String::new(),
            None => format!(" at {times}"),
        }
    }

    /// Once in a day, a week, a month or a year.
    fn by_days(&self, unit: Option<&str>) -> Option<String> {
        let times = self.times.join(", ");
        let daily = match &self.window {
            Some((start, end)) => format!("daily between {start} and {end}"),
            None if times.is_empty() => "daily".to_owned(),
            None => format!("daily at {times}"),
        };
        let is_open = self.window.is_none();
        Some(match (&self.days, unit) {
            (None, None | Some("day")) => daily,
            (None, Some(unit)) if times.is_empty() && is_open => cycle(unit)?.to_owned(),
            (Some(Days::Week(_)), None | Some("day" | "week")) if is_open => {
                format!("weekly{}", self.on_days())
            }
            (Some(days @ (Days::Part(_) | Days::Week(_))), None | Some("day" | "week")) => {
                format!("{daily} on {days}")
            }
            (Some(Days::Month(_)), None | Some("day" | "month")) if is_open => {
                format!("monthly{}", self.on_days())
            }
            (Some(Days::Year(_)), None | Some("day" | "year")) if is_open => {
                format!("yearly{}", self.on_days())
            }
            _ => return None,
        })
    }
}

impl std::fmt::Display for Days {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Part(part) => f.write_str(part),
            Self::Week(days) => f.write_str(&days.join(", ")),
            Self::Month(days) => f.write_str(&days.join(", ")),
            Self::Year(day) => f.write_str(day),
        }
    }
}

/// `daily` from `day`.
fn cycle(unit: &str) -> Option<&'static str> {
    let known = Unit::ALL.into_iter().find(|known| known.name() == unit);
    known.map(Unit::cycle)
}

/// `25th`
pub(super) fn ordinal(day: u32) -> String {
    format!("{day}{}", u8::try_from(day).map_or("th", ending))
}
