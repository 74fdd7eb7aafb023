//! An in-memory index of the run log in the stream.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use rocketry_core::log::{Fact, Past, Retention, Write};
use rocketry_core::{Action, Clock, Error, MemoryLog, Query, Record, Result, RunLog as _, Timestamp};
use serde::{Deserialize, Serialize};

use super::failure::{Answer, Failure};
use super::record::{FactText, PastText, RecordText};
use super::replica::{Machine, Saved};

/// How long claims are kept, in microseconds: a day. Older leaders are fenced by their terms.
const CLAIMS_KEPT: i64 = 86_400_000_000;

/// The index of a run log.
pub(super) struct Index {
    /// The records that are not forgotten.
    pub(super) log: MemoryLog,
    /// The past that an app needs, from all records.
    past: Past,
    /// The past from the forgotten records whose whole messages are gone, without facts and terms.
    base: Past,
    /// The last message that is completely forgotten.
    base_number: u64,
    /// The messages that still have records, and the position after the last record of each.
    messages: VecDeque<(u64, u64)>,
    /// The forgotten records of messages that still have other records.
    rest: VecDeque<Record>,
    /// The instants of the records that are not forgotten.
    created: VecDeque<Timestamp>,
    /// The position of the next record.
    next: u64,
    claims: HashSet<Arc<str>>,
    /// The claims with their instants, in order.
    claimed: VecDeque<(i64, Arc<str>)>,
    /// The number of the last write that had one.
    last_write: Option<u64>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Command {
    Write {
        records: Vec<RecordText>,
        facts: Vec<FactText>,
        number: Option<u64>,
        term: Option<u64>,
        claims: Vec<Arc<str>>,
        /// When the claims were made, in microseconds since 1970.
        made: i64,
    },
    /// Forgets all records before a position.
    Forget { before: u64 },
}

impl Command {
    pub(super) fn write(write: &Write<'_>, claims: Option<&[Arc<str>]>) -> Self {
        Command::Write {
            records: write.records.iter().map(Into::into).collect(),
            facts: write.facts.iter().map(Into::into).collect(),
            number: write.number,
            term: write.term,
            claims: claims.unwrap_or_default().to_vec(),
            made: write
                .records
                .last()
                .map_or_else(now, |last| last.created)
                .as_micros(),
        }
    }
}

fn now() -> Timestamp {
    Clock::system().now()
}

/// The saved part of the index. The rest is in the messages after it.
#[derive(Serialize, Deserialize)]
struct Contents {
    past: PastText,
    /// The position of the first record after it.
    next: u64,
    claimed: Vec<(i64, Arc<str>)>,
    last_write: Option<u64>,
}

impl Default for Index {
    fn default() -> Self {
        Index::from(Past::default(), 0, 0)
    }
}

impl Machine for Index {
    type Command = Command;
    type Outcome = ();

    fn apply(&mut self, number: u64, command: Command) {
        match command {
            Command::Write {
                records,
                facts,
                number: of_write,
                term,
                claims,
                made,
            } => {
                let records: Vec<Record> = records.into_iter().map(Into::into).collect();
                let facts: Vec<Fact> = facts.into_iter().map(Into::into).collect();
                self.last_write = of_write.or(self.last_write);
                let write = Write {
                    records: &records,
                    facts: &facts,
                    number: of_write,
                    term,
                };
                self.past.note(&write);
                self.claim(claims, made);
                self.add(number, &records);
            }
            Command::Forget { before } => self.forget(before),
        }
    }

    fn save(&self, _: u64) -> Option<Saved> {
        if self.base_number == 0 {
            return None;
        }
        let past = Past {
            facts: self.past.facts.clone(),
            term: self.past.term,
            ..self.base.clone()
        };
        let contents = Contents {
            past: (&past).into(),
            next: self.first() - self.rest.len() as u64,
            claimed: self.claimed.iter().cloned().collect(),
            last_write: self.last_write,
        };
        let state = serde_json::to_value(contents).ok()?;
        Some(Saved {
            number: self.base_number,
            state,
        })
    }

