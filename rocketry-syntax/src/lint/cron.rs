//! Cron expressions that rarely mean what they say.

use super::{Lint, Remark, listed};
use crate::ast::Cron;
use crate::cron::{Role, number};

const ROLES: [Role; 6] = [
    Role::Second,
    Role::Minute,
    Role::Hour,
    Role::DayOfMonth,
    Role::Month,
    Role::DayOfWeek,
];

/// The remarks about a cron expression in a part of a statement.
pub(super) fn remarks(cron: &Cron, part: &str) -> Vec<Remark> {
    let fields: Vec<&str> = cron.fields().split(' ').collect();
    let roles = &ROLES[ROLES.len() - fields.len()..];
    let placed = roles.iter().zip(&fields);
    let steps = placed.flat_map(|(role, field)| field.split(',').filter_map(|item| uneven(*role, item)));
    let days = absent_day(cron, fields[fields.len() - 3]);
    let both = both_day_fields(cron, &fields);
    let told = steps.chain(days).chain(both);
    told.map(|(lint, message, help)| Remark {
        lint,
        part: part.to_owned(),
        message,
        help,
    })
    .collect()
}

type Told = (Lint, String, String);

/// `*/7` or `3/7`, if the last step is not as long as the others.
fn uneven(role: Role, item: &str) -> Option<Told> {
    let (range, step) = item.split_once('/')?;
    let step = number(step)?;
    let (least, greatest) = role.values().into_inner();
    let first = match range {
        "*" => least,
        range => role.value(range).filter(|first| *first <= greatest)?,
    };
    let values: Vec<u8> = (first..=greatest).step_by(usize::from(step)).collect();
    let is_even = role.count().is_multiple_of(step) && role != Role::DayOfMonth;
    if is_even || values.len() == 1 {
        return None;
    }
    let names: Vec<String> = values.iter().map(|value| shown(role, *value)).collect();
    let (unit, whole) = (role.unit(), whole(role));
    let message = format!(
        "the step of `{item}` does not divide {whole}: it stands for the {} {}, and then begins anew",
        plural(role),
        listed(&names),
    );
    let divisors: Vec<u8> = (1..role.count())
        .filter(|step| role.count().is_multiple_of(*step))
        .collect();
    let help = match role {
        Role::DayOfMonth | Role::DayOfWeek => {
            format!("for an interval, write `every {step} days`; otherwise name the days")
        }
        _ => format!(
            "for an interval, write `every {step} {unit}`; steps that divide {whole} are {}",
            listed(&divisors)
        ),
    };
    Some((Lint::UnevenStep, message, help))
}

/// The values of the field, as in "the minutes 0 and 40".
const fn plural(role: Role) -> &'static str {
    match role {
        Role::DayOfWeek => "days of the week",
        role => role.unit(),
    }
}

const fn whole(role: Role) -> &'static str {
    match role {
        Role::Second => "a minute",
        Role::Minute => "an hour",
        Role::Hour => "a day",
        Role::DayOfMonth => "every month",
        Role::Month => "a year",
        Role::DayOfWeek => "a week",
    }
}

/// A value in words.
fn shown(role: Role, value: u8) -> String {
    let named = role.names().find(|(named, _)| *named == value);
    named.map_or_else(|| value.to_string(), |(_, name)| name.to_owned())
}

/// A day that a month of the expression lacks, if it is written as such: a range or a step may end with any month.
fn absent_day(cron: &Cron, field: &str) -> Option<Told> {
    let sets = cron.sets();
    let either = sets.days_of_week.is_some() && !sets.both_days;
    let months: Vec<u8> = (1..=12).filter(|month| sets.months >> month & 1 == 1).collect();
    let days = field.split(',').filter_map(number);
    let (day, lacking) = days.filter(|day| *day > 28).find_map(|day| {
        let lacking: Vec<u8> = months
            .iter()
            .copied()
            .filter(|month| shortest(*month) < day)
            .collect();
        (!lacking.is_empty()).then_some((day, lacking))
    })?;
    if either {
        return None;
    }
    let names: Vec<String> = lacking.iter().map(|month| shown(Role::Month, *month)).collect();
    let leap = if lacking == [2] && day == 29 {
        " of most years"
    } else {
        ""
    };
    let message = format!(
        "there is no day {day} in {}{leap}, so nothing starts then",
        listed(&names)
    );
    let help = format!("for the last day of each month, write `L` instead of `{day}`");
    Some((Lint::DayNotInEveryMonth, message, help))
}

/// The length of a month of a year that is no leap year.
fn shortest(month: u8) -> u8 {
    match month {
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Both day fields restricted without `+`.
fn both_day_fields(cron: &Cron, fields: &[&str]) -> Option<Told> {
    let sets = cron.sets();
    let both = sets.days_of_month.is_some() && sets.days_of_week.is_some();
    if !both || sets.both_days {
        return None;
    }
    let [time @ .., of_month, month, of_week] = fields else {
        return None;
    };
    let time = time.join(" ");
    let with = if cron.has_seconds() { "with seconds " } else { "" };
    let message = format!(
        "either day field is enough: it starts on each day `{of_month}` of the month, and on each `{of_week}` of the week"
    );
    let help = format!(
        "for days that are both, write `cron {with}{time} {of_month} {month} +{of_week}`; for either, write \
         `cron {with}{time} {of_month} {month} * | cron {with}{time} * {month} {of_week}`"
    );
    Some((Lint::BothDayFields, message, help))
}
