//! The value behind a leaf of a statement, and the events that may change it.

use std::sync::Arc;

use rocketry_syntax::ast::{Basis, Compare, Count, Delta, Every, Retry, Since};

use super::evidence::{Evidence, OpenRun, PastAction, Window};
use super::reader::Reader;
use super::trigger::Trigger;
use crate::cond::{Node as Part, Who, actions, ends, uses};
use crate::log::Action;
use crate::param::Entry;
use crate::task_id::TaskId;
use crate::time::{Period, Remembered, Span, Timestamp};

/// The maximum number of runs to list.
pub(super) const MOST_RUNS: usize = 20;

/// The value behind a leaf.
pub(super) fn evidence(reader: &Reader<'_>, leaf: &Part) -> Evidence {
    let seen = &reader.seen;
    if !reader.knows(leaf) {
        return Evidence::NotKnown;
    }
    match leaf {
        Part::Every(every) => interval(reader, every),
        Part::Once {
            who, period, basis, ..
        } => once(reader, *who, period, *basis, leaf),
        Part::TimeOf(period) => Evidence::Window {
            current: current(reader, period),
            next: next(reader, period),
        },
        Part::After { outcome, task, delay } => ended(reader, *task, ends(*outcome), *delay),
        Part::Status {
            who,
            event,
            within,
            count,
        } => tally(reader, *who, actions(*event), within.as_deref(), count),
        Part::Running { who, which } => running(reader, *who, &which.1),
        Part::Retry(retry) => again(reader, retry, leaf),
        Part::SchedulerRunning(_) | Part::SchedulerStarted(_) => Evidence::Scheduler {
            started: seen.facts.startup(),
        },
        Part::SchedulerCycles(count) => Evidence::Cycles {
            count: seen.facts.cycles(),
            wanted: wanted(count),
        },
        Part::AtMostRuns(limit) => Evidence::Runs {
            count: seen.history(None).total(Action::Run),
            limit: *limit,
        },
        Part::ParamExists(name) | Part::ParamIs { name, .. } => param(reader, name),
        Part::Custom(index) => custom(reader, *index),
        Part::Constant(_) | Part::All(_) | Part::Any(_) | Part::Not(_) => Evidence::Constant,
    }
}

fn ended(reader: &Reader<'_>, task: TaskId, actions: &[Action], delay: Delta) -> Evidence {
    let history = reader.seen.history(Some(task));
    let ended = actions.iter().filter_map(|end| history.last(*end)).max();
    let delayed = |ended: Timestamp| (!delay.is_zero()).then(|| ended.saturating_add(delay));
    Evidence::Ended {
        task: reader.name(Some(task)),
        actions: actions.to_vec(),
        ended,
        delay_over: ended.and_then(delayed),
        started: reader.seen.history(None).counted().start.map(|start| start.at),
    }
}

fn interval(reader: &Reader<'_>, every: &Every) -> Evidence {
    let known = reader.seen.interval(every);
    Evidence::Interval {
        last: known.map(|(last, _)| last),
        next: known.map(|(_, next)| next),
    }
}

fn once(reader: &Reader<'_>, who: Who, period: &Remembered, basis: Basis, leaf: &Part) -> Evidence {
    let history = reader.seen.history(who);
    let past = |action: &Action| {
        let at = history.last(*action)?;
        Some(PastAction { action: *action, at })
    };
    let current = current(reader, period);
    let is_due = reader.verdict(leaf, reader.now()).is_true();
    Evidence::Period {
        task: reader.name(who),
        used_up: current.is_some() && !is_due,
        current,
        next: next(reader, period),
        last: uses(basis).iter().filter_map(past).max_by_key(|past| past.at),
    }
}

fn current(reader: &Reader<'_>, period: &Remembered) -> Option<Window> {
    let current = period.around(reader.now(), reader.seen.zone).current?;
    Some(Window {
        start: Some(current.start).filter(|start| *start > Timestamp::MIN),
        end: Some(current.end).filter(|end| *end < Timestamp::MAX),
    })
}

fn next(reader: &Reader<'_>, period: &Remembered) -> Option<Timestamp> {
    let next = period.around(reader.now(), reader.seen.zone).next();
    Some(next).filter(|next| *next < Timestamp::MAX && period.is_steady())
}

