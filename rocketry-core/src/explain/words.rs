//! The values that parts of a statement see, in words.

use super::clockface::{Clockface, length};
use super::evidence::{Evidence, OpenRun, PastAction, Window};
use super::trigger::noun;
use crate::log::Action;
use crate::time::Timestamp;

impl Evidence {
    /// The value in words, as read at an instant by the clock of a zone.
    pub(super) fn words(&self, face: Clockface) -> String {
        match self {
            Evidence::Constant => "always so".to_owned(),
            Evidence::NotKnown => "not known for that instant".to_owned(),
            Evidence::Interval { last, next } => interval(face, *last, *next),
            Evidence::Period {
                current,
                next,
                used_up,
                last,
                ..
            } => period(face, *current, *next, *used_up, *last),
            Evidence::Window { current, next } => window(face, *current, *next),
            Evidence::Ended {
                actions,
                ended,
                delay_over,
                started,
                ..
            } => ended_words(face, actions, *ended, *delay_over, *started),
            other => other.words_of_numbers(face),
        }
    }

    /// The value in words, if it is a number or what the app knows of itself.
    fn words_of_numbers(&self, face: Clockface) -> String {
        match self {
            Evidence::Count {
                actions,
                count,
                wanted,
                from,
                last,
                ..
            } => {
                let what = format!("{count} of {wanted} {}", nouns(actions, *count));
                counted(face, &what, *from, *last)
            }
            Evidence::Running {
                runs, count, wanted, ..
            } => format!("{count} of {wanted} runs{}", listed(face, runs)),
            Evidence::Retry {
                failures,
                limit,
                failed_at,
                again_at,
            } => retry(face, *failures, *limit, *failed_at, *again_at),
            Evidence::Scheduler { started } => format!("the scheduler started {}", told(face, *started)),
            Evidence::Cycles { count, wanted } => format!("{count} of {wanted} cycles"),
            Evidence::Runs { count, limit } => format!("{count} of {limit} runs have started"),
            Evidence::Param { exists, value, .. } => param(*exists, value.as_deref()),
            Evidence::Custom {
                answer,
                asked,
                took_micros,
                error,
                counts_until,
            } => {
                let asked = answer.zip(*asked);
                custom(face, asked, *took_micros, error.as_deref(), *counts_until)
            }
            _ => String::new(),
        }
    }
}

fn interval(face: Clockface, last: Option<Timestamp>, next: Option<Timestamp>) -> String {
    let Some(last) = last else {
        return "no run yet".to_owned();
    };
    let next = next.map_or_else(String::new, |next| format!(", due {}", face.both(next)));
    format!("last run {}{next}", told(face, last))
}

fn counted(face: Clockface, what: &str, from: Option<Timestamp>, last: Option<Timestamp>) -> String {
    let from = from.map_or_else(String::new, |from| format!(" since {}", face.instant(from)));
    let last = last.map_or_else(String::new, |last| format!(", the last {}", told(face, last)));
    format!("{what}{from}{last}")
}

fn param(exists: bool, value: Option<&str>) -> String {
    match value {
        Some(value) => format!("it is '{value}'"),
        None if exists => "its value is not shown".to_owned(),
        None => "there is no such parameter".to_owned(),
    }
}

/// `06:58:03, 4 min ago`.
fn told(face: Clockface, at: Timestamp) -> String {
    format!("{}, {}", face.instant(at), face.distance(at))
}

fn period(
    face: Clockface,
    current: Option<Window>,
    next: Option<Timestamp>,
    used_up: bool,
    last: Option<PastAction>,
) -> String {
    let last = last.map_or_else(
        || "no run yet".to_owned(),
        |last| format!("last {} {}", noun(last.action), told(face, last.at)),
    );
    let state = match current {
        Some(_) if used_up => "this period has had its run".to_owned(),
        Some(current) => format!("this period ends {}", end(face, current)),
        None => "no period at hand".to_owned(),
    };
    let next = next.map_or_else(String::new, |next| {
        format!("; the next starts {}", face.both(next))
    });
    format!("{last}; {state}{next}")
}

fn window(face: Clockface, current: Option<Window>, next: Option<Timestamp>) -> String {
    match (current, next) {
        (Some(current), _) => format!("open, closes {}", end(face, current)),
        (None, Some(next)) => format!("closed, opens {}", face.both(next)),
        (None, None) => "closed for good".to_owned(),
    }
}

fn end(face: Clockface, window: Window) -> String {
    window
        .end
        .map_or_else(|| "never".to_owned(), |end| face.both(end))
}

fn ended_words(
    face: Clockface,
    actions: &[Action],
    ended: Option<Timestamp>,
    delay_over: Option<Timestamp>,
    started: Option<Timestamp>,
) -> String {
    let what = nouns(actions, 1);
    let Some(ended) = ended else {
        return format!("no {what} yet");
    };
    let delay = delay_over.map_or_else(String::new, |over| {
        format!(", its delay is over {}", face.both(over))
    });
    let started = match started {
        Some(started) if started >= ended => format!("; this task started after it, {}", told(face, started)),
        _ => String::new(),
    };
    format!("last {what} {}{delay}{started}", told(face, ended))
}

/// `success or failure`, `failures`.
fn nouns(actions: &[Action], count: u64) -> String {
    let plural = if count == 1 { "" } else { "s" };
    let each: Vec<String> = actions
        .iter()
        .map(|action| match (noun(*action), plural) {
            ("success", "s") => "successes".to_owned(),
            ("crash", "s") => "crashes".to_owned(),
            (noun, plural) => format!("{noun}{plural}"),
        })
        .collect();
    each.join(" or ")
}

/// `: run 7 since 06:58:03`.
pub(super) fn listed(face: Clockface, runs: &[OpenRun]) -> String {
    let each: Vec<String> = runs
        .iter()
        .map(|run| format!("run {} since {}", run.run_id, face.instant(run.start)))
        .collect();
    if each.is_empty() {
        String::new()
    } else {
        format!(": {}", each.join(", "))
    }
}

fn retry(
    face: Clockface,
    failures: u32,
    limit: Option<u32>,
    failed_at: Option<Timestamp>,
    again_at: Option<Timestamp>,
) -> String {
    let limit = limit.map_or_else(String::new, |limit| format!(", {limit} are made up for"));
    let failed = failed_at.map_or_else(String::new, |at| format!(", the last {}", told(face, at)));
    let again = again_at.map_or_else(String::new, |at| format!("; again {}", face.both(at)));
    let what = nouns(&[Action::Fail], failures.into());
    format!("{failures} {what} in a row{limit}{failed}{again}")
}

fn custom(
    face: Clockface,
    asked: Option<(bool, Timestamp)>,
    took_micros: Option<u64>,
    error: Option<&str>,
    counts_until: Option<Timestamp>,
) -> String {
    let Some((answer, asked)) = asked else {
        return "not evaluated yet".to_owned();
    };
    let took = took_micros.map_or_else(String::new, |micros| {
        format!(", in {}", length(std::time::Duration::from_micros(micros)))
    });
    let stale = counts_until.filter(|until| *until <= face.now);
    let stale = stale.map_or("", |_| ", which no longer counts");
    match error {
        Some(error) => format!("failed {}{took}: {error}{stale}", told(face, asked)),
        None => format!("answered {answer} {}{took}{stale}", told(face, asked)),
    }
}
