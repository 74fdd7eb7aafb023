//! Random records, facts and queries, drawn from a seed.

use std::sync::Arc;
use std::time::Duration;

use crate::log::{Action, Cause, Exit, Extra, Fact, Order, ProcessEnd, Query, Record, RunRef};
use crate::param::RunId;
use crate::time::Timestamp;

const TASKS: [&str; 4] = ["fetch", "crunch", "reports::daily", "näher'\"--,\n;"];
const TEXTS: [&str; 6] = [
    "",
    "disk is full",
    "line 1\r\nline 2 ☃",
    r#"{"day":"2026-01-01"}"#,
    "null",
    "\"",
];
/// The first instant, in microseconds.
pub(super) const BEGIN: i64 = 1_767_225_600_000_000;

/// A pseudo-random generator.
pub(super) struct Draw {
    state: u64,
    at: i64,
}

impl Draw {
    pub(super) fn new(seed: u64) -> Self {
        Draw {
            state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
            at: BEGIN,
        }
    }

    pub(super) fn below(&mut self, limit: u64) -> u64 {
        // xorshift: the values need only vary.
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 11) % limit
    }

    pub(super) fn one_in(&mut self, number: u64) -> bool {
        self.below(number) == 0
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        let index = self.below(all.len() as u64);
        all[usize::try_from(index).unwrap_or(0)]
    }

    fn text(&mut self, one_in: u64) -> Option<Arc<str>> {
        self.one_in(one_in).then(|| self.of(&TEXTS).into())
    }

    fn instant(&mut self) -> Timestamp {
        let begin = if self.one_in(20) { -5 } else { BEGIN };
        Timestamp::from_micros(begin + self.below(40).cast_signed())
    }

    fn run_id(&mut self) -> RunId {
        match self.below(10) {
            0 => RunId::Name(self.of(&["007", "night shift", "1e3", ""]).into()),
            1 => RunId::Number(self.of(&[u64::MAX, u64::MAX >> 1])),
            _ => RunId::Number(self.below(12)),
        }
    }

    fn record(&mut self) -> Record {
        let created = self.instant();
        let extra = self.extra();
        Record {
            task: self.of(&TASKS).into(),
            run_id: self.run_id(),
            action: self.of(&Action::ALL),
            created,
            due: self.instant(),
            start: self.instant(),
            message: self.text(4),
            extra: (extra != Extra::default()).then(|| extra.into()),
        }
    }

    fn extra(&mut self) -> Extra {
        if !self.one_in(3) {
            return Extra::default();
        }
        let exit = self.of(&[Exit::Code(0), Exit::Code(-1), Exit::Code(2), Exit::Signal(9)]);
        let output = self.text(2).unwrap_or_else(|| "".into());
        let process = self.one_in(2).then_some(ProcessEnd { exit, output });
        Extra {
            process,
            params: self.text(3),
            result: self.text(3),
            version: self.text(3),
            cause: self.cause(),
            upstream: (0..self.below(3)).map(|_| self.run()).collect(),
        }
    }

    fn cause(&mut self) -> Option<Cause> {
        let by = self.text(2);
        Some(match self.below(9) {
            0 => Cause::Retry { number: u32::MAX },
            1 => Cause::Request { by },
            2 => Cause::Batch { by },
            3 => Cause::Backfill { by },
            4 => Cause::Restart,
            5 => Cause::StartUp,
            6 => Cause::ShutDown,
            7 => Cause::CatchUp,
            _ => return None,
        })
    }

    fn run(&mut self) -> RunRef {
        RunRef {
            task: self.of(&TASKS).into(),
            run_id: self.run_id(),
        }
    }

    pub(super) fn records(&mut self, count: usize) -> Vec<Record> {
        (0..count).map(|_| self.record()).collect()
    }

    /// Records whose times increase.
    pub(super) fn rising_records(&mut self, count: usize) -> Vec<Record> {
        let mut records = self.records(count);
        for record in &mut records {
            self.at += self.below(3).cast_signed();
            record.created = Timestamp::from_micros(self.at);
        }
        records
    }

    pub(super) fn facts(&mut self) -> Vec<Fact> {
        let count = self.below(4);
        let fact = |draw: &mut Draw| Fact {
            key: draw.of(&["disabled/fetch", "batch/1", "ä,\""]).into(),
            value: draw.text(2),
        };
        (0..count).map(|_| fact(self)).collect()
    }

    pub(super) fn query(&mut self) -> Query {
        let mut query = Query::new();
        for _ in 0..self.below(3) {
            query = query.task(self.of(&[TASKS[0], TASKS[1], TASKS[3], "unknown"]));
        }
        for _ in 0..self.below(3) {
            query = query.action(self.of(&Action::ALL));
        }
        if self.one_in(3) {
            query = query.created(self.instant()..self.instant());
        }
        query = self.instants(query);
        query = self.details(query);
        query.order = self.of(&[Order::Oldest, Order::Newest, Order::Last]);
        query.limit = self
            .one_in(2)
            .then(|| usize::try_from(self.below(7)).unwrap_or(0));
        query
    }

    fn instants(&mut self, mut query: Query) -> Query {
        if self.one_in(8) {
            query = query.due(self.instant()..);
        }
        if self.one_in(8) {
            query = query.start(..=self.instant());
        }
        if self.one_in(8) {
            query = query.end(self.instant()..=self.instant());
        }
        if self.one_in(8) {
            query = query.runtime(self.lengths());
        }
        if self.one_in(8) {
            query = query.lateness(self.lengths());
        }
        query
    }

    /// Lengths that need not be whole microseconds.
    fn lengths(&mut self) -> std::ops::Range<Duration> {
        Duration::from_nanos(self.below(20) * 700)..Duration::from_micros(self.below(40))
    }

    fn details(&mut self, mut query: Query) -> Query {
        query.run_id = self.one_in(6).then(|| self.run_id());
        let mut text = || self.text(12).map(|text| text.to_string());
        (query.message, query.output) = (text(), text());
        (query.params, query.result, query.version) = (text(), text(), text());
        query.has_result = self.one_in(12).then(|| self.one_in(2));
        query.exit_code = self.one_in(12).then(|| self.of(&[-1, 0, 2]));
        query.exit_signal = self.one_in(12).then_some(9);
        query
    }
}

/// A plain record.
pub(super) fn record(task: &str, number: u64, action: Action, at: Timestamp) -> Record {
    Record {
        task: task.into(),
        run_id: RunId::Number(number),
        action,
        created: at,
        due: at,
        start: at,
        message: None,
        extra: None,
    }
}
