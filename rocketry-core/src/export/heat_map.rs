//! A month as a heat map: a row for each day, a column for each hour.

use std::fmt::Write;

use chrono::{Datelike, Days, Months, NaiveDate, Timelike};

use super::entry::Entry;
use super::svg::picture;
use crate::time::Zone;

const LEFT: u32 = 78;
const TOP: u32 = 66;
const CELL: u32 = 22;
const GAP: u32 = 3;
const HOURS: usize = 24;

/// Draws the starts of a month as an SVG heat map: the number of starts in each hour of each day, in a time
/// zone.
///
/// The picture follows the reader's preference for light or dark. Each cell shows its number in a tooltip.
///
/// ```
/// use rocketry::{Zone, export::{self, Entry}};
///
/// let starts = rocketry::preview("every 2 hours & on weekdays", "UTC", "2026-03-01T00:00:00Z")?;
/// let entries: Vec<Entry> = starts.take(300).map(|start| Entry::planned("report", start)).collect();
/// let svg = export::heat_map(&entries, 2026, 3, Zone::UTC).expect("there is such a month");
/// assert!(svg.contains("March 2026"));
/// # Ok::<(), rocketry::Error>(())
/// ```
///
/// Returns `None` if there is no such month.
pub fn heat_map<'a>(
    entries: impl IntoIterator<Item = &'a Entry>,
    year: i32,
    month: u32,
    zone: Zone,
) -> Option<String> {
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    let next = first.checked_add_months(Months::new(1))?;
    let days = next.signed_duration_since(first).num_days();
    let mut counts = vec![[0_u64; HOURS]; usize::try_from(days).ok()?];
    for entry in entries {
        let local = zone.local(entry.start);
        if (local.year(), local.month()) == (year, month) {
            counts[local.day0() as usize][local.hour() as usize] += 1;
        }
    }
    let total: u64 = counts.iter().flatten().sum();
    let most = counts.iter().flatten().copied().max().unwrap_or(0);
    let mut content = String::new();
    hours(&mut content);
    for (row, counts) in (0..).zip(&counts) {
        let date = first.checked_add_days(Days::new(u64::from(row)))?;
        day(&mut content, row, date, counts, most);
    }
    let bottom = TOP + u32::try_from(counts.len()).ok()? * (CELL + GAP);
    legend(&mut content, bottom + 22, most);
    let title = format!("{}: {} in {zone}", first.format("%B %Y"), starts(total));
    let width = LEFT + 24 * (CELL + GAP) + 16;
    Some(picture((width, bottom + 48), &title, &content))
}

fn starts(count: u64) -> String {
    format!("{count} {}", if count == 1 { "start" } else { "starts" })
}

fn hours(content: &mut String) {
    for hour in (0..24).step_by(3) {
        let x = LEFT + hour * (CELL + GAP);
        let y = TOP - 10;
        let _ = writeln!(
            content,
            "<text class=\"faint\" x=\"{x}\" y=\"{y}\">{hour:02}:00</text>"
        );
    }
}

fn day(content: &mut String, row: u32, date: NaiveDate, counts: &[u64; HOURS], most: u64) {
    let y = TOP + row * (CELL + GAP);
    let class = if date.weekday().number_from_monday() > 5 {
        " class=\"faint\""
    } else {
        ""
    };
    let label = date.format("%a %-d");
    let _ = writeln!(content, "<text{class} x=\"16\" y=\"{}\">{label}</text>", y + 16);
    for (hour, count) in (0..).zip(counts) {
        let x = LEFT + hour * (CELL + GAP);
        let tip = format!("{} {hour:02}:00: {}", date.format("%-d %B"), starts(*count));
        cell(content, (x, y), *count, most, &tip);
    }
}

fn cell(content: &mut String, (x, y): (u32, u32), count: u64, most: u64, tip: &str) {
    let fill = if count == 0 {
        "class=\"none\"".to_owned()
    } else {
        format!("class=\"heat\" fill-opacity=\"{:.2}\"", strength(count, most))
    };
    let _ = writeln!(
        content,
        "<rect {fill} x=\"{x}\" y=\"{y}\" width=\"{CELL}\" height=\"{CELL}\" rx=\"4\"><title>{tip}</title></rect>"
    );
}

/// The intensity of a count's colour. A single start is clearly visible even if some hours have many.
#[expect(clippy::cast_precision_loss, reason = "a colour needs no precision")]
fn strength(count: u64, most: u64) -> f64 {
    if most <= 1 {
        return 1.0;
    }
    0.35 + 0.65 * ((count - 1) as f64 / (most - 1) as f64).sqrt()
}

fn legend(content: &mut String, y: u32, most: u64) {
    if most < 2 {
        return;
    }
    let middle = u64::midpoint(1, most);
    let mut counts = vec![0, 1, middle, most];
    counts.dedup();
    let mut x = LEFT;
    for count in counts {
        cell(content, (x, y - 16), count, most, &starts(count));
        let _ = writeln!(
            content,
            "<text class=\"faint\" x=\"{}\" y=\"{y}\">{count}</text>",
            x + CELL + 6
        );
        x += CELL + 18 + 8 * u32::try_from(count.to_string().len()).unwrap_or(1);
    }
    let _ = writeln!(
        content,
        "<text class=\"faint\" x=\"{}\" y=\"{y}\">starts in an hour</text>",
        x + 4
    );
}
