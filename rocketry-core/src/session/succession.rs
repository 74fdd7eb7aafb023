//! What an app leaves to the process that goes on with it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::Session;
use super::notes::{BatchNote, Key, PendingNote};
use super::state::{State, Statement};
use crate::cond::Condition;
use crate::error::{Problem, Result};
use crate::log::{Handover, Past, Query, Write};
use crate::param::{Entry, Params, Value, Wire};

/// Facts by their keys.
type Facts = HashMap<Arc<str>, Arc<str>>;

/// What is to be said in a fact. It is put in words without the lock, since that calls functions of the user's.
enum Said {
    Words(String),
    Statement(Condition),
    /// What was set, if it was not removed.
    Param(Option<Entry>),
    Result(Value),
    /// A run that was asked for: of which task, and with what.
    Batch(Arc<str>, Params, bool),
}

impl Session {
    /// What this process leaves to the next one. A log that is not in memory has most of that itself.
    ///
    /// # Errors
    ///
    /// Fails if the log can't be read or written.
    pub(crate) fn hand_over(&self) -> Result<Handover> {
        let (facts, lost) = self.facts();
        for problem in lost {
            tracing::error!("lost with the restart: {problem}");
        }
        if !self.0.log.is_immediate() {
            let unwritten = self.state().notes.take();
            self.0.log.write(&Write::facts(&unwritten))?;
            return Ok(Handover {
                past: Past {
                    facts,
                    ..Past::default()
                },
                records: Vec::new(),
            });
        }
        let past = self.state().past(facts);
        let records = self.log(&Query::new())?;
        Ok(Handover { past, records })
    }

    /// Everything that is not as declared, and the runs that were asked for; besides, what of that has no words.
    pub(super) fn facts(&self) -> (Facts, Vec<Problem>) {
        let said = self.state().said();
        let mut facts = Facts::new();
        let mut problems = Vec::new();
        for (key, said) in said {
            match said.into_words(&key) {
                Ok(Some(words)) => drop(facts.insert(key.to_string().into(), words.into())),
                Ok(None) => {}
                Err(problem) => problems.push(problem),
            }
        }
        (facts, problems)
    }
}

impl State {
    /// The past, with these facts: that of tasks that are not in the app, or not yet, as well.
    fn past(&self, facts: Facts) -> Past {
        let here = self.tasks.iter().filter(|entry| !entry.deleted);
        let here = here.map(|entry| (entry.spec.name.clone(), entry.history.past()));
        let absent = self.absent.iter();
        let absent = absent.filter_map(|(name, known)| Some((name.clone(), known.past()?.clone())));
        let unclaimed = self.absent.values().flat_map(super::recovery::Known::facts);
        Past {
            tasks: here.chain(absent).collect(),
            facts: unclaimed.chain(facts).collect(),
            last_run: self.next_run.checked_sub(1),
            ..Past::default()
        }
    }

    fn said(&self) -> Vec<(Key, Said)> {
        let changed = self.notes.changed();
        let mut said: Vec<_> = changed
            .filter_map(|key| Some((key.clone(), self.said_of(key)?)))
            .collect();
        let mut next = self.notes.next_batch();
        for entry in self.tasks.iter().filter(|entry| !entry.deleted) {
            let name = &entry.spec.name;
            let result = entry.result.get().map(Said::Result);
            said.extend(result.map(|result| (Key::Result(name.clone()), result)));
            for batch in entry.batches.iter() {
                let number = batch.number.unwrap_or(next);
                next = next.max(number + 1);
                let batch = Said::Batch(name.clone(), batch.params.clone(), batch.if_due);
                said.push((Key::Batch(number), batch));
            }
        }
        said.extend(self.pending.starts().map(|(id, later)| {
            let key = Key::Pending(self.task(id).spec.name.clone());
            (key, Said::Words(PendingNote::from(later).words()))
        }));
        said
    }

    fn said_of(&self, key: &Key) -> Option<Said> {
        let entry = |task: &str| self.find_exact(task).map(|id| self.task(id));
        let statement = |statement: &Option<Arc<Statement>>| {
            let statement = statement.as_ref()?;
            Some(Said::Statement(statement.condition.clone()))
        };
        match key {
            Key::Disabled(task) => Some(Said::Words(entry(task)?.disabled.to_string())),
            Key::Priority(task) => Some(Said::Words(entry(task)?.priority.to_string())),
            Key::Start(task) => statement(&entry(task)?.spec.start),
            Key::End(task) => statement(&entry(task)?.spec.rare.end),
            Key::TaskParam(task, name) => Some(Said::Param(entry(task)?.spec.params.get(name).cloned())),
            Key::Param(name) => Some(Said::Param(self.params.get(name).cloned())),
            Key::Result(_) | Key::Batch(_) | Key::Pending(_) => None,
        }
    }
}

impl Said {
    /// In words; none for what is not worth any.
    fn into_words(self, key: &Key) -> Result<Option<String>, Problem> {
        Ok(Some(match self {
            Said::Words(words) => words,
            Said::Statement(condition) => {
                let text = condition.to_string();
                if Condition::parse(&text).is_err() {
                    let message = format!("{} is `{text}`, which can't be read from its text", describe(key));
                    return Err(Problem {
                        message,
                        location: None,
                    });
                }
                serde_json::Value::from(text).to_string()
            }
            Said::Param(None) => "null".to_owned(),
            Said::Param(Some(entry)) if entry.is_secret() => {
                // Where a secret comes from, the next process knows as well as this one did.
                tracing::warn!("{} is secret: it is as declared after the restart", describe(key));
                return Ok(None);
            }
            Said::Param(Some(entry)) => words(&wire(&entry, || describe(key))?),
            // Nothing is lost to those who take it: it is there when the task has run next.
            Said::Result(value) => return Ok(value.noted().ok().map(|json| json.to_string())),
            Said::Batch(task, params, if_due) => {
                let of = |name: &str| {
                    format!("the parameter `{name}` of a run of task `{task}` that was asked for")
                };
                let params = params
                    .iter()
                    .map(|(name, entry)| Ok((name.to_owned(), wire(entry, || of(name))?)));
                let params = params.collect::<Result<BTreeMap<_, _>, Problem>>()?;
                words(&BatchNote {
                    task: task.to_string(),
                    params,
                    if_due,
                })
            }
        }))
    }
}

fn words(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("JSON has words for JSON")
}

fn wire(entry: &Entry, what: impl Fn() -> String) -> Result<Wire, Problem> {
    super::notes::noted(entry).map_err(|why| Problem {
        message: format!("{} can't be written down: {why}", what()),
        location: entry.location(),
    })
}

fn describe(key: &Key) -> String {
    match key {
        Key::Start(task) => format!("the start condition of task `{task}`"),
        Key::End(task) => format!("the end condition of task `{task}`"),
        Key::TaskParam(task, name) => format!("the parameter `{name}` of task `{task}`"),
        Key::Param(name) => format!("the parameter `{name}` of the session"),
        other => other.to_string(),
    }
}
