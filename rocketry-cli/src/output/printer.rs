//! Prints results.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value as Json;

use super::csv;
use super::format::Format;
use super::lines::Lines;
use super::paint::Paint;
use super::table::Table;
use super::terminal::Terminal;
use crate::exit::{Failure, Outcome};

/// The destination and the format of a command's output.
pub(crate) struct Output<'a> {
    pub(crate) format: Format,
    pub(crate) paint: Paint,
    /// The number of characters that fit in a line.
    pub(crate) width: usize,
    pub(super) to: &'a mut dyn Write,
    /// Whether the last part of a text has not ended its line.
    is_within_line: bool,
}

impl<'a> Output<'a> {
    pub(crate) fn new(format: Format, terminal: Terminal, to: &'a mut dyn Write) -> Self {
        Output {
            format,
            paint: terminal.paint,
            width: terminal.width,
            to,
            is_within_line: false,
        }
    }

    /// Prints a line.
    pub(crate) fn line(&mut self, text: impl AsRef<str>) -> Outcome {
        let text = text.as_ref();
        let before = if std::mem::take(&mut self.is_within_line) {
            "\n"
        } else {
            ""
        };
        written(writeln!(self.to, "{before}{}", text.trim_end()))
    }

    /// Prints a part of a growing text. A line that is printed next starts on a new line.
    pub(crate) fn part(&mut self, text: &str) -> Outcome {
        if !text.is_empty() {
            self.is_within_line = !text.ends_with('\n');
        }
        self.text(text)?;
        written(self.to.flush())
    }

    /// Prints a list: as a table, or as the fields of its items.
    pub(crate) fn list<T: Serialize>(
        &mut self,
        items: &[T],
        fields: &[&str],
        table: impl FnOnce(&Output<'_>) -> Table,
    ) -> Outcome {
        match self.format {
            Format::Table => {
                let table = table(self);
                let text = table.draw(self.width, self.paint);
                written(self.to.write_all(text.as_bytes()))
            }
            Format::Json => self.json(&items),
            Format::Jsonl => items.iter().try_for_each(|item| self.json_line(item)),
            Format::Ics | Format::Svg => Err(self.other()),
            Format::Csv => {
                self.line(csv::row(fields.iter().copied()))?;
                items.iter().try_for_each(|item| self.csv_row(item, fields))
            }
        }
    }

    /// Prints one value: as readable text, or as its fields.
    pub(crate) fn value<T: Serialize>(
        &mut self,
        value: &T,
        fields: &[&str],
        text: impl FnOnce(&Output<'_>) -> Lines,
    ) -> Outcome {
        match self.format {
            Format::Table => {
                let lines = text(self);
                let text = lines.draw(self.width, self.paint);
                written(self.to.write_all(text.as_bytes()))
            }
            Format::Json => self.json(value),
            Format::Jsonl => self.json_line(value),
            Format::Ics | Format::Svg => Err(self.other()),
            Format::Csv => {
                self.line(csv::row(fields.iter().copied()))?;
                self.csv_row(value, fields)
            }
        }
    }

    /// Prints one item of a list that continues.
    pub(crate) fn item<T: Serialize>(
        &mut self,
        item: &T,
        fields: &[&str],
        text: impl FnOnce(&Output<'_>) -> String,
    ) -> Outcome {
        match self.format {
            Format::Table => {
                let text = text(self);
                self.line(text)?;
            }
            Format::Json | Format::Jsonl => self.json_line(item)?,
            Format::Ics | Format::Svg => return Err(self.other()),
            Format::Csv => self.csv_row(item, fields)?,
        }
        written(self.to.flush())
    }

    /// Prints lines of text, followed by an empty line.
    pub(crate) fn paragraph(&mut self, lines: &Lines) -> Outcome {
        let text = lines.draw(self.width, self.paint);
        self.text(&text)?;
        self.line("")
    }

    /// The error for a format that the result does not support.
    fn other(&self) -> Failure {
        let format = if self.format == Format::Ics { "ics" } else { "svg" };
        Failure::usage(format!(
            "this result can't be printed as `{format}`; expected table, json, jsonl or csv"
        ))
    }

    /// Prints a text as it is.
    pub(crate) fn text(&mut self, text: &str) -> Outcome {
        written(self.to.write_all(text.as_bytes()))
    }

    pub(crate) fn json(&mut self, value: &impl Serialize) -> Outcome {
        let text = serde_json::to_string_pretty(value).map_err(Failure::failed)?;
        self.line(text)
    }

    pub(super) fn json_line(&mut self, value: &impl Serialize) -> Outcome {
        let text = serde_json::to_string(value).map_err(Failure::failed)?;
        self.line(text)
    }

    pub(super) fn csv_row(&mut self, item: &impl Serialize, fields: &[&str]) -> Outcome {
        let json = serde_json::to_value(item).map_err(Failure::failed)?;
        let cells = fields.iter().map(|field| match json.get(field) {
            None | Some(Json::Null) => String::new(),
            Some(Json::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        });
        let row = csv::row(cells);
        self.line(row)
    }
}

/// A reader that has closed the pipe, such as `head`, is not an error.
pub(super) fn written(done: io::Result<()>) -> Outcome {
    match done {
        Err(cause) if cause.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        done => done.map_err(Failure::failed),
    }
}
