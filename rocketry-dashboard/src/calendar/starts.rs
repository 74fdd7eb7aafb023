//! Finds the starts of a period, with bounded work.

use std::collections::BTreeMap;
use std::sync::Arc;

use rocketry_api::{Api, Problem};
use rocketry_core::export::Entry;
use rocketry_core::{Action, PlannedStart, Query, Record, Task, Timestamp};

/// The most starts that are previewed, over all tasks.
const MOST_PLANNED: usize = 20_000;

/// The most starts that are read from the run log.
const MOST_RECORDED: usize = 5_000;

/// The most tasks that are previewed.
const MOST_TASKS: usize = 2_000;

/// A task with this many starts within [`OFTEN_MICROS`] starts too often for a calendar.
const OFTEN: usize = 50;

/// A day and an hour.
const OFTEN_MICROS: i64 = 25 * 3_600_000_000;

/// A query names at most this many tasks.
const MOST_NAMED: usize = 200;

/// A start.
#[derive(Clone, Debug)]
pub(crate) struct Start {
    pub(crate) task: Arc<str>,
    pub(crate) at: Timestamp,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    /// It is to come.
    Planned(PlannedStart),
    /// Its run has ended.
    Ended(Action),
}

/// The starts of a stretch of time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// In the order of time.
    pub(crate) starts: Vec<Start>,
    /// The tasks that start too often to be shown, unless one is asked for alone.
    pub(crate) often: Vec<Arc<str>>,
    /// How many tasks were not previewed, because there are too many starts or tasks.
    pub(crate) unseen: usize,
    /// Since when the starts made are complete, if the log has more than are read.
    pub(crate) since: Option<Timestamp>,
}

/// Finds the starts between two instants, of one task or of all. It reads the run log, which may block.
pub(crate) fn find(api: &Api, task: &str, span: (Timestamp, Timestamp)) -> Result<Found, Problem> {
    let now = api.now();
    let one = (!task.is_empty()).then(|| api.task(task)).transpose()?;
    let is_one = one.is_some();
    let tasks = one.map_or_else(|| api.session().tasks(), |task| vec![task]);
    let mut found = Found::default();
    let mut rare = Vec::new();
    let mut left = MOST_PLANNED;
    for (index, task) in tasks.iter().enumerate() {
        if left == 0 || index == MOST_TASKS {
            found.unseen = tasks.len() - index;
            break;
        }
        let name: Arc<str> = Task::name(task).into();
        match planned(task, span, &mut left, is_one)? {
            Some(starts) => {
                found
                    .starts
                    .extend(starts.into_iter().map(|start| Start::planned(&name, start)));
                rare.push(name);
            }
            None => found.often.push(name),
        }
    }
    if span.0 < now {
        // With all tasks in it, the query needs to name none.
        let named = if found.often.is_empty() && !is_one {
            &[]
        } else {
            &*rare
        };
        recorded(api, named, (span.0, span.1.min(now)), is_one, &mut found)?;
    }
    found.starts.sort_by_key(|start| start.at);
    Ok(found)
}

impl Start {
    fn planned(task: &Arc<str>, start: PlannedStart) -> Self {
        Start {
            task: task.clone(),
            at: start.at,
            kind: Kind::Planned(start),
        }
    }

    fn recorded(end: &Record) -> Self {
        Start {
            task: end.task.clone(),
            at: end.start,
            kind: Kind::Ended(end.action),
        }
    }

    /// How its run ended; `None` if it is to come.
    pub(crate) fn ended(&self) -> Option<Action> {
        match self.kind {
            Kind::Planned(_) => None,
            Kind::Ended(action) => Some(action),
        }
    }

    /// How a change of the clock affects it.
    pub(crate) fn note(&self) -> Option<String> {
        match &self.kind {
            Kind::Planned(start) => start.clock_change.map(|change| change.to_string()),
            Kind::Ended(_) => None,
        }
    }

    /// The entry of a file for other calendars, if it is to come.
    pub(crate) fn entry(&self) -> Option<Entry> {
        match &self.kind {
            Kind::Planned(start) => Some(Entry::planned(&self.task, *start)),
            Kind::Ended(_) => None,
        }
    }
}

/// The starts of a task to come; `None` if it starts too often.
fn planned(
    task: &Task,
    (from, to): (Timestamp, Timestamp),
    left: &mut usize,
    is_one: bool,
) -> Result<Option<Vec<PlannedStart>>, Problem> {
    if task.is_disabled() || task.next_due().is_none_or(|due| due >= to) {
        return Ok(Some(Vec::new()));
    }
    let mut starts = Vec::new();
    let mut first = None;
    for (index, start) in task.preview()?.take_while(|start| start.at < to).enumerate() {
        if *left == 0 {
            break;
        }
        *left -= 1;
        let first = *first.get_or_insert(start.at);
        if index == OFTEN && !is_one && start.at.as_micros() - first.as_micros() < OFTEN_MICROS {
            return Ok(None);
        }
        if start.at >= from {
            starts.push(start);
        }
    }
    Ok(Some(starts))
}

/// Adds the starts whose runs have ended.
fn recorded(
    api: &Api,
    tasks: &[Arc<str>],
    (from, to): (Timestamp, Timestamp),
    is_one: bool,
    found: &mut Found,
) -> Result<(), Problem> {
    let ends = Action::ALL.into_iter().filter(|action| action.is_end());
    let mut query = ends.fold(Query::new().created(from..), Query::action);
    if tasks.len() <= MOST_NAMED {
        query = tasks.iter().fold(query, |query, task| query.task(&**task));
    }
    let page = api
        .session()
        .log_page(query.newest_first().limit(MOST_RECORDED))?;
    if page.more {
        found.since = page.records.last().map(|record| record.start);
    }
    let within = page.records.iter().filter(|end| (from..to).contains(&end.start));
    let mut of_tasks: BTreeMap<&Arc<str>, Vec<&Record>> = BTreeMap::new();
    for end in within {
        of_tasks.entry(&end.task).or_default().push(end);
    }
    for (task, ends) in of_tasks {
        if !is_one && is_often(&ends) && !found.often.contains(task) {
            found.often.push(task.clone());
        }
        if is_one || !found.often.contains(task) {
            found.starts.extend(ends.into_iter().map(Start::recorded));
        }
    }
    Ok(())
}

/// Whether runs, newest first, followed each other too often for a calendar.
fn is_often(ends: &[&Record]) -> bool {
    let starts = ends.iter().zip(ends.iter().skip(OFTEN));
    let mut lengths = starts.map(|(later, earlier)| later.start.as_micros() - earlier.start.as_micros());
    lengths.any(|length| length < OFTEN_MICROS)
}
