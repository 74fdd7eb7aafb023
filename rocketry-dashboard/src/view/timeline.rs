//! A timeline: one row for each task, with its runs and its expected starts.

use maud::{Markup, html};
use rocketry_core::{Timestamp, Zone};

use super::Place;

/// A run, or an expected start.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    pub(crate) from: Timestamp,
    /// The end of a run; its start, if it is only expected.
    pub(crate) to: Timestamp,
    pub(crate) class: &'static str,
    pub(crate) told: String,
}

/// A task and its marks.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) task: String,
    pub(crate) marks: Vec<Mark>,
}

const WIDTH: i64 = 1000;
const NAMES: i64 = 190;
const ROW: i64 = 24;

/// Draws rows between two instants, with a line at the present.
pub(crate) fn timeline(
    place: &Place,
    rows: &[Row],
    span: (Timestamp, Timestamp),
    now: Timestamp,
    zone: Zone,
) -> Markup {
    let (from, to) = span;
    let length = (to.as_micros() - from.as_micros()).max(1);
    let x = |at: Timestamp| {
        let of = (at.as_micros().clamp(from.as_micros(), to.as_micros())) - from.as_micros();
        NAMES + of * (WIDTH - NAMES) / length
    };
    let height = i64::try_from(rows.len() + 1).unwrap_or(i64::MAX) * ROW;
    html! {
        svg.timeline viewBox=(format!("0 0 {WIDTH} {height}")) role="group" aria-label="runs of the last hour and expected starts of the next" {
            @for tick in ticks(from, to) {
                line.tick x1=(x(tick)) x2=(x(tick)) y1=(ROW) y2=(height) {}
                text.tick x=(x(tick)) y=(ROW - 9) text-anchor="middle" { (tick.in_zone(&zone).format("%H:%M")) }
            }
            @for (line, row) in (1..).zip(rows) {
                @let y = line * ROW;
                a href=(place.task(&row.task)) { text x="0" y=(y + 16) { (shortened(&row.task)) title { (row.task) } } }
                line.row x1=(NAMES) x2=(WIDTH) y1=(y + ROW / 2) y2=(y + ROW / 2) {}
                @for mark in &row.marks {
                    @let width = (x(mark.to) - x(mark.from)).max(4);
                    rect class=(mark.class) x=(x(mark.from)) y=(y + 5) width=(width) height=(ROW - 10) rx="2" { title { (mark.told) } }
                }
            }
            line.now x1=(x(now)) x2=(x(now)) y1=(ROW - 4) y2=(height) { title { "now" } }
        }
    }
}

/// Every quarter of an hour.
fn ticks(from: Timestamp, to: Timestamp) -> impl Iterator<Item = Timestamp> {
    const QUARTER: i64 = 15 * 60 * 1_000_000;
    let first = from.as_micros().div_euclid(QUARTER) + 1;
    (first..)
        .map(|count| Timestamp::from_micros(count * QUARTER))
        .take_while(move |tick| *tick < to)
}

/// A name that is cut if it is long.
pub(super) fn shortened(name: &str) -> String {
    const MOST: usize = 24;
    if name.chars().count() <= MOST {
        return name.to_owned();
    }
    let start: String = name.chars().take(MOST - 1).collect();
    format!("{start}…")
}
