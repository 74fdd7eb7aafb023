//! Named sets of days, such as the holidays of a country or the closing days of an exchange.

mod given;
mod text;

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::NaiveDate;

use super::civil::month_of;
use given::{Given, number};

/// The maximum number of years to search for the next day.
const YEARS: i64 = 40;

/// The number of times that the days of any calendar have been replaced.
static REPLACED: AtomicU64 = AtomicU64::new(0);

/// The number of times that the days of any calendar have been replaced. Cached results from before a
/// replacement may be invalid.
pub(super) fn replaced() -> u64 {
    REPLACED.load(Ordering::Acquire)
}

/// A set of days with a name in an app: `app.calendar("holidays", …)`.
///
/// The days come from a list, from a file, or from a function of the year. Clones share their days.
///
/// ```
/// use chrono::NaiveDate;
/// use rocketry::Dates;
///
/// let christmas = Dates::by_year(|year| NaiveDate::from_ymd_opt(year, 12, 25).into_iter().collect());
/// assert!(christmas.contains(NaiveDate::from_ymd_opt(2031, 12, 25).unwrap()));
/// ```
#[derive(Clone)]
pub struct Dates(Arc<Inner>);

struct Inner {
    source: Source,
    days: Mutex<Days>,
    /// Whether a day after the last known day was requested.
    is_exceeded: AtomicBool,
    /// Whether that was reported.
    is_told: AtomicBool,
}

enum Source {
    List,
    File(PathBuf),
    Function(Box<ByYear>),
}

type ByYear = dyn Fn(i32) -> Vec<NaiveDate> + Send + Sync;

/// Days, by their numbers.
#[derive(Default)]
struct Days {
    given: Given,
    /// The days of each requested year, in order.
    of_year: HashMap<i64, Arc<[i64]>>,
}

impl Dates {
    /// Creates a calendar from a list of days.
    pub fn listed(days: impl IntoIterator<Item = NaiveDate>) -> Self {
        let given = Given {
            dates: days.into_iter().collect(),
            yearly: Vec::new(),
        };
        Self::new(Source::List, given)
    }

    /// Creates a calendar from a function that returns the days of a year. The function is called once for
    /// each year.
    pub fn by_year(days: impl Fn(i32) -> Vec<NaiveDate> + Send + Sync + 'static) -> Self {
        Self::new(Source::Function(Box::new(days)), Given::default())
    }

