//! The route for the next starts of a task or of a statement.

use axum::extract::State;
use rocketry_core::{Condition, Preview, TaskInfo, Zone, preview};
use rocketry_syntax::parse_strict;
use serde::{Deserialize, Serialize};

use super::extract::Asked;
use super::statement::bounded;
use crate::problem::{Problem, ProblemKind, meant};
use crate::reply::{Json, Reply};
use crate::state::Api;
use crate::types::{NextStart, NextStarts};

/// The default number of starts.
const USUAL: usize = 10;

/// The maximum work for the starts of a statement from an untrusted source: a few milliseconds.
const STEPS: u64 = 20_000;

/// The maximum number of starts.
const MOST: usize = 10_000;

/// Which starts to return: the parameters of `GET /api/next`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct NextFilter {
    /// The name of a task, or a statement.
    pub of: String,
    /// The number of starts: 10 by default, at most 10,000. For a statement, the work is limited, which `end`
    /// reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(format = "uint64"))]
    pub count: Option<usize>,
    /// The time zone of a statement. The default is that of the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
}

pub(super) async fn starts(State(api): State<Api>, Asked(filter): Asked<NextFilter>) -> Reply<NextStarts> {
    api.read(move |api| api.next(&filter)).await.map(Json)
}

impl Api {
    /// Returns the next starts of a task or of a statement: `GET /api/next`.
    ///
    /// # Errors
    ///
    /// Returns a problem with the most similar name if the text is neither a task nor a statement.
    pub fn next(&self, filter: &NextFilter) -> Result<NextStarts, Problem> {
        find(self, filter)
    }
}

fn find(api: &Api, filter: &NextFilter) -> Result<NextStarts, Problem> {
    let zone = filter.zone.as_deref().map(|name| {
        let zone: Result<Zone, _> = name.parse();
        zone.map_err(|unknown| {
            let near = unknown.nearest().map(str::to_owned);
            let nearest = near.clone();
            Problem {
                nearest,
                ..Problem::invalid(unknown.to_string())
            }
        })
    });
    let zone = zone.transpose()?;
    let count = filter.count.unwrap_or(USUAL).min(MOST);
    match api.task(&filter.of) {
        Ok(task) => {
            if zone.is_some() {
                let message = format!(
                    "task `{}` has a zone of its own: a zone is for a statement",
                    task.name()
                );
                return Err(Problem::invalid(message));
            }
            let info = task.info();
            Ok(of_task(&info, task.preview()?, count))
        }
        Err(no_task) => of_statement(api, &filter.of, zone, no_task, count),
    }
}

fn of_task(task: &TaskInfo, mut starts: Preview, count: usize) -> NextStarts {
    let found = starts.by_ref().take(count).map(NextStart::from).collect();
    NextStarts {
        original: task.name.to_string(),
        canonical: task.start.clone(),
        zone: task.zone,
        starts: found,
        end: starts.end().map(ToString::to_string),
    }
}

fn of_statement(
    api: &Api,
    text: &str,
    zone: Option<Zone>,
    no_task: Problem,
    count: usize,
) -> Result<NextStarts, Problem> {
    bounded(text)?;
    // Custom conditions can't be predicted, and a misspelt name would be taken for one.
    parse_strict(text).map_err(|mistake| neither(text, no_task.clone(), &mistake.to_string()))?;
    let condition = Condition::parse(text).map_err(|mistake| neither(text, no_task, &mistake.to_string()))?;
    let zone = zone.unwrap_or(api.session().config().zone);
    let canonical = condition.to_string();
    let mut starts = preview(condition, zone, api.now())?.within_steps(STEPS);
    let found = starts.by_ref().take(count).map(NextStart::from).collect();
    Ok(NextStarts {
        original: text.to_owned(),
        canonical: Some(canonical),
        zone,
        starts: found,
        end: starts.end().map(ToString::to_string),
    })
}

/// The problem for a text that is neither a task nor a statement. A single word is treated as a task, unless
/// it resembles a word of statements.
fn neither(text: &str, no_task: Problem, mistake: &str) -> Problem {
    let is_like_statement = text.contains(' ') || meant(mistake).is_some();
    if no_task.nearest.is_some() || !is_like_statement {
        return Problem {
            kind: ProblemKind::NotFound,
            ..no_task
        };
    }
    let message = format!("`{text}` is neither a task nor a statement: {mistake}");
    Problem::told(ProblemKind::Invalid, message)
}
