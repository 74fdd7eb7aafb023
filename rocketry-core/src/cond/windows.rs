//! The windows of a condition around a start.

use super::plan::{Node, Plan};
use crate::time::{ClockChange, Period, Span, Timestamp, Zone};

impl Plan {
    /// The occurrence that a run due at an instant counts for: that of the first `daily`, `cron` or similar
    /// word in the condition that starts there, otherwise the first that contains the instant.
    pub(crate) fn window(&self, due: Timestamp, zone: Zone) -> Option<Span> {
        let mut found: Option<Span> = None;
        self.root.visit_periods(&mut |period, is_used_up_by_runs| {
            let span = period.span_at(due, zone).filter(|_| is_used_up_by_runs);
            if let Some(span) = span
                && found.is_none_or(|known| known.start < due && span.start == due)
            {
                found = Some(span);
            }
        });
        found
    }

    /// The effect of a change of the clock on a start that is due at an instant.
    pub(crate) fn clock_change(&self, due: Timestamp, zone: Zone) -> Option<ClockChange> {
        let mut found = None;
        self.root.visit_periods(&mut |period, _| {
            if found.is_none() && period.span_at(due, zone).is_some_and(|span| span.start == due) {
                found = period.clock_change(due, zone);
            }
        });
        found
    }
}

impl Node {
    /// Visits the periods of the condition, each with a flag: whether a run uses up its occurrence.
    fn visit_periods(&self, visit: &mut dyn FnMut(&Period, bool)) {
        self.visit(&mut |node| match node {
            Node::Once {
                who: None, period, ..
            } if !period.is_moving() => visit(period, true),
            Node::TimeOf(period) => visit(period, false),
            _ => {}
        });
    }
}
