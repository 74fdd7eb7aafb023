//! The cases in which the project differs from other schedulers. `tests/schedules/README.md` says why.

use rocketry_core::time::{Timestamp, Zone};
use rocketry_syntax::CronSets;
use rocketry_syntax::ast::PeriodExpr;
use serde_json::Value;

use super::schedules::{expected, instant, zone};

/// A case whose answer differs here.
pub(crate) struct Row<'c> {
    pub(crate) case: &'c Value,
    /// Whether the first field is the second.
    pub(crate) is_six: bool,
    pub(crate) fields: Vec<&'c str>,
    /// The parsed text; `None` if it is refused.
    pub(crate) tree: Option<PeriodExpr>,
    /// The starts, if the case asks for them.
    pub(crate) starts: Vec<Timestamp>,
}

type Class = (&'static str, fn(&Row<'_>) -> bool);

/// The classes that are refused here.
const REFUSED: [Class; 11] = [
    ("NICKNAME", |row| row.has(|field| field.starts_with('@'))),
    ("FEWER-FIELDS", |row| row.fields.len() < row.count()),
    ("HASH", |row| row.has(|field| field.starts_with(['H', 'R']))),
    ("YEAR", |row| row.fields.len() > row.count()),
    ("QUESTION", |row| {
        [0, 1, 2, 4].into_iter().any(|role| row.field(role).contains('?'))
    }),
    ("STEP", |row| {
        (0..6).any(|role| row.items(role).any(|item| step(&item) > COUNTS[role]))
    }),
    ("LAST-IN-RANGE", |row| {
        row.items(DAY_OF_MONTH)
            .any(|item| item.contains("-L") || (item.contains('L') && step(&item) > 0))
    }),
    ("LAST-BEFORE-DAY", |row| {
        row.items(DAY_OF_WEEK)
            .any(|item| item.len() == 2 && item.starts_with('L'))
    }),
    ("LAST-ALONE", |row| row.items(DAY_OF_WEEK).any(|item| item == "L")),
    ("BARE-STEP", |row| row.has(|field| field.starts_with('/'))),
    ("NEVER", |row| row.is_accepted_elsewhere()),
];

/// The classes that are accepted here.
const ACCEPTED: [Class; 4] = [
    ("QUARTZ", |row| row.has(|field| field == "?")),
    ("STEP-FROM", |row| {
        (0..6).any(|role| {
            row.items(role)
                .any(|item| step(&item) > 0 && number(item.split('/').next()).is_some())
        })
    }),
    ("WRAP", |row| {
        (0..6).any(|role| row.items(role).any(|item| wraps(&item)))
    }),
    ("REPEATED", |row| row.has(|field| field.contains(','))),
];

/// The classes that start at other times here.
const STARTS: [Class; 11] = [
    ("YEARS", |row| {
        instant(&row.case["at"]) < instant(&"1970-01-01T00:00:00Z".into())
            || instant(&row.case["at"]) > instant(&"2100-01-01T00:00:00Z".into())
    }),
    ("BACKWARDS", |row| {
        row.kind().ends_with("next")
            && expected(row.case)
                .first()
                .is_some_and(|first| *first <= instant(&row.case["at"]))
    }),
    ("WRAP-STEP", |row| {
        (0..6).any(|role| row.items(role).any(|item| wraps(&item) && step(&item) > 0))
    }),
    ("SAME-ENDS", |row| {
        row.items(DAY_OF_WEEK)
            .any(|item| item.split_once('-').is_some_and(|(first, last)| first == last))
    }),
    ("STAR-STEP", |row| {
        row.field(DAY_OF_MONTH).starts_with("*/") || row.field(DAY_OF_WEEK).starts_with("*/")
    }),
    ("LAST-IN-LIST", |row| {
        row.is_by("cron-utils") && row.items(DAY_OF_MONTH).count() > 1
    }),
    ("DAYS-BY-AND", |row| {
        row.is_by("croniter") && row.field(DAY_OF_MONTH) != "*" && row.field(DAY_OF_WEEK) != "*"
    }),
    ("FULL-LIST", |row| {
        !row.is_fixed() && row.is_by("cronsim") && !row.field(HOUR).contains('*')
    }),
    ("REPEAT", |row| row.differs_by_repeats()),
    ("SIX-FIELDS", |row| {
        row.is_six && row.is_fixed() && row.is_by("cronsim")
    }),
    ("GAP", |row| {
        row.case["ours_differs"]
            .as_str()
            .is_some_and(|why| why.starts_with("a time in a gap"))
            || (row.is_fixed() && row.case["clock_change"] == true)
    }),
];

