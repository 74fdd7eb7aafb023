//! Records of the run log as a table.

use maud::{Markup, html};
use rocketry_core::{Record, Timestamp, Zone};

use super::Place;
use super::instant::at;
use super::length::length;
use super::status::{Look, badge};

/// A table of records.
pub(crate) fn records(place: &Place, records: &[Record], now: Timestamp, zone: Zone) -> Markup {
    html! {
        div.scroll {
            table {
                thead { tr {
                    th { "When" } th { "Task" } th { "What" } th.number { "Late" } th.number { "Took" } th { "Message" }
                } }
                tbody {
                    @for record in records {
                        tr {
                            td { a href=(place.run(&record.run_id)) { (at(record.created, now, zone)) } }
                            td { a href=(place.task(&record.task)) { bdi { (record.task) } } }
                            td { (badge(Look::from(record.action), record.action.name())) }
                            td.number { (length(record.lateness())) }
                            td.number { (record.runtime().map(length).unwrap_or_default()) }
                            td.message { bdi { (record.message.as_deref().unwrap_or_default()) } }
                        }
                    }
                }
            }
        }
    }
}
