//! From a question to SQL.
//!
//! A record's number rises with every record and is never less than its instant in microseconds, and it is ahead of it by at most the
//! skew, which is known. So one order serves both the place and the time of a record: a range of instants is a range of
//! numbers, of which only the edges have to be looked at.

use std::fmt::Write as _;
use std::ops::Range;
use std::time::Duration;

use rocketry_core::Action;
use rocketry_core::log::{Order, Query};
use rocketry_core::time::{Span, Timestamp};

use crate::ledger::LAST_PLACE;
use crate::row::COLUMNS;

/// So many pairs of a task and an action are looked up one by one; more of them are picked from all records.
const MOST_ARMS: usize = 96;

/// A value in a statement, in the order of the places.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Param {
    Int(i64),
    Text(String),
    RunId(rocketry_core::RunId),
}

/// What differs between the databases.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dialect {
    /// What stands before the number of a value's place.
    pub(crate) mark: char,
    /// The function that finds a text in another: `find(in, what)`, zero if it is not there.
    pub(crate) find: &'static str,
    /// Whether each part of a union has to be put in order and cut by itself for that to be done by an index.
    pub(crate) cuts_arms: bool,
}

/// A statement with its values.
#[derive(Debug, Default)]
pub(crate) struct Statement {
    pub(crate) sql: String,
    pub(crate) params: Vec<Param>,
}

/// The statement for a page: one record more than asked for, if there is one.
pub(crate) fn page(query: &Query, skew: i64, dialect: Dialect) -> Statement {
    let mut builder = Builder::new(query, skew, dialect);
    let direction = match query.order {
        Order::Oldest => "ASC",
        Order::Newest | Order::Last => "DESC",
    };
    let cut = query.limit.map_or_else(String::new, |limit| {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
        format!(" LIMIT {}", builder.place(Param::Int(limit)))
    });
    let order = format!(" ORDER BY id {direction}{cut}");
    let union = builder.union("*", &order);
    builder.finish(format!(
        "SELECT {COLUMNS} FROM ({union}{order}) AS record ORDER BY id {direction}"
    ))
}

/// The statement that counts what fits.
pub(crate) fn count(query: &Query, skew: i64, dialect: Dialect) -> Statement {
    let mut query = query.clone();
    query.after = None;
    let mut builder = Builder::new(&query, skew, dialect);
    let arms = builder.arms("count(*) AS number");
    let union = arms.join(" UNION ALL ");
    builder.finish(format!(
        "SELECT CAST(sum(number) AS BIGINT) FROM ({union}) AS counts"
    ))
}

struct Builder<'q> {
    query: &'q Query,
    skew: i64,
    dialect: Dialect,
    params: Vec<Param>,
}

impl<'q> Builder<'q> {
    fn new(query: &'q Query, skew: i64, dialect: Dialect) -> Self {
        Builder {
            query,
            skew,
            dialect,
            params: Vec::new(),
        }
    }

    fn finish(self, sql: String) -> Statement {
        Statement {
            sql,
            params: self.params,
        }
    }

    /// Adds a value, and gives the place that stands for it.
    fn place(&mut self, param: Param) -> String {
        self.params.push(param);
        format!("{}{}", self.dialect.mark, self.params.len())
    }

    fn union(&mut self, columns: &str, order: &str) -> String {
        let arms = self.arms(columns);
        if self.dialect.cuts_arms && arms.len() > 1 {
            let cut: Vec<String> = arms.into_iter().map(|arm| format!("({arm}{order})")).collect();
            return cut.join(" UNION ALL ");
        }
        arms.join(" UNION ALL ")
    }

    /// The parts of the union, which have no record in common.
    fn arms(&mut self, columns: &str) -> Vec<String> {
        let common = self.common();
        let lookups = self.lookups();
        lookups
            .into_iter()
            .map(|lookup| {
                let mut arm = format!("SELECT {columns} FROM rocketry_record");
                let conditions = lookup.into_iter().chain(common.iter().cloned());
                for (index, condition) in conditions.enumerate() {
                    let word = if index == 0 { "WHERE" } else { "AND" };
                    let _ = write!(arm, " {word} {condition}");
                }
                arm
            })
            .collect()
    }

    /// For each part of the union, what an index finds.
    fn lookups(&mut self) -> Vec<Vec<String>> {
        let mut tasks = self.query.tasks.clone();
        tasks.sort();
        tasks.dedup();
        let mut actions = match &*self.query.actions {
            [] => Action::ALL.to_vec(),
            some => some.to_vec(),
        };
        actions.sort();
        actions.dedup();
        let is_narrow = self.query.run_id.is_some() || tasks.len() * actions.len() > MOST_ARMS;
        if tasks.is_empty() || is_narrow {
            return self.lookup_all(&tasks, &actions, is_narrow);
        }
        let mut lookups = Vec::new();
        for task in tasks {
            let name = self.place(Param::Text(task));
            for action in &actions {
                lookups.push(vec![
                    format!("task = (SELECT id FROM rocketry_task WHERE name = {name})"),
                    format!("action = {}", *action as u8),
                ]);
            }
        }
        lookups
    }

