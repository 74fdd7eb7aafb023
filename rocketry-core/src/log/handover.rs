//! What a process hands to its successor when its log is in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::cause::{Cause, RunRef};
use super::past::{Past, TaskPast};
use super::record::{Exit, Extra, ProcessEnd, Record};
use super::tallies::Tally;
use crate::error::{Error, Kind, Result};
use crate::param::RunId;
use crate::time::Timestamp;

/// The version of the format. A process that reads another version refuses it.
const FORM: u32 = 1;

/// The past of an app and the records of its log.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Handover {
    pub(crate) past: Past,
    pub(crate) records: Vec<Record>,
}

impl Handover {
    /// Converts to JSON.
    pub(crate) fn to_json(&self) -> Result<Vec<u8>> {
        let letter = Letter {
            form: FORM,
            tasks: self
                .past
                .tasks
                .iter()
                .map(|(name, task)| (name.to_string(), task.into()))
                .collect(),
            facts: self
                .past
                .facts
                .iter()
                .map(|(key, value)| (key.to_string(), value.to_string()))
                .collect(),
            last_run: self.past.last_run,
            records: self.records.iter().map(Line::from).collect(),
        };
        serde_json::to_vec(&letter).map_err(Error::log)
    }

    /// Parses the result of [`to_json`](Self::to_json).
    pub(crate) fn from_json(json: &[u8]) -> Result<Self> {
        let Form { form } = serde_json::from_slice(json).map_err(Error::log)?;
        if form != FORM {
            let message = format!("it has the form {form}, and this version reads {FORM}");
            return Err(Error::new(Kind::Log, message));
        }
        let letter: Letter = serde_json::from_slice(json).map_err(Error::log)?;
        let tasks = letter.tasks.into_iter();
        let tasks = tasks.map(|(name, task)| Ok((Arc::from(name), task.read()?)));
        let facts = letter.facts.into_iter();
        Ok(Handover {
            past: Past {
                tasks: tasks.collect::<Result<_>>()?,
                facts: facts
                    .map(|(key, value)| (Arc::from(key), Arc::from(value)))
                    .collect(),
                last_run: letter.last_run,
                ..Past::default()
            },
            records: letter
                .records
                .into_iter()
                .map(Line::read)
                .collect::<Result<_>>()?,
        })
    }
}

#[derive(Deserialize)]
struct Form {
    form: u32,
}

#[derive(Serialize, Deserialize)]
struct Letter {
    form: u32,
    tasks: BTreeMap<String, Task>,
    facts: BTreeMap<String, String>,
    last_run: Option<u64>,
    records: Vec<Line>,
}

#[derive(Serialize, Deserialize)]
struct Task {
    tallies: [(u64, Option<i64>); 6],
    last: Option<String>,
    last_due: i64,
    fails_in_row: u32,
    open: Vec<Line>,
}

