//! iCalendar (RFC 5545).

use std::fmt::Write;

use super::entry::Entry;
use crate::time::Timestamp;

/// The longest line in octets, without its line break.
const LONGEST: usize = 75;

/// Formats entries as an iCalendar file (RFC 5545), with one event for each. An entry without an end is an
/// instant.
///
/// The same entries produce the same text, so a calendar that subscribes to the file keeps its events. Times
/// are in UTC.
///
/// ```
/// use rocketry::export::{self, Entry};
///
/// let starts = rocketry::preview("daily at 02:30", "Europe/Berlin", "2026-03-29T00:00:00Z")?;
/// let entries: Vec<Entry> = starts.take(1).map(|start| Entry::planned("report", start)).collect();
/// let ics = export::ics(&entries);
/// assert!(ics.starts_with("BEGIN:VCALENDAR\r\n"));
/// assert!(ics.contains("\r\nDTSTART:20260329T010000Z\r\n"));
/// assert!(ics.contains("\r\nDESCRIPTION:02:30 does not exist on 29 March: starts at 03:00\r\n"));
/// # Ok::<(), rocketry::Error>(())
/// ```
pub fn ics<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> String {
    let mut file = IcsFile::new();
    for entry in entries {
        file.add(entry);
    }
    file.end()
}

/// An iCalendar file that is written in pieces, for entries that are too many to hold in memory. See [`ics`]
/// for its contents.
///
/// ```
/// use rocketry::export::{self, Entry, IcsFile};
///
/// let starts = rocketry::preview("every 1 minute", "UTC", "2026-01-01T00:00:00Z")?;
/// let entries: Vec<Entry> = starts.take(3).map(|start| Entry::planned("fetch", start)).collect();
/// let mut file = IcsFile::new();
/// let mut written = String::new();
/// for entry in &entries {
///     file.add(entry);
///     written += &file.take(); // to a file, say
/// }
/// written += &file.end();
/// assert_eq!(written, export::ics(&entries));
/// # Ok::<(), rocketry::Error>(())
/// ```
#[derive(Debug)]
pub struct IcsFile(Lines);

impl IcsFile {
    /// Starts a file.
    pub fn new() -> Self {
        let mut lines = Lines(String::new());
        lines.add("BEGIN:VCALENDAR");
        lines.add("VERSION:2.0");
        lines.add("PRODID:-//Rocketry//Rocketry for Rust//EN");
        IcsFile(lines)
    }

    /// Adds an entry.
    pub fn add(&mut self, entry: &Entry) {
        event(&mut self.0, entry);
    }

    /// Returns the text that was written since the last call.
    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.0.0)
    }

    /// Returns the rest of the file.
    pub fn end(mut self) -> String {
        self.0.add("END:VCALENDAR");
        self.take()
    }
}

impl Default for IcsFile {
    fn default() -> Self {
        IcsFile::new()
    }
}

fn event(lines: &mut Lines, entry: &Entry) {
    let start = utc(entry.start);
    lines.add("BEGIN:VEVENT");
    lines.add(&format!(
        "UID:{:016x}-{}@rocketry",
        digest(&entry.task),
        entry.start.as_micros()
    ));
    // The creation time is unknown; the start produces the same text each time.
    lines.add(&format!("DTSTAMP:{start}"));
    lines.add(&format!("DTSTART:{start}"));
    if let Some(end) = entry.end.filter(|end| utc(*end) > start) {
        lines.add(&format!("DTEND:{}", utc(end)));
    }
    lines.add(&format!("SUMMARY:{}", escaped(&entry.task)));
    let action = entry.action.map(|action| action.name().to_owned());
    let description: Vec<String> = action.into_iter().chain(entry.note.clone()).collect();
    if !description.is_empty() {
        lines.add(&format!("DESCRIPTION:{}", escaped(&description.join(": "))));
    }
    // A job of a program does not make a person busy.
    lines.add("TRANSP:TRANSPARENT");
    lines.add("END:VEVENT");
}

/// An instant to the second, the precision of iCalendar.
fn utc(at: Timestamp) -> String {
    at.to_utc().format("%Y%m%dT%H%M%SZ").to_string()
}

/// A text with separators escaped. Control characters are omitted.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '\n' => escaped.push_str("\\n"),
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

/// A hash of a name (FNV-1a), the same on every machine.
fn digest(name: &str) -> u64 {
    let bytes = name.bytes();
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Lines, folded if they are too long.
#[derive(Debug)]
struct Lines(String);

impl Lines {
    fn add(&mut self, line: &str) {
        let mut width = 0;
        for character in line.chars() {
            if width + character.len_utf8() > LONGEST {
                self.0.push_str("\r\n ");
                width = 1;
            }
            self.0
                .write_char(character)
                .expect("a string takes every character");
            width += character.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}
