//! Calendars of a running app: read again when their files change, and told when they have run out.

use super::Session;
use crate::error::{Error, Kind};
use crate::failure::Part;

impl Session {
    /// Reads the files of the calendars again. All statements are looked at if some days are others than before.
    ///
    /// On Linux this happens by itself whenever a file changes. A file that can't be read is told in
    /// [`failures`](Self::failures), and its days remain as they were.
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

    /// Tells of calendars that were asked about a day after the last that they know.
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