#[derive(Serialize, Deserialize)]
struct Line {
    task: Arc<str>,
    run: Run,
    action: String,
    created: i64,
    due: i64,
    start: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extra: Option<Rest>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Run {
    Number(u64),
    Name(Arc<str>),
}

#[derive(Serialize, Deserialize)]
struct Rest {
    code: Option<i32>,
    signal: Option<i32>,
    output: Option<Arc<str>>,
    params: Option<Arc<str>>,
    result: Option<Arc<str>>,
    version: Option<Arc<str>>,
    cause: Option<Cause>,
    upstream: Box<[RunRef]>,
}

impl From<&TaskPast> for Task {
    fn from(task: &TaskPast) -> Self {
        Task {
            tallies: task
                .tallies
                .map(|tally| (tally.count, tally.last.map(Timestamp::as_micros))),
            last: task.last.map(|action| action.to_string()),
            last_due: task.last_due.as_micros(),
            fails_in_row: task.fails_in_row,
            open: task.open.iter().map(Line::from).collect(),
        }
    }
}

impl Task {
    fn read(self) -> Result<TaskPast> {
        let tally = |(count, last): (u64, Option<i64>)| Tally {
            count,
            last: last.map(Timestamp::from_micros),
        };
        Ok(TaskPast {
            tallies: self.tallies.map(tally),
            last: self.last.map(|action| action.parse()).transpose()?,
            last_due: Timestamp::from_micros(self.last_due),
            fails_in_row: self.fails_in_row,
            open: self.open.into_iter().map(Line::read).collect::<Result<_>>()?,
        })
    }
}

impl From<&Record> for Line {
    fn from(record: &Record) -> Self {
        let run = match &record.run_id {
            RunId::Number(number) => Run::Number(*number),
            RunId::Name(name) => Run::Name(name.clone()),
        };
        Line {
            task: record.task.clone(),
            run,
            action: record.action.to_string(),
            created: record.created.as_micros(),
            due: record.due.as_micros(),
            start: record.start.as_micros(),
            message: record.message.clone(),
            extra: record.extra.as_deref().map(Rest::from),
        }
    }
}

impl Line {
    fn read(self) -> Result<Record> {
        let run_id = match self.run {
            Run::Number(number) => RunId::Number(number),
            Run::Name(name) => RunId::Name(name),
        };
        Ok(Record {
            task: self.task,
            run_id,
            action: self.action.parse()?,
            created: Timestamp::from_micros(self.created),
            due: Timestamp::from_micros(self.due),
            start: Timestamp::from_micros(self.start),
            message: self.message,
            extra: self.extra.map(|rest| Arc::new(rest.read())),
        })
    }
}

impl From<&Extra> for Rest {
    fn from(extra: &Extra) -> Self {
        let exit = extra.process.as_ref().map(|process| process.exit);
        let (code, signal) = match exit {
            Some(Exit::Code(code)) => (Some(code), None),
            Some(Exit::Signal(signal)) => (None, Some(signal)),
            None => (None, None),
        };
        Rest {
            code,
            signal,
            output: extra.process.as_ref().map(|process| process.output.clone()),
            params: extra.params.clone(),
            result: extra.result.clone(),
            version: extra.version.clone(),
            cause: extra.cause.clone(),
            upstream: extra.upstream.clone(),
        }
    }
}

impl Rest {
    fn read(self) -> Extra {
        let exit = self.code.map(Exit::Code).or(self.signal.map(Exit::Signal));
        Extra {
            process: exit
                .zip(self.output)
                .map(|(exit, output)| ProcessEnd { exit, output }),
            params: self.params,
            result: self.result,
            version: self.version,
            cause: self.cause,
            upstream: self.upstream,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Handover;
    use crate::log::{Action, Cause, Exit, Extra, Fact, Past, ProcessEnd, Record, RunRef, Write};
    use crate::param::RunId;
    use crate::time::Timestamp;

    fn record(run_id: RunId, action: Action, extra: Option<Extra>) -> Record {
        let at = Timestamp::from_micros(1_767_225_600_000_000);
        Record {
            task: "reports::\"daily\"".into(),
            run_id,
            action,
            created: at,
            due: Timestamp::MIN,
            start: at,
            message: action.is_end().then(|| "bye\n".into()),
            extra: extra.map(Into::into),
        }
    }

    #[test]
    fn what_is_left_is_read_back_as_it_was() {
        let process = |exit| Extra {
            process: Some(ProcessEnd {
                exit,
                output: "said".into(),
            }),
            result: Some("[1]".into()),
            ..Extra::default()
        };
        let origin = Extra {
            cause: Some(Cause::Retry { number: 2 }),
            upstream: Box::new([RunRef {
                task: "fetch".into(),
                run_id: RunId::Number(1),
            }]),
            ..Extra::default()
        };
        let records = vec![
            record(RunId::Number(u64::MAX), Action::Run, None),
            record(RunId::from("007"), Action::Run, Some(origin)),
            record(
                RunId::Number(u64::MAX),
                Action::Crash,
                Some(process(Exit::Code(-1))),
            ),
            record(RunId::from("other"), Action::Fail, Some(process(Exit::Signal(9)))),
        ];
        let fact = Fact {
            key: "disabled/x".into(),
            value: Some("true".into()),
        };
        let mut past = Past::default();
        past.note(&Write::records(&records));
        past.note(&Write::facts(&[fact]));
        let left = Handover { past, records };
        let json = left.to_json().unwrap();
        assert_eq!(Handover::from_json(&json).unwrap(), left);
    }

    #[test]
    fn another_form_is_refused() {
        let error = Handover::from_json(br#"{"form": 2, "all": "different"}"#).unwrap_err();
        assert_eq!(error.to_string(), "it has the form 2, and this version reads 1");
    }
}
