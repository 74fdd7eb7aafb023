//! The fields of a cron expression, together.

use super::field::{Field, Mistake};
use super::role::Role;
use super::sets::CronSets;
use super::{range_in, range_of};
use crate::error::{Result, SyntaxError, SyntaxErrorKind};

const ROLES: [Role; 6] = [
    Role::Second,
    Role::Minute,
    Role::Hour,
    Role::DayOfMonth,
    Role::Month,
    Role::DayOfWeek,
];

/// The number of fields.
pub(super) const fn count(seconds: bool) -> usize {
    if seconds { 6 } else { 5 }
}

/// The words of the fields, if their number is right. A year of `*` is ignored.
pub(super) fn of<'w, 't>(words: &'w [&'t str], seconds: bool) -> Option<&'w [&'t str]> {
    match words {
        [fields @ .., "*"] if seconds && fields.len() == count(true) => Some(fields),
        fields => (fields.len() == count(seconds)).then_some(fields),
    }
}

/// The values that five or six fields allow.
pub(super) fn sets(text: &str, fields: &[&str]) -> Result<CronSets> {
    let mut checked: [Field; 6] = Default::default();
    checked[0] = Field::only(0);
    let mut both_days = false;
    let first = ROLES.len() - fields.len();
    for ((field, role), checked) in fields.iter().zip(&ROLES[first..]).zip(&mut checked[first..]) {
        let values = match field.strip_prefix('+') {
            Some(values) if *role == Role::DayOfWeek && !values.is_empty() => {
                both_days = true;
                values
            }
            _ => field,
        };
        *checked = Field::parse(values, *role).map_err(|mistake| located(text, values, mistake))?;
    }
    let sets = CronSets::new(&checked, both_days);
    if sets.is_never() {
        Err(never(text, fields, both_days))
    } else {
        Ok(sets)
    }
}

fn located(text: &str, field: &str, mistake: Mistake) -> SyntaxError {
    let start = range_in(text, field).start;
    let range = start + mistake.range.start..start + mistake.range.end;
    SyntaxError::new(SyntaxErrorKind::Cron, text, range, mistake.expected)
        .suggest(mistake.suggestion)
        .help(mistake.help)
}

/// The error for a date that does not exist.
fn never(text: &str, fields: &[&str], both_days: bool) -> SyntaxError {
    let dates = &fields[fields.len() - 3..];
    let (dates, expected, help) = if both_days {
        (
            dates,
            "a date that exists",
            "no such day of the month is ever such a day of the week",
        )
    } else {
        (
            &dates[..2],
            "a date that exists",
            "February has at most 29 days, and April, June, September and November have 30",
        )
    };
    SyntaxError::new(SyntaxErrorKind::Cron, text, range_of(text, dates), expected).help(Some(help))
}
