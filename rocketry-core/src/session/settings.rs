//! The current settings, and how they change while the app runs.

use std::sync::Arc;

use super::Session;
use crate::config::Config;
use crate::error::{Error, Kind, Problem, Result};

impl Session {
    /// Returns the current settings: those with which the app was built, with later
    /// [changes](Self::change_settings).
    pub fn settings(&self) -> Config {
        Config::clone(&self.in_force())
    }

    /// Changes settings while the app runs: either all of them or none. `edit` receives the current settings;
    /// it may be called several times if other callers change settings at the same time.
    ///
    /// Changes take effect immediately, except for runs and processes in progress. A restart of the app
    /// restores the settings from the code, the file and the environment. [`Config`] lists the settings that
    /// can change.
    ///
    /// ```
    /// use std::time::Duration;
    /// use rocketry::{Result, Session};
    ///
    /// fn save_disk(session: Session) -> Result<()> {
    ///     session.change_settings(|config| config.log_keep_for = Some(Duration::from_secs(7 * 86_400)))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_state`] is true if a setting can't change while the app runs, or would allow no run at
    /// all, and [`Error::is_not_found`] if there is no such pool. The message names each mistake; then
    /// nothing has changed.
    pub fn change_settings(&self, edit: impl Fn(&mut Config)) -> Result<()> {
        loop {
            let before = self.in_force();
            let mut after = Config::clone(&before);
            edit(&mut after);
            check(&before, &after)?;
            let mut change = self.change();
            if !Arc::ptr_eq(&change.settings, &before) {
                continue;
            }
            change.audit_settings(&before, &after);
            return change
                .put_settings(after)
                .map_err(|mistake| Error::new(Kind::NotFound, mistake));
        }
    }

    pub(crate) fn in_force(&self) -> Arc<Config> {
        self.state().settings.clone()
    }
}

fn check(before: &Config, after: &Config) -> Result<()> {
    let fixed = before.fixed_that_differ(after);
    let fixed = fixed.map(|(name, why)| format!("`{name}` can't change while the app runs: {why}"));
    let removed = before
        .pools
        .keys()
        .filter(|name| !after.pools.contains_key(*name));
    let removed = removed.map(|name| format!("the pool `{name}` can't be removed: tasks use it"));
    let problems: Vec<Problem> = fixed
        .chain(removed)
        .chain(after.without_room())
        .map(|message| Problem {
            message: format!("settings: {message}"),
            location: None,
        })
        .collect();
    if problems.is_empty() {
        return Ok(());
    }
    Err(Error::build(Kind::State, problems))
}
