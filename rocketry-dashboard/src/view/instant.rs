//! Instants, in the zone of a task and relative to the present.

use chrono::Timelike as _;
use maud::{Markup, html};
use rocketry_core::{Timestamp, Zone};

use super::length::length;

/// How far an instant is from the present: `in 3 h 12 min`, `4 s ago`.
pub(crate) fn relative(at: Timestamp, now: Timestamp) -> String {
    if at > now {
        format!("in {}", length(at.since(now)))
    } else {
        format!("{} ago", length(now.since(at)))
    }
}

/// An instant in a zone, without the day if it is today: `07:00:00`, `2026-11-30 07:00`.
pub(crate) fn short(at: Timestamp, now: Timestamp, zone: Zone) -> String {
    let local = at.in_zone(&zone);
    if local.date_naive() == now.in_zone(&zone).date_naive() {
        return local.format("%H:%M:%S").to_string();
    }
    let seconds = if local.second() == 0 { "" } else { ":%S" };
    local.format(&format!("%Y-%m-%d %H:%M{seconds}")).to_string()
}

/// An instant in the zone of a task, with its distance from the present. A script adds the viewer's own time.
pub(crate) fn at(at: Timestamp, now: Timestamp, zone: Zone) -> Markup {
    let local = at.in_zone(&zone);
    let shown = short(at, now, zone);
    let whole = format!("{} ({})", local.format("%Y-%m-%d %H:%M:%S%.6f %:z"), zone);
    html! {
        time datetime=(at.to_utc().format("%Y-%m-%dT%H:%M:%S%.6fZ")) title=(whole) {
            (shown) " " span.far { (relative(at, now)) }
        }
    }
}
