//! Tasks.

use axum::extract::State;
use rocketry_core::{Status, TaskInfo, Timestamp};
use rocketry_syntax::suggest::nearest;
use serde::{Deserialize, Serialize};

use super::extract::{Asked, Named};
use crate::instant::Side;
use crate::page::{Page, long_page_limit};
use crate::problem::Problem;
use crate::reply::{Json, Reply};
use crate::state::Api;

/// Which tasks are wanted: the parameters of `GET /api/tasks`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TaskFilter {
    /// Tasks with one of these statuses, with commas between them: `running`, `never`, `disabled`, `paused`, or the name of an
    /// action such as `fail`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Tasks that are due before an instant, such as `1h`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_within: Option<String>,
    /// Tasks whose name contains this text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The cursor of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// The most items: 1,000 by default, which is the most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

/// The statuses that tasks can be filtered by.
const STATUSES: [&str; 9] = [
    "running",
    "never",
    "disabled",
    "paused",
    "success",
    "fail",
    "terminate",
    "inaction",
    "crash",
];

/// A filter that has been read.
struct Wanted {
    statuses: Vec<String>,
    due_before: Option<Timestamp>,
    name: Option<String>,
}

pub(super) async fn list(State(api): State<Api>, Asked(filter): Asked<TaskFilter>) -> Reply<Page<TaskInfo>> {
    api.tasks(&filter).map(Json)
}

impl Api {
    /// A page of tasks: what `GET /api/tasks` answers.
    ///
    /// # Errors
    ///
    /// Returns a problem if the filter has a mistake.
    pub fn tasks(&self, filter: &TaskFilter) -> Result<Page<TaskInfo>, Problem> {
        let wanted = Wanted::read(filter, self)?;
        let limit = long_page_limit(filter.limit);
        let first = first_after(filter.cursor.as_deref())?;
        let tasks = self.session().tasks();
        let mut items = Vec::new();
        for (index, task) in tasks.iter().enumerate().skip(first) {
            let info = task.info();
            if !wanted.admits(&info) {
                continue;
            }
            if items.len() == limit {
                let next = Some(index.to_string());
                return Ok(Page { items, next });
            }
            items.push(info);
        }
        Ok(Page { items, next: None })
    }
}

pub(super) async fn one(State(api): State<Api>, Named(task): Named) -> Reply<TaskInfo> {
    Ok(Json(api.task(&task)?.info()))
}

fn first_after(cursor: Option<&str>) -> Result<usize, Problem> {
    let Some(cursor) = cursor else { return Ok(0) };
    cursor
        .parse()
        .map_err(|_| Problem::invalid(format!("`{cursor}` is no cursor of a page of tasks")))
}

impl Wanted {
    fn read(filter: &TaskFilter, api: &Api) -> Result<Self, Problem> {
        let reading = api.reading(Side::Future);
        let due = filter.due_within.as_deref().map(|text| reading.instant(text));
        let due_before = due
            .transpose()
            .map_err(|mistake| Problem::invalid(format!("due_within: {mistake}")))?;
        let statuses = filter.status.as_deref().unwrap_or_default().split(',');
        let statuses = statuses.map(str::trim).filter(|word| !word.is_empty());
        Ok(Wanted {
            statuses: statuses.map(status).collect::<Result<_, _>>()?,
            due_before,
            name: filter.name.clone(),
        })
    }

    fn admits(&self, task: &TaskInfo) -> bool {
        let is_due = |before: Timestamp| task.next_due.is_some_and(|due| due <= before);
        let has_status = self.statuses.is_empty() || self.statuses.iter().any(|wanted| stands(task, wanted));
        has_status
            && self.due_before.is_none_or(is_due)
            && self.name.as_deref().is_none_or(|text| task.name.contains(text))
    }
}

fn status(word: &str) -> Result<String, Problem> {
    if STATUSES.contains(&word) {
        return Ok(word.to_owned());
    }
    let message = format!("`{word}` is no status: expected one of {}", STATUSES.join(", "));
    Err(Problem::invalid(message).near(nearest(word, STATUSES).map(str::to_owned)))
}

/// Whether a task has a status.
fn stands(task: &TaskInfo, wanted: &str) -> bool {
    match task.status {
        _ if wanted == "disabled" => task.disabled,
        _ if wanted == "paused" => task.paused,
        Status::Never => wanted == "never",
        Status::Running => wanted == "running",
        Status::Ended(action) => wanted == action.name(),
    }
}
