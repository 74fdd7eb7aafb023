//! Calendars of a running app: reloads their files, and reports calendars that have run out of days.

use super::Session;
use crate::error::{Error, Kind};
use crate::failure::Part;

impl Session {
    /// Reloads the files of the calendars. If any days have changed, all statements are evaluated again.
    ///
    /// On Linux this happens automatically when a file changes. A file that can't be read is reported in
    /// [`failures`](Self::failures), and its previous days stay in effect.
    pub fn read_calendars(&self) {
        let mut changed = false;
        for (name, dates) in self.0.compiler.calendars() {
            match dates.read() {
                Ok(is_other) => changed |= is_other,
                Err(mistake) => self.fail_calendar(name, &mistake),
            }
        }
        if changed {
            self.change().mark_all();
        }
    }

    /// Reports calendars that were asked about a day after the last day that they know.
    pub(crate) fn check_calendars(&self) {
        for (name, dates) in self.0.compiler.calendars() {
            if let Some(mistake) = dates.take_exceeded() {
                self.fail_calendar(name, &mistake);
            }
        }
    }

    fn fail_calendar(&self, name: &str, mistake: &str) {
        let error = Error::new(Kind::State, format!("calendar `{name}`: {mistake}"));
        self.fail(Part::Calendar, None, error);
    }
}
