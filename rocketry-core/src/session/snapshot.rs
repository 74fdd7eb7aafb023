//! A snapshot of the app for the process that continues it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::Session;
use super::recording::to_wire;
use crate::engine::absent_tasks::AbsentTask;
use crate::engine::backfilling::to_json;
use crate::engine::fact_key::{DeferredFact, FactKey, RequestFact};
use crate::engine::facts::REMOVED;
use crate::engine::option_value::OptionValue;
use crate::engine::overrides::Overridden;
use crate::engine::state::State;
use crate::error::{Problem, Result};
use crate::log::{Cause, CountedFact, Handover, Past, Query, Write};
use crate::param::{Entry, Params, Value, Wire};
use crate::task_id::TaskId;

/// Facts by key.
type Facts = HashMap<Arc<str>, Arc<str>>;

/// The content of a fact. It is converted to JSON without the lock, since that calls user code.
enum Content {
    Json(String),
    /// An option of a task.
    Option(OptionValue, Overridden),
    /// A parameter; `None` if it was removed.
    Param(Option<Entry>),
    Result(Value),
    /// A requested run: its task, its parameters, whether it is only made if the task is due, and its cause.
    Request(Arc<str>, Params, bool, Cause),
}

impl Session {
    /// The state that this process hands over to the next one. A durable log contains most of it already.
    ///
    /// # Errors
    ///
    /// Returns an error if the log can't be read or written.
    pub(crate) fn hand_over(&self) -> Result<Handover> {
        let (facts, lost) = self.facts();
        for problem in lost {
            tracing::error!("lost with the restart: {problem}");
        }
        if !self.0.log.is_immediate() {
            let unwritten = self.state().facts.take();
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

    /// The changes relative to the code, and the requested runs; and the parts of these that can't be
    /// converted to JSON.
    pub(super) fn facts(&self) -> (Facts, Vec<Problem>) {
        let contents = self.state().contents();
        let mut facts = Facts::new();
        let mut problems = Vec::new();
        for (key, contents) in contents {
            match contents.into_json(&key) {
                Ok(Some(words)) => drop(facts.insert(key.to_string().into(), words.into())),
                Ok(None) => {}
                Err(problem) => problems.push(problem),
            }
        }
        (facts, problems)
    }
}

impl State {
    /// The past with these facts, including those of tasks that are not in the app (yet).
    fn past(&self, facts: Facts) -> Past {
        let here = self.tasks.iter().filter(|entry| !entry.deleted);
        let here = here.map(|entry| (entry.spec.name.clone(), entry.runs.history.past()));
        let absent = self.absent.iter();
        let absent = absent.filter_map(|(name, known)| Some((name.clone(), known.past.clone()?)));
        let unclaimed = self.absent.values().flat_map(AbsentTask::to_facts);
        Past {
            tasks: here.chain(absent).collect(),
            facts: unclaimed.chain(facts).collect(),
            last_run: self.next_run.checked_sub(1),
            ..Past::default()
        }
    }

    fn contents(&self) -> Vec<(FactKey, Content)> {
        let overrides = self.facts.overrides();
        let mut contents: Vec<_> = overrides
            .filter_map(|key| Some((key.clone(), self.content_of(key)?)))
            .collect();
        self.add_contents_of_tasks(&mut contents);
        contents.extend(self.deferred.starts().map(|(id, start)| {
            let key = FactKey::Deferred(self.task(id).spec.name.clone());
            (key, Content::Json(DeferredFact::from(start).to_json()))
        }));
        contents.extend(self.steered());
        contents.extend(self.notes.iter().map(|(name, json)| {
            let json = Content::Json(json.to_string());
            (FactKey::Note(name.clone()), json)
        }));
        contents.extend(
            self.audit
                .all()
                .map(|entry| (FactKey::Audit(entry.number), Content::Json(words(entry)))),
        );
        let relayed = Some(self.lead.relayed).filter(|number| *number > 0);
        let relayed = relayed.map(|number| (FactKey::Relayed, Content::Json(number.to_string())));
        contents.extend(relayed);
        contents.extend(self.ended.map(|at| {
            let json = Content::Json(at.as_micros().to_string());
            (FactKey::Ended, json)
        }));
        contents
    }

    fn add_contents_of_tasks(&self, contents: &mut Vec<(FactKey, Content)>) {
        let mut next = self.facts.next_request();
        for entry in self.tasks.iter().filter(|entry| !entry.deleted) {
            let name = &entry.spec.name;
            let result = entry.runs.result.get().map(Content::Result);
            contents.extend(result.map(|result| (FactKey::Result(name.clone()), result)));
            let counted = entry.runs.history.counted_beyond_records();
            let last = entry.runs.history.last_action();
            let counted = counted.map(|counted| Content::Json(CountedFact::now(counted, last).to_json()));
            contents.extend(counted.map(|counted| (FactKey::Counted(name.clone()), counted)));
            let seen = entry
                .spec
                .rare
                .waits_since
                .filter(|_| self.facts.knows_first_seen(name));
            let seen = seen.map(|since| Content::Json(since.as_micros().to_string()));
            contents.extend(seen.map(|seen| (FactKey::FirstSeen(name.clone()), seen)));
            for request in entry.queue.iter() {
                let number = request.number.unwrap_or(next);
                next = next.max(number + 1);
                let content = Content::Request(
                    name.clone(),
                    request.params.clone(),
                    request.if_due,
                    request.cause.clone(),
                );
                contents.push((FactKey::Request(number), content));
            }
        }
    }

    /// The state that holds tasks back, the backfills in progress, and the starts that are being made up for.
    fn steered(&self) -> Vec<(FactKey, Content)> {
        let name = |id: TaskId| self.task(id).spec.name.clone();
        let pauses = self.pauses.iter().map(|pause| {
            let key = FactKey::Paused(pause.scope.clone());
            (key, Content::Json(pause.to_json()))
        });
        let skipping = self.skips.next.iter().map(|id| {
            let key = FactKey::SkipNext(name(*id));
            (key, Content::Json("true".to_owned()))
        });
        let backfills = self.backfills.iter().flat_map(|(id, open)| {
            let order = (FactKey::Backfill(name(id)), Content::Json(to_json(&open.order)));
            let place = (
                FactKey::BackfillPlace(name(id)),
                Content::Json(to_json(&open.place)),
            );
            [order, place]
        });
        let caught_up = self.catch_ups.iter().flat_map(|(id, starts)| {
            let orders = (
                FactKey::CatchUp(name(id)),
                Content::Json(to_json(&starts.order())),
            );
            let place = (
                FactKey::CatchUpPlace(name(id)),
                Content::Json(to_json(&starts.place())),
            );
            [orders, place]
        });
        pauses.chain(skipping).chain(backfills).chain(caught_up).collect()
    }

    fn content_of(&self, key: &FactKey) -> Option<Content> {
        let entry = |task: &str| self.find_exact(task).map(|id| self.task(id));
        match key {
            FactKey::Option(option, task) => {
                let id = self.find_exact(task)?;
                let value = self.task(id).option(*option);
                let overridden = self.facts.options.of(id).find(|(of, _)| of == option);
                Some(Content::Option(value, overridden?.1.clone()))
            }
            FactKey::TaskParam(task, name) => {
                Some(Content::Param(entry(task)?.spec.params.get(name).cloned()))
            }
            FactKey::Param(name) => Some(Content::Param(self.params.get(name).cloned())),
            FactKey::Result(_)
            | FactKey::Audit(_)
            | FactKey::Request(_)
            | FactKey::Deferred(_)
            | FactKey::Crashes(_)
            | FactKey::Ended
            | FactKey::Counted(_)
            | FactKey::Paused(_)
            | FactKey::SkipNext(_)
            | FactKey::FirstSeen(_)
            | FactKey::Backfill(_)
            | FactKey::BackfillPlace(_)
            | FactKey::Note(_)
            | FactKey::CatchUp(_)
            | FactKey::CatchUpPlace(_)
            | FactKey::Relayed => None,
        }
    }
}

impl Content {
    /// The content as JSON; `None` if it is not kept.
    fn into_json(self, key: &FactKey) -> Result<Option<String>, Problem> {
        Ok(Some(match self {
            Content::Json(words) => words,
            Content::Option(value, overridden) => {
                if value.fingerprint().is_none() {
                    let text = value.text().unwrap_or_default();
                    let message = format!("{} is `{text}`, which can't be read from its text", describe(key));
                    return Err(Problem {
                        message,
                        location: None,
                    });
                }
                return Ok(overridden.to_json(Some(value.json())));
            }
            Content::Param(None) => REMOVED.to_owned(),
            Content::Param(Some(entry)) if entry.is_secret() => {
                // The next process gets a secret from the same source as this one.
                tracing::warn!("{} is secret: it is as declared after the restart", describe(key));
                return Ok(None);
            }
            Content::Param(Some(entry)) => words(&wire(&entry, || describe(key))?),
            // A lost result is available again after the next run of the task.
            Content::Result(value) => return Ok(value.noted().ok().map(|json| json.to_string())),
            Content::Request(task, params, if_due, cause) => {
                let of = |name: &str| {
                    format!("the parameter `{name}` of a run of task `{task}` that was asked for")
                };
                let params = params
                    .iter()
                    .map(|(name, entry)| Ok((name.to_owned(), wire(entry, || of(name))?)));
                let params = params.collect::<Result<BTreeMap<_, _>, Problem>>()?;
                words(&RequestFact {
                    task: task.to_string(),
                    params,
                    if_due,
                    cause,
                })
            }
        }))
    }
}

fn words(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("JSON has words for JSON")
}

fn wire(entry: &Entry, what: impl Fn() -> String) -> Result<Wire, Problem> {
    to_wire(entry).map_err(|why| Problem {
        message: format!("{} can't be written down: {why}", what()),
        location: entry.location(),
    })
}

fn describe(key: &FactKey) -> String {
    match key {
        FactKey::Option(option, task) => format!("the {option} condition of task `{task}`"),
        FactKey::TaskParam(task, name) => format!("the parameter `{name}` of task `{task}`"),
        FactKey::Param(name) => format!("the parameter `{name}` of the session"),
        other => other.to_string(),
    }
}