    fn lookup_all(&mut self, tasks: &[String], actions: &[Action], is_narrow: bool) -> Vec<Vec<String>> {
        let is_rare = |action: &Action| !matches!(action, Action::Run | Action::Success);
        if tasks.is_empty() && !is_narrow && actions.iter().all(is_rare) {
            // There is an index of these alone. The first condition says so in its words.
            let rare = |action: &Action| vec!["action > 1".to_owned(), format!("action = {}", *action as u8)];
            return actions.iter().map(rare).collect();
        }
        let mut conditions = Vec::new();
        if !tasks.is_empty() {
            let names: Vec<String> = tasks
                .iter()
                .map(|task| self.place(Param::Text(task.clone())))
                .collect();
            let names = names.join(", ");
            conditions.push(format!(
                "task IN (SELECT id FROM rocketry_task WHERE name IN ({names}))"
            ));
        }
        if actions.len() < Action::ALL.len() {
            let numbers: Vec<String> = actions.iter().map(|action| (*action as u8).to_string()).collect();
            conditions.push(format!("action IN ({})", numbers.join(", ")));
        }
        vec![conditions]
    }

    /// What every record has to meet, besides its task and its action.
    fn common(&mut self) -> Vec<String> {
        let query = self.query;
        let mut all = Vec::new();
        if let Some(after) = query.after {
            let number = i64::try_from(after.number()).unwrap_or(i64::MAX);
            let place = self.place(Param::Int(number));
            let reaches = if query.order == Order::Oldest { '>' } else { '<' };
            all.push(format!("id {reaches} {place}"));
        }
        if let Some(run_id) = &query.run_id {
            let place = self.place(Param::RunId(run_id.clone()));
            all.push(format!("run_id = {place}"));
        }
        for span in [query.created, query.end].into_iter().flatten() {
            all.extend(self.created(span));
        }
        if query.end.is_some() || query.runtime.is_some() {
            all.push("action > 0".to_owned());
        }
        for (column, span) in [("due", query.due), ("start", query.start)] {
            if let Some(span) = span {
                all.extend(self.within(column, span));
            }
        }
        if let Some(lengths) = &query.runtime {
            let length = "CASE WHEN created > start THEN created - start ELSE 0 END";
            all.push(self.between(length, micros(lengths)));
        }
        self.details(&mut all);
        all
    }

    fn details(&mut self, all: &mut Vec<String>) {
        let query = self.query;
        let find = self.dialect.find;
        let texts = [
            ("message", &query.message),
            ("output", &query.output),
            ("params", &query.params),
        ];
        for (column, text) in texts {
            if let Some(text) = text {
                let place = self.place(Param::Text(text.clone()));
                all.push(format!("{find}({column}, {place}) > 0"));
            }
        }
        if let Some(has) = query.has_result {
            all.push(format!("result IS {}NULL", if has { "NOT " } else { "" }));
        }
        if let Some(code) = query.exit_code {
            let place = self.place(Param::Int(code.into()));
            all.push(format!("exit_code = {place}"));
        }
        if let Some(version) = &query.version {
            let place = self.place(Param::Text(version.clone()));
            all.push(format!("version = {place}"));
        }
    }

    /// The conditions for the instant of a record: first the numbers that come into question, then the instants
    /// of those at the edges.
    fn created(&mut self, span: Span) -> Vec<String> {
        let (from, until) = (span.start.as_micros(), span.end.as_micros());
        let last = until.saturating_sub(1);
        let mut all = Vec::new();
        if span.start > Timestamp::MIN {
            let lowest = self.place(Param::Int(from.min(LAST_PLACE)));
            all.push(format!("id >= {lowest}"));
        }
        if span.end < Timestamp::MAX {
            let highest = self.place(Param::Int(last.saturating_add(self.skew)));
            all.push(format!("id <= {highest}"));
        }
        if span != Span::ALWAYS {
            let surely = from.saturating_add(self.skew)..last.min(LAST_PLACE - 1).saturating_add(1);
            let surely = self.between("id", surely);
            let looked_at = self.between("created", from..until);
            all.push(format!("({surely} OR {looked_at})"));
        }
        all
    }

    fn within(&mut self, column: &str, span: Span) -> Option<String> {
        (span != Span::ALWAYS).then(|| self.between(column, span.start.as_micros()..span.end.as_micros()))
    }

    fn between(&mut self, what: &str, range: Range<i64>) -> String {
        let start = self.place(Param::Int(range.start));
        let end = self.place(Param::Int(range.end));
        format!("({what} >= {start} AND {what} < {end})")
    }
}

/// Lengths in microseconds; all that is measured is whole ones.
fn micros(lengths: &Range<Duration>) -> Range<i64> {
    let whole = |length: Duration| i64::try_from(length.as_nanos().div_ceil(1000)).unwrap_or(i64::MAX);
    whole(lengths.start)..whole(lengths.end)
}
