//! Schedules that are rarely meant as they are written.

use rocketry_core::check::{Finding, check_statement};
use rocketry_core::{Condition, Zone};

use crate::problem::Problem;
use crate::state::Api;

impl Api {
    /// Checks a statement alone: what it is rarely meant to do, and what to write instead. Without a zone, it follows the
    /// clock of the app.
    ///
    /// # Errors
    ///
    /// Returns a problem if the text is no statement, or if there is no such zone.
    pub fn check_statement(&self, text: &str, zone: Option<&str>) -> Result<Vec<Finding>, Problem> {
        let zone = match zone {
            Some(name) => name
                .parse::<Zone>()
                .map_err(|unknown| Problem::invalid(unknown.to_string()))?,
            None => self.session().config().zone,
        };
        let condition = Condition::parse(text).map_err(|mistake| Problem::invalid(mistake.to_string()))?;
        Ok(check_statement(condition, zone, self.now())?)
    }
}
