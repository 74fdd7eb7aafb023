//! A list that is printed page by page, because it may be too long for memory.

use serde::Serialize;

use super::csv;
use super::format::Format;
use super::printer::{Output, written};
use super::table::Table;
use crate::exit::{Failure, Outcome};

/// A list that is being printed. The output equals that of a list that is printed at once, except for the
/// widths of the columns of a table, which are computed for each page.
pub(crate) struct Listing<'a> {
    fields: &'a [&'a str],
    pages: usize,
    items: usize,
}

impl<'a> Listing<'a> {
    pub(crate) fn new(fields: &'a [&'a str]) -> Self {
        Listing {
            fields,
            pages: 0,
            items: 0,
        }
    }

    /// Prints the next items.
    pub(crate) fn page<T: Serialize>(
        &mut self,
        out: &mut Output<'_>,
        items: &[T],
        table: impl FnOnce(&Output<'_>) -> Table,
    ) -> Outcome {
        let is_first = self.pages == 0;
        self.pages += 1;
        match out.format {
            Format::Table if is_first || !items.is_empty() => {
                let table = table(out);
                let text = if is_first {
                    table.draw(out.width, out.paint)
                } else {
                    table.draw_rows(out.width, out.paint)
                };
                out.text(&text)?;
            }
            Format::Table => {}
            Format::Json => items.iter().try_for_each(|item| self.json(out, item))?,
            Format::Csv => {
                if is_first {
                    out.line(csv::row(self.fields.iter().copied()))?;
                }
                items.iter().try_for_each(|item| out.csv_row(item, self.fields))?;
            }
            Format::Jsonl | Format::Ics | Format::Svg => out.list(items, self.fields, table)?,
        }
        written(out.to.flush())
    }

    /// An item of an array, indented like in an array that is printed at once.
    fn json(&mut self, out: &mut Output<'_>, item: &impl Serialize) -> Outcome {
        let text = serde_json::to_string_pretty(item).map_err(Failure::failed)?;
        let before = if self.items == 0 { "[\n  " } else { ",\n  " };
        self.items += 1;
        out.text(&format!("{before}{}", text.replace('\n', "\n  ")))
    }

    /// Ends the list.
    pub(crate) fn end(self, out: &mut Output<'_>) -> Outcome {
        match (out.format, self.items) {
            (Format::Json, 0) => out.line("[]"),
            (Format::Json, _) => out.text("\n]\n"),
            _ => Ok(()),
        }
    }
}