fn tally(
    reader: &Reader<'_>,
    who: Who,
    actions: &[Action],
    within: Option<&Period>,
    count: &Count,
) -> Evidence {
    let history = reader.seen.history(who);
    let span = within.map(|period| reader.seen.counted_span(period));
    let number = |action: &Action| match span {
        None => history.total(*action),
        Some(span) => span.map_or(0, |span: Span| history.count(*action, span)),
    };
    Evidence::Count {
        task: reader.name(who),
        actions: actions.to_vec(),
        count: actions.iter().map(number).sum(),
        wanted: wanted(count),
        from: span.flatten().map(|span| span.start),
        last: actions.iter().filter_map(|action| history.last(*action)).max(),
    }
}

fn running(reader: &Reader<'_>, who: Who, count: &Count) -> Evidence {
    let task = reader.name(who);
    let open = reader.seen.history(who).open();
    let runs = open.iter().take(MOST_RUNS).map(|run| OpenRun {
        task: task.clone(),
        run_id: run.run_id.clone(),
        start: run.start,
    });
    Evidence::Running {
        runs: runs.collect(),
        count: open.len() as u64,
        wanted: wanted(count),
        task,
    }
}

fn again(reader: &Reader<'_>, retry: &Retry, leaf: &Part) -> Evidence {
    let counted = reader.seen.history(None).counted();
    let until = reader.verdict(leaf, reader.now()).until;
    Evidence::Retry {
        failures: counted.fails,
        limit: retry.limit,
        failed_at: counted.failed_at,
        again_at: Some(until).filter(|until| *until < Timestamp::MAX),
    }
}

fn param(reader: &Reader<'_>, name: &str) -> Evidence {
    let entry = reader.seen.facts.params().get(name);
    let shown = entry.filter(|entry| !entry.is_secret());
    Evidence::Param {
        name: name.to_owned(),
        exists: entry.is_some(),
        value: shown.and_then(Entry::plain_text),
    }
}

fn custom(reader: &Reader<'_>, index: usize) -> Evidence {
    let asked = reader.asked_of(index);
    Evidence::Custom {
        answer: asked.map(|asked| asked.answer),
        asked: asked.map(|asked| asked.at),
        took_micros: asked.map(|asked| u64::try_from(asked.took.as_micros()).unwrap_or(u64::MAX)),
        error: asked.and_then(|asked| asked.error.clone()),
        counts_until: asked.map(|asked| reader.counts_until(asked)),
    }
}

/// The required number: `at least 3`.
fn wanted(count: &Count) -> String {
    if count.0.is_empty() {
        return "at least 1".to_owned();
    }
    let each = count.0.iter().map(|(compare, number)| {
        let compare = match compare {
            Compare::Equal => "exactly",
            Compare::NotEqual => "not",
            Compare::Less => "less than",
            Compare::AtMost => "at most",
            Compare::More => "more than",
            Compare::AtLeast => "at least",
        };
        format!("{compare} {number}")
    });
    each.collect::<Vec<_>>().join(" and ")
}

/// The events that may change the truth of a leaf.
pub(super) fn triggers(reader: &Reader<'_>, leaf: &Part, truth: Option<bool>) -> Vec<Trigger> {
    let run = |who: Who, actions: &[Action]| {
        let (task, actions): (Arc<str>, _) = (reader.name(who), actions.to_vec());
        vec![Trigger::Run { task, actions }]
    };
    match leaf {
        Part::Every(every) if truth == Some(true) => run(None, measured(every.since)),
        Part::Once { who, basis, .. } if truth == Some(true) => run(*who, uses(*basis)),
        Part::After { .. } | Part::Retry(_) | Part::AtMostRuns(_) if truth == Some(true) => {
            run(None, &[Action::Run])
        }
        Part::After { outcome, task, .. } => run(Some(*task), ends(*outcome)),
        Part::Status { who, event, .. } => run(*who, actions(*event)),
        Part::Running { who, .. } => run(*who, &Action::OF_RUNS),
        Part::Retry(_) => run(None, &[Action::Fail]),
        Part::SchedulerCycles(_) => vec![Trigger::Cycle],
        Part::ParamExists(name) | Part::ParamIs { name, .. } => vec![Trigger::Param {
            name: name.to_string(),
        }],
        Part::Custom(_) => vec![Trigger::Answer],
        _ => Vec::new(),
    }
}

fn measured(since: Since) -> &'static [Action] {
    match since {
        Since::Start => &[Action::Run],
        Since::Success => &[Action::Success],
        Since::Fail => &[Action::Fail],
        Since::Finish => uses(Basis::Finish),
    }
}
