//! Parses queries.

use std::fmt::Display;
use std::ops::Range;
use std::str::FromStr;
use std::time::Duration;

use rocketry_core::time::Span;
use rocketry_core::{Action, RunId, Timestamp};
use rocketry_syntax::Delta;
use rocketry_syntax::suggest::nearest;

use super::log_query::LogQuery;
use super::term::{Term, terms};
use crate::instant::Reading;
use crate::problem::Problem;

/// The keys before the colon.
const KEYS: [&str; 17] = [
    "task", "action", "run", "since", "until", "created", "due", "start", "end", "runtime", "lateness",
    "param.", "message", "output", "result", "exit", "signal",
];

impl LogQuery {
    /// Parses a query.
    ///
    /// ```
    /// # use rocketry_api::{LogQuery, instant::{Reading, Side}};
    /// use rocketry::{Action, Zone};
    ///
    /// let reading = Reading {
    ///     now: "2026-03-01T12:00:00Z".parse().unwrap(),
    ///     zone: Zone::UTC,
    ///     side: Side::Past,
    /// };
    /// let query = LogQuery::parse("task:fetch action:fail since:2h", &reading)?;
    /// assert_eq!(query.query.tasks, ["fetch"]);
    /// assert_eq!(query.query.actions, [Action::Fail]);
    ///
    /// let mistake = LogQuery::parse("taks:fetch", &reading).unwrap_err();
    /// assert_eq!(mistake.nearest.as_deref(), Some("task"));
    /// # Ok::<(), rocketry_api::Problem>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns a problem that quotes the term, describes what was expected and suggests the most similar
    /// word.
    pub fn parse(text: &str, reading: &Reading) -> Result<Self, Problem> {
        let mut query = LogQuery::default();
        for term in terms(text)? {
            add(&mut query, &term, reading)?;
        }
        Ok(query)
    }
}

/// Adds a term to a query.
fn add(to: &mut LogQuery, term: &Term, reading: &Reading) -> Result<(), Problem> {
    let value = term.value.as_str();
    let Some(key) = &term.key else {
        return set("a bare word", &mut to.query.message, value.to_owned());
    };
    if value.is_empty() {
        return Err(Problem::invalid(format!("`{key}:` has no value")));
    }
    let query = &mut to.query;
    match key.as_str() {
        "task" => query
            .tasks
            .extend(term.list.iter().filter(|name| !name.is_empty()).cloned()),
        "action" => {
            for word in list(value) {
                query.actions.push(action(word)?);
            }
        }
        "run" => set(key, &mut query.run_id, RunId::from(value))?,
        "since" => within(key, &mut query.created, instant(reading, value)?..Timestamp::MAX)?,
        "until" => within(key, &mut query.created, Timestamp::MIN..instant(reading, value)?)?,
        "created" => within(key, &mut query.created, instants(reading, value)?)?,
        "due" => within(key, &mut query.due, instants(reading, value)?)?,
        "start" => within(key, &mut query.start, instants(reading, value)?)?,
        "end" => within(key, &mut query.end, instants(reading, value)?)?,
        "runtime" => set(key, &mut query.runtime, lengths(key, value)?)?,
        "lateness" => set(key, &mut query.lateness, lengths(key, value)?)?,
        "message" => set(key, &mut query.message, value.to_owned())?,
        "output" => set(key, &mut query.output, value.to_owned())?,
        "result" => set(key, &mut query.result, value.to_owned())?,
        "exit" => set(key, &mut query.exit_code, number(key, value)?)?,
        "signal" => set(key, &mut query.exit_signal, number(key, value)?)?,
        "version" => set(key, &mut query.version, value.to_owned())?,
        other => match other.strip_prefix("param.").filter(|name| !name.is_empty()) {
            Some(name) => to.params.push((name.to_owned(), value.to_owned())),
            None => return Err(unknown(other)),
        },
    }
    Ok(())
}

fn unknown(key: &str) -> Problem {
    let words = KEYS.join(", ").replace("param.", "param.NAME");
    let message = format!("`{key}:` is not a term of a query: expected one of {words}, version");
    Problem::invalid(message).near(nearest(key, KEYS.into_iter().chain(["version"])).map(str::to_owned))
}

/// Sets a value that may only be given once.
fn set<T>(key: &str, to: &mut Option<T>, value: T) -> Result<(), Problem> {
    match to.replace(value) {
        None => Ok(()),
        Some(_) => Err(Problem::invalid(format!("`{key}` is given twice"))),
    }
}

/// Narrows a range of instants.
fn within(key: &str, to: &mut Option<Span>, range: Range<Timestamp>) -> Result<(), Problem> {
    let before = to.unwrap_or(Span::new(Timestamp::MIN, Timestamp::MAX));
    let (start, end) = (before.start.max(range.start), before.end.min(range.end));
    if start >= end {
        return Err(Problem::invalid(format!(
            "`{key}`: the range is empty, from {start} to {end}"
        )));
    }
    *to = Some(Span::new(start, end));
    Ok(())
}

fn list(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|word| !word.is_empty())
}

fn action(word: &str) -> Result<Action, Problem> {
    let names = || Action::ALL.iter().map(|action| action.name());
    word.parse().map_err(|_| {
        let expected = names().collect::<Vec<_>>().join(", ");
        let message = format!("`{word}` is not an action: expected one of {expected}");
        Problem::invalid(message).near(nearest(word, names()).map(str::to_owned))
    })
}

fn instant(reading: &Reading, text: &str) -> Result<Timestamp, Problem> {
    reading.instant(text).map_err(mistake)
}

/// `2026-01-31`, `2026-01-01..2026-02-01`, `..2h`, `2h..`: the end of a range is exclusive.
fn instants(reading: &Reading, text: &str) -> Result<Range<Timestamp>, Problem> {
    let Some((from, to)) = text.split_once("..") else {
        let (start, end) = reading.span(text).map_err(mistake)?;
        return Ok(start..end.unwrap_or(start.saturating_add(Delta(1))));
    };
    let bound = |text: &str, open| {
        if text.is_empty() {
            Ok(open)
        } else {
            instant(reading, text)
        }
    };
    Ok(bound(from, Timestamp::MIN)?..bound(to, Timestamp::MAX)?)
}

/// `>10s`, `<1m`, `10s..1m`.
fn lengths(key: &str, text: &str) -> Result<Range<Duration>, Problem> {
    let length = |text: &str| {
        let length: Result<Delta, _> = text.trim().parse();
        length
            .map(Duration::from)
            .map_err(|mistake| Problem::invalid(format!("`{key}`: {mistake}")))
    };
    if let Some(least) = text.strip_prefix('>') {
        return Ok(length(least)?..Duration::MAX);
    }
    if let Some(most) = text.strip_prefix('<') {
        return Ok(Duration::ZERO..length(most)?);
    }
    match text.split_once("..") {
        Some((least, most)) => Ok(length(least)?..length(most)?),
        None => Err(Problem::invalid(format!(
            "`{key}:{text}` is not a range: expected one such as `{key}:>10s`, `{key}:<1m` or `{key}:10s..1m`"
        ))),
    }
}

fn number<T: FromStr>(key: &str, text: &str) -> Result<T, Problem> {
    text.parse()
        .map_err(|_| Problem::invalid(format!("`{key}:{text}`: expected a whole number")))
}

fn mistake(mistake: impl Display) -> Problem {
    Problem::invalid(mistake.to_string())
}
