//! A timeline: a row for each task, a bar for each run.

use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

use super::entry::Entry;
use super::svg::{Escaped, picture, shortened};
use crate::time::{Timestamp, Zone};

const WIDTH: u32 = 1120;
const LEFT: u32 = 190;
const RIGHT: u32 = 24;
const TOP: u32 = 66;
const ROW: u32 = 26;
const BAR: u32 = 14;
/// The minimum width of a bar, so that short runs stay visible.
const LEAST: f64 = 2.0;

/// The candidates for the distance between marks of the axis, in seconds. The first with few enough marks is
/// used.
const STEPS: [i64; 17] = [
    1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172_800, 604_800, 1_209_600,
    2_592_000,
];
const MOST_MARKS: i64 = 12;

/// Draws runs as an SVG timeline: a row for each task, in the order of the first runs, with a bar for each
/// run. A start without an end is a mark. The axis shows the time in a zone.
///
/// The picture follows the reader's preference for light or dark. Each bar shows its run in a tooltip.
///
/// ```
/// use std::time::Duration;
/// use rocketry::{Rocketry, Zone, export::{self, Entry}};
///
/// let app = Rocketry::builder()
///     .func("fetch", "every 2 hours", || async {})
///     .func("report", "after task 'fetch'", || async {})
///     .build()?;
/// let day = app.simulate("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z").takes("fetch", Duration::from_secs(900)).run()?;
/// let entries: Vec<Entry> = day.runs.iter().map(Entry::from).collect();
/// let svg = export::timeline(&entries, day.summary.from..day.summary.to, Zone::UTC);
/// assert!(svg.contains("fetch"));
/// # Ok::<(), rocketry::Error>(())
/// ```
pub fn timeline<'a>(
    entries: impl IntoIterator<Item = &'a Entry>,
    range: Range<Timestamp>,
    zone: Zone,
) -> String {
    let mut tasks: Vec<Arc<str>> = Vec::new();
    let mut bars = String::new();
    let scale = Scale { range, zone };
    for entry in entries {
        let (start, end) = (entry.start, entry.end.unwrap_or(entry.start));
        if end < scale.range.start || start >= scale.range.end {
            continue;
        }
        let known = tasks.iter().position(|task| *task == entry.task);
        let row = known.unwrap_or_else(|| {
            tasks.push(entry.task.clone());
            tasks.len() - 1
        });
        bar(&mut bars, u32::try_from(row).unwrap_or(u32::MAX), entry, &scale);
    }
    let rows = u32::try_from(tasks.len()).unwrap_or(u32::MAX);
    let bottom = TOP + rows.max(1) * ROW;
    let mut content = String::new();
    for (row, task) in (0..).zip(&tasks) {
        name(&mut content, row, task);
    }
    scale.marks(&mut content, bottom);
    content.push_str(&bars);
    picture((WIDTH, bottom + 20), &scale.title(), &content)
}

fn name(content: &mut String, row: u32, task: &str) {
    let y = TOP + row * ROW;
    if row.is_multiple_of(2) {
        let _ = writeln!(
            content,
            "<rect class=\"band\" x=\"0\" y=\"{y}\" width=\"{WIDTH}\" height=\"{ROW}\"/>"
        );
    }
    let shown = shortened(task, 25);
    let _ = writeln!(
        content,
        "<text x=\"16\" y=\"{}\">{}<title>{}</title></text>",
        y + 17,
        Escaped(&shown),
        Escaped(task)
    );
}

fn bar(bars: &mut String, row: u32, entry: &Entry, scale: &Scale) {
    let left = scale.x(entry.start);
    let right = scale.x(entry.end.unwrap_or(entry.start));
    let width = (right - left).max(LEAST);
    let y = TOP + row * ROW + (ROW - BAR) / 2;
    let class = entry.action.map_or("planned", |action| action.name());
    let tip = tooltip(entry, scale.zone);
    let _ = writeln!(
        bars,
        "<rect class=\"{class}\" x=\"{left:.1}\" y=\"{y}\" width=\"{width:.1}\" height=\"{BAR}\" rx=\"1.5\"><title>{}</title></rect>",
        Escaped(&tip)
    );
}

fn tooltip(entry: &Entry, zone: Zone) -> String {
    let start = entry.start.in_zone(&zone).format("%-d %B %H:%M:%S");
    let mut tip = format!("{} at {start}", entry.task);
    if let Some(end) = entry.end {
        let _ = write!(tip, ", {:?}", end.since(entry.start));
    }
    if let Some(action) = entry.action {
        let _ = write!(tip, ", {action}");
    }
    if let Some(note) = &entry.note {
        let _ = write!(tip, " ({note})");
    }
    tip
}

/// The position of an instant in the picture.
struct Scale {
    range: Range<Timestamp>,
    zone: Zone,
}

impl Scale {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a place in a picture needs no precision"
    )]
    fn x(&self, at: Timestamp) -> f64 {
        let Range { start, end } = self.range;
        let at = at.clamp(start, end).as_micros() - start.as_micros();
        let whole = (end.as_micros() - start.as_micros()).max(1);
        f64::from(LEFT) + f64::from(WIDTH - LEFT - RIGHT) * (at as f64 / whole as f64)
    }

    fn title(&self) -> String {
        let local = |at: Timestamp| at.in_zone(&self.zone).format("%-d %B %Y %H:%M").to_string();
        format!(
            "{} – {} in {}",
            local(self.range.start),
            local(self.range.end),
            self.zone
        )
    }

    /// Lines at round readings of the clock.
    fn marks(&self, content: &mut String, bottom: u32) {
        let length = (self.range.end.as_micros() - self.range.start.as_micros()) / 1_000_000;
        let fits = |step: &&i64| length / **step <= MOST_MARKS;
        let step = STEPS.iter().find(fits).copied().unwrap_or(length.max(1));
        let format = match step {
            ..60 => "%H:%M:%S",
            60..86_400 => "%H:%M",
            _ => "%-d %b",
        };
        let first = self.zone.local(self.range.start).and_utc().timestamp();
        let mut reading = first.div_euclid(step) * step;
        for _ in 0..=MOST_MARKS + 2 {
            let local = chrono::DateTime::from_timestamp(reading, 0)
                .unwrap_or_default()
                .naive_utc();
            let at = self.zone.first(local);
            // A reading that the clock skips has no mark.
            if self.range.contains(&at) && self.zone.local(at) == local {
                let x = self.x(at);
                let _ = writeln!(
                    content,
                    "<line class=\"line\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{}\" y2=\"{bottom}\"/>\
                     <text class=\"faint\" x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                    TOP - 6,
                    TOP - 12,
                    local.format(format)
                );
            }
            reading += step;
        }
    }
}
