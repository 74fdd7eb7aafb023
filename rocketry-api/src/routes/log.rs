//! Routes for the run log.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use rocketry_core::log::{Cursor, Order};
use rocketry_core::{Action, Query, Record, RunId, Task};
use serde::{Deserialize, Serialize};

use super::extract::Asked;
use crate::instant::Side;
use crate::page::{Page, page_limit};
use crate::problem::Problem;
use crate::query::LogQuery;
use crate::reply::{Json, Reply};
use crate::state::Api;
use crate::types::Count;

/// The number of records to read at a time to find those that no index finds.
const STRIDE: usize = 500;

/// The maximum number of such records per request, so that the work does not grow with the log.
const MOST_READ: usize = 5_000;

/// The cost of looking up a run, in records read.
const LOOK_UP: usize = 10;

/// The default limit for counting records.
const USUAL_COUNT: usize = 10_000;

/// The maximum limit for counting records.
const MOST_COUNT: usize = 1_000_000;

/// A filter for records: the parameters of `GET /api/log`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct LogFilter {
    /// The query: see [`query`](crate::query).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Whether the newest record comes first. By default, the oldest does.
    #[serde(skip_serializing_if = "is_false")]
    pub newest_first: bool,
    /// The cursor of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// The maximum number of items: 100 by default, at most 1,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(format = "uint64"))]
    pub limit: Option<usize>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

pub(super) async fn page(State(api): State<Api>, Asked(filter): Asked<LogFilter>) -> Reply<Page<Record>> {
    api.read(move |api| api.records(&filter)).await.map(Json)
}

impl Api {
    /// Returns a page of records: `GET /api/log`. Reads the run log, which may block.
    ///
    /// # Errors
    ///
    /// Returns a problem if the filter has a mistake, or if the run log can't be read.
    pub fn records(&self, filter: &LogFilter) -> Result<Page<Record>, Problem> {
        let mut query = read(self, filter.q.as_deref())?;
        query.query.order = if filter.newest_first {
            Order::Newest
        } else {
            Order::Oldest
        };
        query.query.after = filter.cursor.as_deref().map(cursor).transpose()?;
        find(self, query, page_limit(filter.limit))
    }
}

/// A filter for the records to count: the parameters of `GET /api/log/count`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct CountFilter {
    /// The query: see [`query`](crate::query).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// The limit for counting: 10,000 by default, at most 1,000,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(format = "uint64"))]
    pub most: Option<usize>,
}

pub(super) async fn count(State(api): State<Api>, Asked(filter): Asked<CountFilter>) -> Reply<Count> {
    api.read(move |api| api.count(&filter)).await.map(Json)
}

impl Api {
    /// Returns how many records match a query, up to a limit: `GET /api/log/count`. Reads the run log, which
    /// may block.
    ///
    /// # Errors
    ///
    /// Returns a problem if the query has a mistake, or if the run log can't be read.
    pub fn count(&self, filter: &CountFilter) -> Result<Count, Problem> {
        let query = read(self, filter.q.as_deref())?;
        let most = filter.most.unwrap_or(USUAL_COUNT).clamp(1, MOST_COUNT);
        count_up_to(self, query, most)
    }
}

/// Parses a query, and completes the names of tasks.
pub(super) fn read(api: &Api, text: Option<&str>) -> Result<LogQuery, Problem> {
    let mut query = LogQuery::parse(text.unwrap_or_default(), &api.reading(Side::Past))?;
    for name in &mut query.query.tasks {
        *name = full_name(api, name)?;
    }
    if !query.params.is_empty() && api.session().has_log_in_memory() {
        let message = "`param.…`: a run log in memory does not record parameters; a durable one does, such as `.log(\"sqlite:app.db\")`";
        return Err(Problem::invalid(message));
    }
    Ok(query)
}

/// The full name of a task of the app, or of one that only the log knows.
fn full_name(api: &Api, name: &str) -> Result<String, Problem> {
    let unknown = match api.task(name) {
        Ok(task) => return Ok(Task::name(&task).to_owned()),
        Err(unknown) => unknown,
    };
    let of_old = Query::new().task(name).limit(1);
    let records = api.session().log(&of_old)?;
    records
        .first()
        .map(|record| record.task.to_string())
        .ok_or(unknown)
}

pub(super) fn cursor(text: &str) -> Result<Cursor, Problem> {
    text.parse()
        .map_err(|_| Problem::invalid(format!("`{text}` is not a cursor of a page of records")))
}

