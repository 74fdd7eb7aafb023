//! The conditions of a query, in SQL.

use std::ops::Range;
use std::time::Duration;

use rocketry_core::log::{Order, Query};
use rocketry_core::time::Span;

use crate::access_path::{AccessPath, access_path, actions};
use crate::drift::{Drifts, LAST_PLACE};
use crate::statement::{Dialect, Param, Statement};

/// The range of record numbers that may match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NumberRange {
    pub(crate) lowest: i64,
    pub(crate) highest: i64,
    /// How far the number of a record is ahead of its instant at most.
    skew: i64,
}

impl NumberRange {
    pub(crate) fn of(query: &Query, drifts: Drifts) -> Self {
        let mut numbers = NumberRange {
            lowest: i64::MIN,
            highest: i64::MAX,
            skew: drifts.created.behind,
        };
        for (span, drift) in [
            (query.created, drifts.created),
            (query.end, drifts.created),
            (query.due, drifts.due),
            (query.start, drifts.start),
        ] {
            if let Some(span) = span {
                let (lowest, highest) = drift.numbers(span);
                numbers.lowest = numbers.lowest.max(lowest);
                numbers.highest = numbers.highest.min(highest);
            }
        }
        let after = query
            .after
            .map(|after| i64::try_from(after.number()).unwrap_or(i64::MAX));
        match (after, query.order) {
            (Some(after), Order::Oldest) => numbers.lowest = numbers.lowest.max(after.saturating_add(1)),
            (Some(after), _) => numbers.highest = numbers.highest.min(after.saturating_sub(1)),
            _ => {}
        }
        numbers
    }
}

/// Builds a statement.
pub(crate) struct Builder<'q> {
    query: &'q Query,
    numbers: NumberRange,
    dialect: Dialect,
    statement: Statement,
}

impl<'q> Builder<'q> {
    pub(crate) fn new(query: &'q Query, numbers: NumberRange, dialect: Dialect) -> Self {
        Builder {
            query,
            numbers,
            dialect,
            statement: Statement::new(dialect),
        }
    }

    pub(crate) fn finish(mut self, sql: String) -> Statement {
        self.statement.sql = sql;
        self.statement
    }

    fn place(&mut self, param: Param) -> String {
        self.statement.place(param)
    }

    /// Adds a placeholder whose value is set later.
    pub(crate) fn open(&mut self) -> String {
        self.place(Param::Int(0))
    }

    /// All conditions of a record.
    pub(crate) fn conditions(&mut self) -> String {
        let mut all = self.common();
        if !self.query.tasks.is_empty() {
            all.push(self.of_tasks());
        }
        if let Some(actions) = actions(self.query) {
            let numbers: Vec<String> = actions.iter().map(|action| (*action as u8).to_string()).collect();
            all.push(format!("record.action IN ({})", numbers.join(", ")));
        }
        if access_path(self.query) == AccessPath::Rare {
            // The planner only uses the partial index if the condition is written exactly like this.
            all.push("record.action > 1".to_owned());
        }
        if all.is_empty() {
            return "true".to_owned();
        }
        all.join(" AND ")
    }

    fn of_tasks(&mut self) -> String {
        let names = self.query.tasks.clone().into_iter().map(Param::Text);
        let names: Vec<String> = names.map(|name| self.place(name)).collect();
        let is_named = self.dialect.is_one_of("name", &names);
        let numbers = format!("SELECT id FROM rocketry_task WHERE {is_named}");
        format!("record.task {}", self.dialect.among(&numbers))
    }

    /// The conditions of a record other than its task and its action.
    fn common(&mut self) -> Vec<String> {
        let query = self.query;
        let mut all = Vec::new();
        let NumberRange { lowest, highest, .. } = self.numbers;
        if lowest > i64::MIN {
            all.push(format!("record.id >= {}", self.place(Param::Int(lowest))));
        }
        if highest < i64::MAX {
            all.push(format!("record.id <= {}", self.place(Param::Int(highest))));
        }
        if let Some(run_id) = &query.run_id {
            let place = self.place(Param::RunId(run_id.clone()));
            all.push(self.dialect.is_one_of("run_id", &[place]));
        }
        for span in [query.created, query.end].into_iter().flatten() {
            all.extend(self.created(span));
        }
        if query.end.is_some() || query.runtime.is_some() {
            all.push("action BETWEEN 1 AND 5".to_owned());
        }
        for (column, span) in [("due", query.due), ("start", query.start)] {
            if let Some(span) = span {
                all.extend(self.within(column, span));
            }
        }
        for (later, earlier, lengths) in [
            ("created", "start", &query.runtime),
            ("start", "due", &query.lateness),
        ] {
            if let Some(lengths) = lengths {
                let length = format!("CASE WHEN {later} > {earlier} THEN {later} - {earlier} ELSE 0 END");
                all.push(self.between(&length, micros(lengths)));
            }
        }
        self.details(&mut all);
        all
    }

    fn details(&mut self, all: &mut Vec<String>) {
        let query = self.query;
        let find = self.dialect.find();
        let texts = [
            ("message", &query.message),
            ("output", &query.output),
            ("params", &query.params),
            ("result", &query.result),
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
        for (column, number) in [("exit_code", query.exit_code), ("exit_signal", query.exit_signal)] {
            if let Some(number) = number {
                let place = self.place(Param::Int(number.into()));
                all.push(format!("{column} = {place}"));
            }
        }
        if let Some(version) = &query.version {
            let place = self.place(Param::Text(version.clone()));
            all.push(format!("version = {place}"));
        }
    }

    /// The condition that a record was created in a span. Most numbers decide this alone; only at the edges of
    /// the span is the instant compared.
    fn created(&mut self, span: Span) -> Option<String> {
        let (from, until) = (span.start.as_micros(), span.end.as_micros());
        let surely = from.saturating_add(self.numbers.skew)..until.min(LAST_PLACE);
        (span != Span::ALWAYS).then(|| {
            let surely = self.between("record.id", surely);
            let looked_at = self.between("created", from..until);
            format!("({surely} OR {looked_at})")
        })
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

/// Lengths in whole microseconds, the resolution of all instants.
fn micros(lengths: &Range<Duration>) -> Range<i64> {
    let whole = |length: Duration| i64::try_from(length.as_nanos().div_ceil(1000)).unwrap_or(i64::MAX);
    whole(lengths.start)..whole(lengths.end)
}
