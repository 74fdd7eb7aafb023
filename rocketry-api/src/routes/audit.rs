//! Routes for the audit log.

use axum::extract::State;
use rocketry_core::AuditEntry;
use serde::{Deserialize, Serialize};

use super::extract::Asked;
use crate::page::{Page, page_limit};
use crate::problem::Problem;
use crate::reply::{Json, Reply};
use crate::state::Api;

/// A filter for entries of the audit log: the parameters of `GET /api/audit`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct AuditFilter {
    /// Entries about this task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// Entries of this person or program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Entries of this action, such as `set-start`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The cursor of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// The maximum number of items: 100 by default, at most 1,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(format = "uint64"))]
    pub limit: Option<usize>,
}

pub(super) async fn page(
    State(api): State<Api>,
    Asked(filter): Asked<AuditFilter>,
) -> Reply<Page<AuditEntry>> {
    api.audit(&filter).map(Json)
}

impl Api {
    /// Returns a page of the audit log, newest first: `GET /api/audit`. The audit log is in memory.
    ///
    /// # Errors
    ///
    /// Returns a problem if the cursor is invalid, or if there is no such task.
    pub fn audit(&self, filter: &AuditFilter) -> Result<Page<AuditEntry>, Problem> {
        let task = filter.task.as_deref().map(|name| self.task(name)).transpose()?;
        let before = match &filter.cursor {
            None => u64::MAX,
            Some(cursor) => cursor.parse().map_err(|_| {
                Problem::invalid(format!("`{cursor}` is not a cursor of a page of the audit log"))
            })?,
        };
        let limit = page_limit(filter.limit);
        let mut items = self.session().audit_before(before, usize::MAX);
        items.retain(|entry| {
            let is_by = filter.by.is_none() || entry.by.as_deref() == filter.by.as_deref();
            let is_action = filter
                .action
                .as_deref()
                .is_none_or(|action| action == &*entry.action);
            is_by
                && is_action
                && task
                    .as_ref()
                    .is_none_or(|task| entry.task.as_deref() == Some(task.name()))
        });
        let more = items.len() > limit;
        items.truncate(limit);
        let last = items.last().filter(|_| more);
        let next = last.map(|entry| entry.number.to_string());
        Ok(Page { items, next })
    }
}
