//! Routes for lints.

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

/// What to check: the parameters of `GET /api/check`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct CheckFilter {
    /// A statement to check on its own. Without it, the app is checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    /// The time zone of the statement. The default is that of the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
}

pub(super) async fn check(State(api): State<Api>, Asked(filter): Asked<CheckFilter>) -> Reply<Vec<Finding>> {
    api.read(move |api| api.check(&filter)).await.map(Json)
}

impl Api {
    /// Returns schedules that rarely mean what they say: `GET /api/check`. Reads the run log, so it may
    /// block.
    ///
    /// # Errors
    ///
    /// Returns a problem if the log can't be read, if the text is not a statement or is longer than 2,000
    /// bytes, or if there is no such zone.
    pub fn check(&self, filter: &CheckFilter) -> Result<Vec<Finding>, Problem> {
        match &filter.statement {
            Some(text) => self.check_statement(text, filter.zone.as_deref()),
            None if filter.zone.is_some() => Err(Problem::invalid("a zone is for a statement".to_owned())),
            None => Ok(self.session().check()?),
        }
    }

    /// Checks a single statement. Without a zone, the statement follows the clock of the app.
    ///
    /// # Errors
    ///
    /// Returns a problem if the text is not a statement or is longer than 2,000 bytes, or if there is no such
    /// zone.
    pub fn check_statement(&self, text: &str, zone: Option<&str>) -> Result<Vec<Finding>, Problem> {
        let zone = match zone {
            Some(name) => name
                .parse::<Zone>()
                .map_err(|unknown| Problem::invalid(unknown.to_string()))?,
            None => self.session().config().zone,
        };
        bounded(text)?;
        // A misspelt word would be taken for the phrase of a custom condition.
        parse_strict(text).map_err(|mistake| Problem::invalid(mistake.to_string()))?;
        let condition = Condition::parse(text).map_err(|mistake| Problem::invalid(mistake.to_string()))?;
        Ok(check_statement(condition, zone, self.now())?)
    }
}
