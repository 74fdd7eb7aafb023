//! Conditions by the clock of a time zone.

use super::arg;
use crate::cond::{Condition, in_zone};

impl Condition {
    /// Uses the clock of a time zone for the windows, days and dates of the condition, except those with their own
    /// zone.
    ///
    /// ```
    /// use rocketry::conds::*;
    ///
    /// let trading = daily.at("09:30") & on_days("weekdays");
    /// assert_eq!(
    ///     trading.in_zone("America/New_York").to_string(),
    ///     "daily at 09:30 in America/New_York & on weekdays in America/New_York",
    /// );
    /// ```
    #[track_caller]
    #[must_use]
    pub fn in_zone(self, zone: &str) -> Self {
        match arg::zone(zone) {
            Ok(zone) => Condition::new(in_zone(self.into_expr(), zone)),
            Err(mistake) => mistake.into(),
        }
    }
}