/// A page of records. If many records have to be read, it may contain few items or none, and still have a
/// cursor.
pub(super) fn find(api: &Api, query: LogQuery, limit: usize) -> Result<Page<Record>, Problem> {
    let Some(wide) = without_details(&query) else {
        let page = api.session().log_page(query.query.limit(limit))?;
        let next = page.cursor.filter(|_| page.more);
        let next = next.map(|cursor| cursor.to_string());
        let items = page.records;
        return Ok(Page { items, next });
    };
    let mut starts = Starts::new(api, &query);
    let mut next = wide.limit(STRIDE);
    let mut items = Vec::new();
    for _ in 0..MOST_READ / STRIDE {
        let page = api.session().log_page(next.clone())?;
        let count = page.records.len();
        starts.note(&page.records);
        for (index, record) in page.records.into_iter().enumerate() {
            if !starts.admit(&record)? {
                continue;
            }
            items.push(record);
            if items.len() == limit {
                let is_last = index + 1 == count;
                let next = api.session().log_page(next.limit(index + 1))?.cursor;
                let next = next.filter(|_| page.more || !is_last);
                let next = next.map(|cursor| cursor.to_string());
                return Ok(Page { items, next });
            }
        }
        next.after = page.cursor.or(next.after);
        if !page.more {
            return Ok(Page { items, next: None });
        }
        if starts.have_taken_enough() {
            break;
        }
    }
    let next = next.after.map(|cursor| cursor.to_string());
    Ok(Page { items, next })
}

/// The query without the parts that no index supports; `None` if there are none.
fn without_details(query: &LogQuery) -> Option<Query> {
    let of = &query.query;
    let mut wide = Query::new();
    wide.tasks.clone_from(&of.tasks);
    wide.actions.clone_from(&of.actions);
    wide.run_id.clone_from(&of.run_id);
    (wide.created, wide.due, wide.start, wide.end) = (of.created, of.due, of.start, of.end);
    (wide.order, wide.limit, wide.after) = (of.order, of.limit, of.after);
    // A single run has few records.
    let is_scan = of.run_id.is_none() && wide != *of;
    (is_scan || !query.params.is_empty()).then_some(wide)
}

fn count_up_to(api: &Api, query: LogQuery, most: usize) -> Result<Count, Problem> {
    let Some(wide) = without_details(&query) else {
        let found = api.session().log_count(query.query.limit(most + 1))?;
        return Ok(Count {
            count: found.min(most as u64),
            more: found > most as u64,
        });
    };
    let mut starts = Starts::new(api, &query);
    let mut count = 0;
    for (read, record) in api.session().records(wide).enumerate() {
        if count == most as u64 || read == MOST_READ || starts.have_taken_enough() {
            return Ok(Count { count, more: true });
        }
        count += u64::from(starts.admit(&record?)?);
    }
    Ok(Count { count, more: false })
}

/// Checks the parts of a query that no index supports, and looks up the parameters of runs, which are only in
/// the records of their starts.
struct Starts<'a> {
    api: &'a Api,
    query: LogQuery,
    /// Whether runs match whose starts were read with the current records, or looked up recently. The records
    /// of a run are often close to each other.
    known: HashMap<(Arc<str>, RunId), bool>,
    /// The number of runs that were looked up.
    looked_up: usize,
}

impl<'a> Starts<'a> {
    fn new(api: &'a Api, query: &LogQuery) -> Self {
        Starts {
            api,
            query: query.clone(),
            known: HashMap::new(),
            looked_up: 0,
        }
    }

    /// Stores the starts among the records that were read.
    fn note(&mut self, records: &[Record]) {
        if self.query.params.is_empty() {
            return;
        }
        self.known.clear();
        for start in records.iter().filter(|record| record.action == Action::Run) {
            let fits = self.query.admits_params(start);
            *self.known.entry(run_of(start)).or_default() |= fits;
        }
    }

    /// Returns true if the maximum number of runs per request was looked up.
    fn have_taken_enough(&self) -> bool {
        self.looked_up * LOOK_UP >= MOST_READ
    }

    fn admit(&mut self, record: &Record) -> Result<bool, Problem> {
        if !self.query.query.admits(record) {
            return Ok(false);
        }
        if self.query.params.is_empty() {
            return Ok(true);
        }
        if record.action == Action::Run {
            return Ok(self.query.admits_params(record));
        }
        if let Some(fits) = self.known.get(&run_of(record)) {
            return Ok(*fits);
        }
        let of_run = Query::new()
            .task(&*record.task)
            .run_id(record.run_id.clone())
            .action(Action::Run);
        let starts = self.api.session().log(&of_run)?;
        let fits = starts.iter().any(|start| self.query.admits_params(start));
        self.looked_up += 1;
        self.known.insert(run_of(record), fits);
        Ok(fits)
    }
}

fn run_of(record: &Record) -> (Arc<str>, RunId) {
    (record.task.clone(), record.run_id.clone())
}
