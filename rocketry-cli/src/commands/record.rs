//! The display of records.

use rocketry_core::Record;

use crate::output::{Cell, Colour, Output, Table, When, length};

/// The fields in CSV.
pub(super) const FIELDS: &[&str] = &[
    "created", "task", "run_id", "action", "due", "start", "message", "process", "params", "result",
    "version",
];

/// Records as a table.
pub(super) fn table(records: &[Record], when: When) -> Table {
    let heads = ["TIME", "ACTION", "TASK", "RUN", "TOOK", "MESSAGE"];
    let mut table = Table::new(&heads, "no record matches").flexible(&["MESSAGE", "TASK"]);
    for record in records {
        let action = record.action.name();
        table.row([
            Cell::new(when.short(record.created)),
            Cell::new(action).coloured(Colour::of_status(action)),
            Cell::new(&*record.task),
            Cell::new(record.run_id.to_string()),
            Cell::of(record.runtime().map(length)),
            Cell::of(message(record)),
        ]);
    }
    table
}

/// The most useful text of a record.
fn message(record: &Record) -> Option<String> {
    let late = record.lateness();
    match &record.message {
        Some(message) => Some(message.to_string()),
        None if record.action.is_end() => None,
        None if late.as_secs() > 0 => Some(format!("{} late", length(late))),
        None => record.params().map(str::to_owned),
    }
}

/// A record as one line.
pub(super) fn line(record: &Record, when: When, out: &Output<'_>) -> String {
    let action = record.action.name();
    let took = record
        .runtime()
        .map_or_else(String::new, |took| format!(" after {}", length(took)));
    let message =
        message(record).map_or_else(String::new, |message| format!(": {}", message.replace('\n', " ")));
    format!(
        "{}  {}  {} {}{took}{message}",
        when.short(record.created),
        out.paint.with(Colour::of_status(action), &format!("{action:<9}")),
        out.paint.with(Colour::Bold, &record.task),
        out.paint.with(Colour::Dim, &record.run_id.to_string()),
    )
}
