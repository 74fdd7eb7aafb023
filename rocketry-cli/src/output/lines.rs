//! A value as lines of names and texts.

use unicode_width::UnicodeWidthStr;

use super::paint::{Colour, Paint};
use super::table::wrap;

/// `Name: text`, one per line, with aligned texts.
#[derive(Debug, Default)]
pub(crate) struct Lines(Vec<(&'static str, String, Colour)>);

impl Lines {
    /// Adds a line.
    pub(crate) fn add(&mut self, name: &'static str, text: impl Into<String>) -> &mut Self {
        self.add_coloured(name, text, Colour::Plain)
    }

    /// Adds a line, if there is a text.
    pub(crate) fn add_some(&mut self, name: &'static str, text: Option<impl Into<String>>) -> &mut Self {
        if let Some(text) = text {
            self.add(name, text);
        }
        self
    }

    pub(crate) fn add_coloured(
        &mut self,
        name: &'static str,
        text: impl Into<String>,
        colour: Colour,
    ) -> &mut Self {
        self.0.push((name, text.into(), colour));
        self
    }

    pub(super) fn draw(&self, width: usize, paint: Paint) -> String {
        let widest = self.0.iter().map(|(name, ..)| name.width()).max().unwrap_or(0);
        // A colon and a blank.
        let widest = if widest == 0 { 0 } else { widest + 2 };
        let mut drawn = String::new();
        for (name, text, colour) in &self.0 {
            let room = width.saturating_sub(widest).max(20);
            for (index, line) in wrap_indented(text, room).iter().enumerate() {
                let label = if index == 0 && !name.is_empty() {
                    format!("{name}:")
                } else {
                    String::new()
                };
                let blanks = " ".repeat(widest - label.width());
                let line = format!(
                    "{}{blanks}{}",
                    paint.with(Colour::Dim, &label),
                    paint.with(*colour, line)
                );
                drawn.push_str(line.trim_end());
                drawn.push('\n');
            }
        }
        drawn
    }
}

impl Lines {
    /// A text of several lines. A long line is wrapped with a deeper indentation.
    pub(crate) fn text(text: &str) -> Self {
        Lines(
            text.lines()
                .map(|line| ("", line.to_owned(), Colour::Plain))
                .collect(),
        )
    }
}

/// The lines of a text that begins with blanks.
fn wrap_indented(text: &str, width: usize) -> Vec<String> {
    let rest = text.trim_start();
    let indent = text.len() - rest.len();
    let below = if indent == 0 { 2 } else { indent + 6 };
    let mut lines = wrap(rest, width.saturating_sub(below).max(20));
    for (index, line) in lines.iter_mut().enumerate() {
        let blanks = if index == 0 { indent } else { below };
        line.insert_str(0, &" ".repeat(blanks));
    }
    lines
}

/// A message of one line.
impl From<String> for Lines {
    fn from(text: String) -> Self {
        Lines(vec![("", text, Colour::Plain)])
    }
}