const HOUR: usize = 2;
const DAY_OF_MONTH: usize = 3;
const DAY_OF_WEEK: usize = 5;
/// How many values the fields have, the second first.
const COUNTS: [u8; 6] = [60, 60, 24, 31, 12, 7];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const MONTHS: [&str; 13] = [
    "", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];

/// The decision that a row falls under.
pub(crate) fn decision(row: &Row<'_>) -> Option<&'static str> {
    let classes: &[Class] = match (&row.tree, row.kind().ends_with("reject")) {
        (None, _) => &REFUSED,
        (Some(_), true) => &ACCEPTED,
        (Some(_), false) => &STARTS,
    };
    classes
        .iter()
        .find(|(_, holds)| holds(row))
        .map(|(code, _)| *code)
}

impl Row<'_> {
    fn kind(&self) -> &str {
        self.case["kind"].as_str().expect("a kind")
    }

    fn count(&self) -> usize {
        if self.is_six { 6 } else { 5 }
    }

    fn has(&self, is_such: impl Fn(&str) -> bool) -> bool {
        self.fields.iter().any(|field| is_such(field))
    }

    /// A field by its role, the second being the first.
    fn field(&self, role: usize) -> &str {
        let index = (role + self.count()).checked_sub(6);
        index
            .and_then(|index| self.fields.get(index))
            .copied()
            .unwrap_or("*")
    }

    /// The items of the list that a field is, in capital letters.
    fn items(&self, role: usize) -> impl Iterator<Item = String> {
        let field = self.field(role).to_ascii_uppercase();
        field
            .split(',')
            .map(str::to_owned)
            .collect::<Vec<_>>()
            .into_iter()
    }

    fn is_by(&self, name: &str) -> bool {
        let oracles = self.case["oracles"].as_array();
        oracles.is_some_and(|oracles| {
            oracles
                .iter()
                .any(|oracle| oracle.as_str().is_some_and(|oracle| oracle.contains(name)))
        })
    }

    fn sets(&self) -> Option<&CronSets> {
        match &self.tree {
            Some(PeriodExpr::Cron(cron)) => Some(cron.sets()),
            _ => None,
        }
    }

    fn is_fixed(&self) -> bool {
        self.sets().is_some_and(|sets| sets.fixed_time)
    }

    /// Whether the fields are valid but match no date.
    fn is_accepted_elsewhere(&self) -> bool {
        let dates = [DAY_OF_MONTH, 4, DAY_OF_WEEK].map(|role| self.field(role));
        let [day, _, weekday] = dates;
        rocketry_syntax::Cron::from_fields("0", "0", day, "*", weekday).is_ok()
    }

    /// Whether the others start again when the clock reads a fixed time of day for the second time, and nothing else is
    /// different.
    fn differs_by_repeats(&self) -> bool {
        let zone: Zone = zone(self.case);
        let first = |at: &Timestamp| zone.first(zone.local(*at)) == *at;
        let once: Vec<Timestamp> = expected(self.case).into_iter().filter(first).collect();
        self.is_fixed() && once.len() < self.starts.len() && self.starts.starts_with(&once)
    }
}

/// The step of an item; 0 without one.
fn step(item: &str) -> u8 {
    number(item.split_once('/').map(|(_, step)| step)).unwrap_or(0)
}

fn number(text: Option<&str>) -> Option<u8> {
    text?.parse().ok()
}

/// Whether a range ends before it begins.
fn wraps(item: &str) -> bool {
    let value = |text: &str| {
        let named = |names: &[&str]| {
            names
                .iter()
                .position(|name| !name.is_empty() && text.starts_with(name))
        };
        let named = named(&WEEKDAYS).or_else(|| named(&MONTHS));
        named.or_else(|| text.parse().ok())
    };
    let range = item.split('/').next().and_then(|range| range.split_once('-'));
    range.is_some_and(|(first, last)| value(first) > value(last))
}