    /// Creates a calendar from a file. The file is read when the app is built, and again when it changes.
    ///
    /// In an iCalendar file (extension `.ics`), the days of all events count, including those of events that
    /// recur each year. In any other file, such as TOML, CSV or plain text, every date such as `2026-12-25`
    /// counts that does not follow a `#`.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::new(Source::File(path.into()), Given::default())
    }

    fn new(source: Source, given: Given) -> Self {
        Self(Arc::new(Inner {
            source,
            days: Mutex::new(Days {
                given,
                of_year: HashMap::new(),
            }),
            is_exceeded: AtomicBool::new(false),
            is_told: AtomicBool::new(false),
        }))
    }

    /// The file with the days, if any.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.0.source {
            Source::File(path) => Some(path),
            Source::List | Source::Function(_) => None,
        }
    }

    /// Reads the file with the days, if there is one. Returns whether the days have changed.
    ///
    /// # Errors
    ///
    /// Returns an error if the file can't be read, or the mistake with its line. The previous days are kept.
    pub(crate) fn read(&self) -> Result<bool, String> {
        let Some(path) = self.path() else {
            return Ok(false);
        };
        let shown = path.display();
        let text = fs::read_to_string(path).map_err(|error| format!("`{shown}` can't be read: {error}"))?;
        let given = text::read(path, &text).map_err(|mistake| format!("`{shown}`: {mistake}"))?;
        let mut days = self.days();
        if given.is_empty() && !days.given.is_empty() {
            // Most likely, the file is being written.
            return Err(format!("`{shown}`: it has no days"));
        }
        let changed = days.given != given;
        *days = Days {
            given,
            of_year: HashMap::new(),
        };
        drop(days);
        self.0.is_exceeded.store(false, Ordering::Relaxed);
        self.0.is_told.store(false, Ordering::Relaxed);
        REPLACED.fetch_add(u64::from(changed), Ordering::AcqRel);
        Ok(changed)
    }

    /// Returns whether a day is in the calendar.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.has(number(day))
    }

    /// Returns a message, once, if a day after the last known day was requested.
    pub(crate) fn take_exceeded(&self) -> Option<String> {
        let is_exceeded = self.0.is_exceeded.load(Ordering::Relaxed);
        if !is_exceeded || self.0.is_told.swap(true, Ordering::Relaxed) {
            return None;
        }
        Some(match self.days().given.dates.iter().max() {
            Some(last) => format!("it knows no day after {last}; add those that follow"),
            None => "it knows no day at all".to_owned(),
        })
    }

    pub(super) fn has(&self, day: i64) -> bool {
        let found = self.of_year(year_of(day)).binary_search(&day).is_ok();
        if !found {
            self.note_question(day);
        }
        found
    }

    /// The first day in the calendar from `day` on.
    pub(super) fn next(&self, day: i64) -> Option<i64> {
        let next = (0..=YEARS).find_map(|ahead| {
            let days = self.of_year(year_of(day) + ahead);
            days.get(days.partition_point(|known| *known < day)).copied()
        });
        if next.is_none() {
            self.note_question(day);
        }
        next
    }

    /// The last day in the calendar up to `day`.
    pub(super) fn last(&self, day: i64) -> Option<i64> {
        (0..=YEARS).find_map(|back| {
            let days = self.of_year(year_of(day) - back);
            days[..days.partition_point(|known| *known <= day)]
                .last()
                .copied()
        })
    }

    /// Records that a day after the last known day was requested.
    fn note_question(&self, day: i64) {
        let days = self.days();
        let is_later = days.given.dates.iter().all(|date| number(*date) < day);
        if is_later && days.given.yearly.is_empty() && !matches!(self.0.source, Source::Function(_)) {
            self.0.is_exceeded.store(true, Ordering::Relaxed);
        }
    }

    fn of_year(&self, year: i64) -> Arc<[i64]> {
        if let Some(known) = self.days().of_year.get(&year) {
            return known.clone();
        }
        let mut days: Vec<i64> = match &self.0.source {
            // Without the lock, because this is a user function.
            Source::Function(by_year) => i32::try_from(year)
                .map_or_else(|_| Vec::new(), by_year)
                .into_iter()
                .map(number)
                .collect(),
            Source::List | Source::File(_) => self.days().given.of_year(year),
        };
        days.sort_unstable();
        days.dedup();
        let days: Arc<[i64]> = days.into();
        self.days().of_year.insert(year, days.clone());
        days
    }

    fn days(&self) -> MutexGuard<'_, Days> {
        self.0.days.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn year_of(day: i64) -> i64 {
    month_of(day).div_euclid(12)
}

impl fmt::Debug for Dates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.source {
            Source::List => f.debug_list().entries(&self.days().given.dates).finish(),
            Source::File(path) => f.debug_tuple("Dates").field(path).finish(),
            Source::Function(_) => f.write_str("Dates(a function of the year)"),
        }
    }
}

/// The same calendar, not just equal days, because the days of a file may change.
impl PartialEq for Dates {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Dates {}

impl Hash for Dates {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.0).hash(state);
    }
}

/// A source of a calendar: dates as text or as `chrono` dates, or [`Dates`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a calendar",
    note = "give dates such as `[\"2026-12-25\", \"2027-01-01\"]`, or `Dates::file(…)`, `Dates::by_year(…)`"
)]
pub trait IntoDates {
    /// Returns the calendar.
    ///
    /// # Errors
    ///
    /// Returns an error that names the text that is not a date.
    fn into_dates(self) -> Result<Dates, String>;
}

impl IntoDates for Dates {
    fn into_dates(self) -> Result<Dates, String> {
        Ok(self)
    }
}

impl IntoDates for Vec<NaiveDate> {
    fn into_dates(self) -> Result<Dates, String> {
        Ok(Dates::listed(self))
    }
}

impl<const N: usize> IntoDates for [NaiveDate; N] {
    fn into_dates(self) -> Result<Dates, String> {
        Ok(Dates::listed(self))
    }
}

macro_rules! texts {
    ($($texts:ty),*) => {
        $(impl<const N: usize> IntoDates for [$texts; N] {
            fn into_dates(self) -> Result<Dates, String> {
                read(self)
            }
        }

        impl IntoDates for Vec<$texts> {
            fn into_dates(self) -> Result<Dates, String> {
                read(self)
            }
        })*
    };
}

texts!(&str, String);

fn read<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Result<Dates, String> {
    let date = |text: T| {
        let text = text.as_ref();
        text.parse()
            .map_err(|_| format!("expected a date such as `2026-12-25`, found `{text}`"))
    };
    let dates: Result<Vec<NaiveDate>, String> = texts.into_iter().map(date).collect();
    dates.map(Dates::listed)
}
