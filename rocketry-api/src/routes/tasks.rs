//! Routes for tasks.

use axum::extract::State;
use rocketry_core::{Status, Task, TaskInfo, Timestamp};
use rocketry_syntax::suggest::nearest;
use serde::{Deserialize, Serialize};

use super::extract::{Asked, Named};
use super::sorting::Sorting;
use crate::instant::Side;
use crate::page::{Page, long_page_limit};
use crate::problem::Problem;
use crate::reply::{Json, Reply};
use crate::state::Api;

/// A filter for tasks: the parameters of `GET /api/tasks`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct TaskFilter {
    /// Tasks with one of these statuses, separated by commas: `running`, `never`, `disabled`, `paused`, or
    /// the name of an action such as `fail`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Tasks that are due before an instant, such as `1h`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_within: Option<String>,
    /// Tasks whose name contains this text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Tasks whose name, description, group or start condition contains this text, ignoring case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// The sort key: `name`, `status`, `priority`, `next_due` or `last` (the last end of a run); a leading
    /// `-` reverses the order. The default is the order in which the tasks were declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    /// The cursor of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// The maximum number of items: 1,000 by default, which is also the limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(format = "uint64"))]
    pub limit: Option<usize>,
}

/// The statuses for the filter.
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

/// A parsed filter.
struct Wanted {
    statuses: Vec<String>,
    due_before: Option<Timestamp>,
    name: Option<String>,
    search: Option<String>,
}

pub(super) async fn list(State(api): State<Api>, Asked(filter): Asked<TaskFilter>) -> Reply<Page<TaskInfo>> {
    api.read(move |api| api.tasks(&filter)).await.map(Json)
}

impl Api {
    /// Returns a page of tasks: `GET /api/tasks`.
    ///
    /// # Errors
    ///
    /// Returns a problem if the filter has a mistake.
    pub fn tasks(&self, filter: &TaskFilter) -> Result<Page<TaskInfo>, Problem> {
        let wanted = Wanted::read(filter, self)?;
        let limit = long_page_limit(filter.limit);
        let order = filter.sort.as_deref().map(Sorting::read).transpose()?;
        let tasks = self.session().tasks();
        let all = tasks.iter().enumerate();
        let mut admitted = all.filter(|(_, task)| wanted.admits(task));
        let (shown, next) = match order {
            None => {
                let first = first_after(filter.cursor.as_deref())?;
                let left = admitted.skip_while(|(index, _)| *index < first);
                let mut shown: Vec<usize> = left.map(|(index, _)| index).take(limit + 1).collect();
                let next = (shown.len() > limit).then(|| shown.pop()).flatten();
                (shown, next.map(|index| index.to_string()))
            }
            Some(order) => order.page(&mut admitted, filter.cursor.as_deref(), limit)?,
        };
        let items = shown.into_iter().map(|index| tasks[index].info()).collect();
        Ok(Page { items, next })
    }
}

pub(super) async fn one(State(api): State<Api>, Named(task): Named) -> Reply<TaskInfo> {
    let found = api.read(move |api| Ok(api.task(&task)?.info()));
    found.await.map(Json)
}

fn first_after(cursor: Option<&str>) -> Result<usize, Problem> {
    let Some(cursor) = cursor else { return Ok(0) };
    cursor
        .parse()
        .map_err(|_| Problem::invalid(format!("`{cursor}` is not a cursor of a page of tasks")))
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
            search: filter.search.as_deref().map(str::to_lowercase),
        })
    }

    /// Returns true if a task matches. The most expensive checks come last.
    fn admits(&self, task: &Task) -> bool {
        let is_due = |before: Timestamp| task.next_due().is_some_and(|due| due <= before);
        let has_status = || self.statuses.iter().any(|wanted| stands(task, wanted));
        self.name.as_deref().is_none_or(|text| task.name().contains(text))
            && (self.statuses.is_empty() || has_status())
            && self.search.as_deref().is_none_or(|text| mentions(task, text))
            && self.due_before.is_none_or(is_due)
    }
}

/// Whether the name, the description, the group or the start condition of a task contains a text in lower case.
fn mentions(task: &Task, text: &str) -> bool {
    let has = |part: &str| part.to_lowercase().contains(text);
    let start = || task.start_condition().map(|start| start.to_string());
    has(task.name())
        || task.description().is_some_and(has)
        || task.group().as_deref().is_some_and(has)
        || start().as_deref().is_some_and(has)
}

fn status(word: &str) -> Result<String, Problem> {
    if STATUSES.contains(&word) {
        return Ok(word.to_owned());
    }
    let message = format!(
        "`{word}` is not a status: expected one of {}",
        STATUSES.join(", ")
    );
    Err(Problem::invalid(message).near(nearest(word, STATUSES).map(str::to_owned)))
}

/// Whether a task has a status.
fn stands(task: &Task, wanted: &str) -> bool {
    match wanted {
        "disabled" => task.is_disabled(),
        "paused" => task.is_paused(),
        _ => match task.status() {
            Status::Never => wanted == "never",
            Status::Running => wanted == "running",
            Status::Ended(action) => wanted == action.name(),
        },
    }
}
