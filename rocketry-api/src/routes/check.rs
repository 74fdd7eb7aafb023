//! Schedules that are rarely meant as they are written.

use axum::extract::State;
use rocketry_core::check::{Finding, check_statement};
use rocketry_core::{Condition, Zone};
use rocketry_syntax::parse_strict;
use serde::{Deserialize, Serialize};

use super::extract::Asked;
use super::statement::bounded;
use crate::problem::Problem;
use crate::reply::{Json, Reply};
use crate::state::Api;

/// What is checked: the parameters of `GET /api/check`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct CheckFilter {
    /// A statement, to check it alone. Without it, the app is checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    /// The zone of the statement. The default is that of the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
}

pub(super) async fn check(State(api): State<Api>, Asked(filter): Asked<CheckFilter>) -> Reply<Vec<Finding>> {
    api.read(move |api| api.check(&filter)).await.map(Json)
}

impl Api {
    /// Schedules that are rarely meant as they are written: what `GET /api/check` answers. It reads the run log, so it may
    /// block.
    ///
    /// # Errors
    ///
    /// Returns a problem if the log can't be read, if the text is no statement or has more than 2,000 bytes, or if there is no
    /// such zone.
    pub fn check(&self, filter: &CheckFilter) -> Result<Vec<Finding>, Problem> {
        match &filter.statement {
            Some(text) => self.check_statement(text, filter.zone.as_deref()),
            None if filter.zone.is_some() => Err(Problem::invalid("a zone is for a statement".to_owned())),
            None => Ok(self.session().check()?),
        }
    }

    /// Checks a statement alone: what it is rarely meant to do, and what to write instead. Without a zone, it follows the
    /// clock of the app.
    ///
    /// # Errors
    ///
    /// Returns a problem if the text is no statement or has more than 2,000 bytes, or if there is no such zone.
    pub fn check_statement(&self, text: &str, zone: Option<&str>) -> Result<Vec<Finding>, Problem> {
        let zone = match zone {
            Some(name) => name
                .parse::<Zone>()
                .map_err(|unknown| Problem::invalid(unknown.to_string()))?,
            None => self.session().config().zone,
        };
        bounded(text)?;
        // A misspelt word would pass for the phrase of a custom condition.
        parse_strict(text).map_err(|mistake| Problem::invalid(mistake.to_string()))?;
        let condition = Condition::parse(text).map_err(|mistake| Problem::invalid(mistake.to_string()))?;
        Ok(check_statement(condition, zone, self.now())?)
    }
}
