//! From a question to SQL.
//!
//! A record's number rises with every record and is never less than its instant in microseconds, and it is ahead of it
//! by at most the skew, which is known. So one order serves both the place and the time of a record: a range of instants
//! is a range of numbers, of which only the edges have to be looked at.
//!
//! Some thousand records in a row are a block. What is asked of single tasks is looked up block by block, because the
//! index of the tasks is one: within a block it is so small that writing to it touches few pages, however many tasks
//! there are.

use std::fmt::Write as _;
use std::ops::Range;
use std::time::Duration;

use rocketry_core::Action;
use rocketry_core::log::{Order, Query};
use rocketry_core::time::{Span, Timestamp};

use crate::ledger::LAST_PLACE;
use crate::row::COLUMNS;

/// So many pairs of a task and an action are looked up in each block; more of them are picked from all records.
const MOST_PAIRS: usize = 24;

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
    /// Whether the database has to be told which index to use.
    pub(crate) names_index: bool,
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
    let (found, blocks) = builder.found("record.*");
    let direction = match query.order {
        Order::Oldest => "ASC",
        Order::Newest | Order::Last => "DESC",
    };
    let by_block = if blocks {
        format!("block.id {direction}, ")
    } else {
        String::new()
    };
    let mut sql = format!("SELECT {COLUMNS} FROM ({found} ORDER BY {by_block}record.id {direction}");
    if let Some(limit) = query.limit {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
        let _ = write!(sql, " LIMIT {}", builder.place(Param::Int(limit)));
    }
    let _ = write!(sql, ") AS record ORDER BY id {direction}");
    builder.finish(sql)
}

/// The statement that counts what fits.
pub(crate) fn count(query: &Query, skew: i64, dialect: Dialect) -> Statement {
    let mut query = query.clone();
    query.after = None;
    let mut builder = Builder::new(&query, skew, dialect);
    let (found, _) = builder.found("count(*)");
    builder.finish(found)
}

struct Builder<'q> {
    query: &'q Query,
    skew: i64,
    dialect: Dialect,
    params: Vec<Param>,
    /// The places of the lowest and the highest numbers that come into question.
    lowest: Vec<String>,
    highest: Vec<String>,
}

impl<'q> Builder<'q> {
    fn new(query: &'q Query, skew: i64, dialect: Dialect) -> Self {
        Builder {
            query,
            skew,
            dialect,
            params: Vec::new(),
            lowest: Vec::new(),
            highest: Vec::new(),
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

    /// What fits, in no order, and whether it is found block by block.
    fn found(&mut self, columns: &str) -> (String, bool) {
        let query = self.query;
        let actions = actions(query);
        let way = way(query, actions.as_deref());
        let mut conditions = self.common();
        if !query.tasks.is_empty() {
            let names: Vec<_> = query.tasks.iter().map(|task| Param::Text(task.clone())).collect();
            let names: Vec<String> = names.into_iter().map(|name| self.place(name)).collect();
            let names = names.join(", ");
            conditions.push(format!(
                "record.task IN (SELECT id FROM rocketry_task WHERE name IN ({names}))"
            ));
        }
        if let Some(actions) = actions {
            let numbers: Vec<String> = actions.iter().map(|action| (*action as u8).to_string()).collect();
            conditions.push(format!("record.action IN ({})", numbers.join(", ")));
        }
        let (from, index) = match way {
            Way::ByBlock => {
                conditions.push("record.block = block.id".to_owned());
                conditions.extend(self.blocks());
                (
                    "rocketry_block AS block CROSS JOIN ",
                    " INDEXED BY rocketry_record_by_task",
                )
            }
            Way::Rare => {
                // In the words of the index, which has no others.
                conditions.push("record.action > 1".to_owned());
                ("", " INDEXED BY rocketry_record_rare")
            }
            Way::Plain => ("", ""),
        };
        let index = if self.dialect.names_index { index } else { "" };
        let mut sql = format!("SELECT {columns} FROM {from}rocketry_record AS record{index}");
        for (index, condition) in conditions.iter().enumerate() {
            let word = if index == 0 { "WHERE" } else { "AND" };
            let _ = write!(sql, " {word} {condition}");
        }
        (sql, way == Way::ByBlock)
    }

    /// The blocks that come into question.
    fn blocks(&self) -> impl Iterator<Item = String> {
        let last_before = |place| {
            format!("block.id >= (SELECT coalesce(max(id), 0) FROM rocketry_block WHERE first <= {place})")
        };
        let not_after = |place| format!("block.first <= {place}");
        let lowest = self.lowest.iter().map(last_before);
        lowest.chain(self.highest.iter().map(not_after))
    }

    /// What every record has to meet, besides its task and its action.
    fn common(&mut self) -> Vec<String> {
        let query = self.query;
        let mut all = Vec::new();
        if let Some(after) = query.after {
            let number = i64::try_from(after.number()).unwrap_or(i64::MAX);
            let place = self.place(Param::Int(number));
            if query.order == Order::Oldest {
                all.push(format!("record.id > {place}"));
                self.lowest.push(place);
            } else {
                all.push(format!("record.id < {place}"));
                self.highest.push(place);
            }
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
            all.push(format!("record.id >= {lowest}"));
            self.lowest.push(lowest);
        }
        if span.end < Timestamp::MAX {
            let highest = self.place(Param::Int(last.saturating_add(self.skew)));
            all.push(format!("record.id <= {highest}"));
            self.highest.push(highest);
        }
        if span != Span::ALWAYS {
            let surely = from.saturating_add(self.skew)..last.min(LAST_PLACE - 1).saturating_add(1);
            let surely = self.between("record.id", surely);
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

/// How records are found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// By their task, block by block.
    ByBlock,
    /// Among the ends that are no success.
    Rare,
    /// By their number or their run.
    Plain,
}

fn way(query: &Query, actions: Option<&[Action]>) -> Way {
    let is_rare = |action: &Action| !matches!(action, Action::Run | Action::Success);
    let pairs = query.tasks.len() * actions.map_or(1, <[_]>::len);
    match pairs {
        _ if query.run_id.is_some() => Way::Plain,
        1..=MOST_PAIRS => Way::ByBlock,
        _ if actions.is_some_and(|actions| actions.iter().all(is_rare)) => Way::Rare,
        _ => Way::Plain,
    }
}

/// The actions that are asked for; `None` for all.
fn actions(query: &Query) -> Option<Vec<Action>> {
    let mut actions = query.actions.clone();
    actions.sort();
    actions.dedup();
    (!actions.is_empty() && actions.len() < Action::ALL.len()).then_some(actions)
}

/// Lengths in microseconds; all that is measured is whole ones.
fn micros(lengths: &Range<Duration>) -> Range<i64> {
    let whole = |length: Duration| i64::try_from(length.as_nanos().div_ceil(1000)).unwrap_or(i64::MAX);
    whole(lengths.start)..whole(lengths.end)
}
