//! The stored form of records and facts. Texts are stored verbatim, even if they are not valid JSON.

use std::collections::HashMap;
use std::sync::Arc;

use rocketry_core::log::{Cause, Exit, Extra, Fact, Past, ProcessEnd, RunRef, Tally, TaskPast};
use rocketry_core::{Action, Record, RunId, Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct RecordText {
    task: Arc<str>,
    run: RunId,
    action: Action,
    /// In microseconds since 1970, like the other instants.
    created: i64,
    due: i64,
    start: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    extra: Option<ExtraText>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct ExtraText {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exit: Option<Exit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    output: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    params: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    result: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cause: Option<Cause>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    upstream: Vec<RunRef>,
}

impl From<&Record> for RecordText {
    fn from(record: &Record) -> Self {
        RecordText {
            task: record.task.clone(),
            run: record.run_id.clone(),
            action: record.action,
            created: record.created.as_micros(),
            due: record.due.as_micros(),
            start: record.start.as_micros(),
            message: record.message.clone(),
            extra: record.extra.as_deref().map(Into::into),
        }
    }
}

impl From<&Extra> for ExtraText {
    fn from(extra: &Extra) -> Self {
        let process = extra.process.as_ref();
        ExtraText {
            exit: process.map(|process| process.exit),
            output: process.map(|process| process.output.clone()),
            params: extra.params.clone(),
            result: extra.result.clone(),
            version: extra.version.clone(),
            cause: extra.cause.clone(),
            upstream: extra.upstream.to_vec(),
        }
    }
}

impl From<RecordText> for Record {
    fn from(text: RecordText) -> Self {
        Record {
            task: text.task,
            run_id: text.run,
            action: text.action,
            created: Timestamp::from_micros(text.created),
            due: Timestamp::from_micros(text.due),
            start: Timestamp::from_micros(text.start),
            message: text.message,
            extra: text.extra.map(|extra| Arc::new(extra.into())),
        }
    }
}

impl From<ExtraText> for Extra {
    fn from(text: ExtraText) -> Self {
        let process = text.exit.zip(text.output);
        Extra {
            process: process.map(|(exit, output)| ProcessEnd { exit, output }),
            params: text.params,
            result: text.result,
            version: text.version,
            cause: text.cause,
            upstream: text.upstream.into(),
        }
    }
}

/// A key, and its value if there is one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct FactText(Arc<str>, Option<Arc<str>>);

impl From<&Fact> for FactText {
    fn from(fact: &Fact) -> Self {
        FactText(fact.key.clone(), fact.value.clone())
    }
}

impl From<FactText> for Fact {
    fn from(FactText(key, value): FactText) -> Self {
        Fact { key, value }
    }
}

/// The past that an app needs.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PastText {
    tasks: HashMap<Arc<str>, TaskText>,
    facts: HashMap<Arc<str>, Arc<str>>,
    last_run: Option<u64>,
    term: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct TaskText {
    /// How often each action has happened, and when it last happened.
    tallies: [(u64, Option<i64>); 6],
    last: Option<Action>,
    last_due: i64,
    fails_in_row: u32,
    open: Vec<RecordText>,
}

impl From<&Past> for PastText {
    fn from(past: &Past) -> Self {
        let tasks = past.tasks.iter().map(|(name, task)| (name.clone(), task.into()));
        PastText {
            tasks: tasks.collect(),
            facts: past.facts.clone(),
            last_run: past.last_run,
            term: past.term,
        }
    }
}

impl From<PastText> for Past {
    fn from(text: PastText) -> Self {
        let tasks = text.tasks.into_iter().map(|(name, task)| (name, task.into()));
        Past {
            tasks: tasks.collect(),
            facts: text.facts,
            last_run: text.last_run,
            term: text.term,
        }
    }
}

impl From<&TaskPast> for TaskText {
    fn from(past: &TaskPast) -> Self {
        TaskText {
            tallies: past
                .tallies
                .map(|tally| (tally.count, tally.last.map(Timestamp::as_micros))),
            last: past.last,
            last_due: past.last_due.as_micros(),
            fails_in_row: past.fails_in_row,
            open: past.open.iter().map(Into::into).collect(),
        }
    }
}

impl From<TaskText> for TaskPast {
    fn from(text: TaskText) -> Self {
        let tally = |(count, last): (u64, Option<i64>)| Tally {
            count,
            last: last.map(Timestamp::from_micros),
        };
        TaskPast {
            tallies: text.tallies.map(tally),
            last: text.last,
            last_due: Timestamp::from_micros(text.last_due),
            fails_in_row: text.fails_in_row,
            open: text.open.into_iter().map(Into::into).collect(),
        }
    }
}
