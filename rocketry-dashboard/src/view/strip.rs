//! The strip of the last runs of a task.

use maud::{Markup, html};
use rocketry_core::Record;

use super::Place;
use super::instant::relative;
use super::length::length;
use super::status::Look;
use rocketry_core::Timestamp;

/// A strip of ends, oldest first. Each links to its run.
pub(crate) fn strip(place: &Place, ends: &[Record], now: Timestamp) -> Markup {
    html! {
        span.strip role="list" aria-label="last runs" {
            @for end in ends {
                @let look = Look::from(end.action);
                @let took = end.runtime().map(length).unwrap_or_default();
                @let told = format!("{} {}, took {took}", end.action, relative(end.created, now));
                a role="listitem" class=(look.class) href=(place.run(&end.run_id)) title=(told) {
                    span aria-hidden="true" { (look.shape) }
                    span.hidden { (told) }
                }
            }
        }
    }
}
