//! The phases of shutting down.

use super::Session;
use super::change::Change;
use crate::engine::audit::AuditedAction;
use crate::engine::state::Phase;

impl Session {
    /// Moves the app to a later phase of its shut-down.
    pub(crate) fn close(&self, phase: Phase) {
        let mut change = self.change();
        change.audit(|_| AuditedAction::new("shut-down").to((phase == Phase::Forced).then_some("now")));
        self.close_in(change, phase);
    }

    /// Moves the app to a later phase of its shut-down, as part of a change. A node no longer runs for the
    /// lead.
    pub(super) fn close_in(&self, mut change: Change<'_>, phase: Phase) {
        if let Some(seat) = self.seat() {
            seat.drain();
        }
        let waits_for = self.waits_for(&change, phase);
        change.close(phase);
        drop(change);
        if let Some(tasks) = waits_for {
            self.report_closing("shutting down", phase, &tasks);
        }
    }
}