    fn restore(saved: Saved) -> Answer<Self> {
        let contents: Contents = serde_json::from_value(saved.state).map_err(Failure::other)?;
        let mut index = Index::from(contents.past.into(), contents.next, saved.number);
        index.last_write = contents.last_write;
        index.claims = contents.claimed.iter().map(|(_, claim)| claim.clone()).collect();
        index.claimed = contents.claimed.into();
        Ok(index)
    }
}

impl Index {
    fn from(past: Past, next: u64, base_number: u64) -> Self {
        Index {
            log: MemoryLog::starting_at(next),
            base: past.clone(),
            past,
            base_number,
            messages: VecDeque::new(),
            rest: VecDeque::new(),
            created: VecDeque::new(),
            next,
            claims: HashSet::new(),
            claimed: VecDeque::new(),
            last_write: None,
        }
    }

    pub(super) fn past(&self) -> &Past {
        &self.past
    }

    /// Returns true if a write repeats the last one.
    pub(super) fn is_last(&self, write: &Write<'_>) -> bool {
        write.number.is_some() && write.number == self.last_write
    }

    /// Checks whether a write is allowed. A write without claims (`None`, not an empty list) belongs to an
    /// app that does not share its log.
    pub(super) fn check(&self, write: &Write<'_>, claims: Option<&[Arc<str>]>) -> Result<()> {
        write.check_term(self.past.term)?;
        let Some(claims) = claims else { return Ok(()) };
        if let Some(end) = self.closed(write.records) {
            return Err(Error::ended_elsewhere(&format!(
                "{} of task `{}`",
                end.run_id, end.task
            )));
        }
        match claims.iter().find(|claim| self.claims.contains(*claim)) {
            Some(claim) => Err(Error::claimed(claim)),
            None => Ok(()),
        }
    }

    /// The first record that ends a run that is not open and does not start in the same write.
    fn closed<'a>(&self, records: &'a [Record]) -> Option<&'a Record> {
        let is_of = |start: &Record, end: &Record| start.run_id == end.run_id && start.task == end.task;
        let mut ends = records
            .iter()
            .enumerate()
            .filter(|(_, record)| record.action.is_end());
        let found = ends.find(|(place, end)| {
            let open = self.past.tasks.get(&end.task).map_or(&[][..], |task| &task.open);
            let here = records[..*place]
                .iter()
                .filter(|record| record.action == Action::Run);
            !open.iter().chain(here).any(|start| is_of(start, end))
        });
        found.map(|(_, end)| end)
    }

    /// The position of the first record that is not forgotten.
    fn first(&self) -> u64 {
        self.next - self.created.len() as u64
    }

    /// The position before which all records can be forgotten, and their number; `None` if there are none.
    pub(super) fn forgettable(&self, retention: &Retention) -> Option<(u64, u64)> {
        let count = retention.count(self.created.iter().copied()).min(retention.bite) as u64;
        (count > 0).then(|| (self.first() + count, count))
    }

    fn add(&mut self, number: u64, records: &[Record]) {
        // An in-memory log accepts all records.
        let _ = self.log.write(&Write::records(records));
        self.created.extend(records.iter().map(|record| record.created));
        self.next += records.len() as u64;
        self.messages.push_back((number, self.next));
        self.settle();
    }

    fn claim(&mut self, claims: Vec<Arc<str>>, made: i64) {
        for claim in claims {
            if self.claims.insert(claim.clone()) {
                self.claimed.push_back((made, claim));
            }
        }
        let old = made.saturating_sub(CLAIMS_KEPT);
        while self.claimed.front().is_some_and(|(made, _)| *made < old)
            && let Some((_, claim)) = self.claimed.pop_front()
        {
            self.claims.remove(&claim);
        }
    }

    fn forget(&mut self, before: u64) {
        let count = usize::try_from(before.saturating_sub(self.first())).unwrap_or(0);
        let count = count.min(self.created.len());
        let oldest = self.log.query(&Query::new().limit(count));
        self.rest
            .extend(oldest.map(|page| page.records).unwrap_or_default());
        self.created.drain(..count);
        let retention = Retention {
            now: Timestamp::MAX,
            before: None,
            keep: Some(self.created.len() as u64),
            bite: usize::MAX,
        };
        let _ = self.log.forget(&retention);
        self.settle();
    }

    /// Drops the messages that are completely forgotten.
    fn settle(&mut self) {
        let first = self.first();
        let mut place = first - self.rest.len() as u64;
        while let Some((number, end)) = self.messages.front().copied().filter(|(_, end)| *end <= first) {
            self.messages.pop_front();
            let whole = usize::try_from(end - place).unwrap_or(0);
            let records: Vec<Record> = self.rest.drain(..whole).collect();
            self.base.note(&Write::records(&records));
            (place, self.base_number) = (end, number);
        }
    }
}
