//! Tables without borders, at most as wide as the terminal.

use unicode_width::UnicodeWidthStr;

use super::paint::{Colour, Paint};

/// The gap between two columns.
const GAP: &str = "  ";

/// The minimum width of a column.
const NARROWEST: usize = 8;

/// A cell: a text, and its colour.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    text: String,
    colour: Colour,
}

impl Cell {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Cell {
            text: text.into(),
            colour: Colour::Plain,
        }
    }

    pub(crate) fn of(text: Option<impl Into<String>>) -> Self {
        text.map_or_else(|| Cell::new("-").coloured(Colour::Dim), Cell::new)
    }

    pub(crate) fn coloured(self, colour: Colour) -> Self {
        Cell { colour, ..self }
    }
}

/// A table. If it is wider than the terminal, its flexible columns shrink and wrap, the widest first.
#[derive(Debug)]
pub(crate) struct Table {
    heads: Vec<&'static str>,
    /// The columns that wrap, in the order in which they shrink.
    flexible: Vec<usize>,
    rows: Vec<Vec<Cell>>,
    /// The text for a table without rows.
    empty: &'static str,
}

impl Table {
    pub(crate) fn new(heads: &[&'static str], empty: &'static str) -> Self {
        Table {
            heads: heads.to_vec(),
            flexible: Vec::new(),
            rows: Vec::new(),
            empty,
        }
    }

    /// Lets columns wrap.
    pub(crate) fn flexible(mut self, heads: &[&str]) -> Self {
        let place = |head: &&str| self.heads.iter().position(|other| other == head);
        self.flexible = heads.iter().filter_map(place).collect();
        self
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Draws the table.
    pub(crate) fn draw(&self, width: usize, paint: Paint) -> String {
        if self.rows.is_empty() {
            return format!("{}\n", self.empty);
        }
        let heads: Vec<Cell> = self
            .heads
            .iter()
            .map(|head| Cell::new(*head).coloured(Colour::Bold))
            .collect();
        let mut text = draw_row(&heads, &self.widths(width), paint);
        text.push_str(&self.draw_rows(width, paint));
        text
    }

    /// Draws the rows without the heads.
    pub(crate) fn draw_rows(&self, width: usize, paint: Paint) -> String {
        let widths = self.widths(width);
        let rows = self.rows.iter();
        rows.map(|row| draw_row(row, &widths, paint)).collect()
    }

    /// The width of each column.
    fn widths(&self, width: usize) -> Vec<usize> {
        let widest = |column: usize| {
            let cells = self
                .rows
                .iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.text.width());
            cells.chain([self.heads[column].width()]).max().unwrap_or(0)
        };
        let mut widths: Vec<usize> = (0..self.heads.len()).map(widest).collect();
        let mut missing =
            (widths.iter().sum::<usize>() + GAP.len() * (widths.len() - 1)).saturating_sub(width);
        while missing > 0
            && let Some(column) = self.widest_that_gives_way(&widths)
        {
            widths[column] -= 1;
            missing -= 1;
        }
        widths
    }

    /// The widest column that can shrink; among equals, the first flexible one.
    fn widest_that_gives_way(&self, widths: &[usize]) -> Option<usize> {
        let least = |column: usize| NARROWEST.max(self.heads[column].width());
        let columns = self.flexible.iter().rev().copied();
        columns
            .filter(|column| widths[*column] > least(*column))
            .max_by_key(|column| widths[*column])
    }
}

/// A row, which is as high as its highest cell.
fn draw_row(cells: &[Cell], widths: &[usize], paint: Paint) -> String {
    let wrapped: Vec<Vec<String>> = cells
        .iter()
        .zip(widths)
        .map(|(cell, width)| wrap(&cell.text, *width))
        .collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
    let mut drawn = String::new();
    for index in 0..height {
        let mut line = String::new();
        let mut blanks = 0;
        for ((cell, lines), width) in cells.iter().zip(&wrapped).zip(widths) {
            let text = lines.get(index).map_or("", String::as_str);
            if !text.is_empty() {
                line.extend(std::iter::repeat_n(' ', blanks));
                line.push_str(&paint.with(cell.colour, text));
                blanks = 0;
            }
            blanks += width - text.width().min(*width) + GAP.len();
        }
        drawn.push_str(&line);
        drawn.push('\n');
    }
    drawn
}

/// The lines of a text, wrapped to a width, at blanks if possible.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    text.lines().flat_map(|line| wrap_line(line, width)).collect()
}

fn wrap_line(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut word = word;
        let line = lines.last_mut().expect("there is a first line");
        let blank = usize::from(!line.is_empty());
        if line.width() + blank + word.width() <= width {
            line.extend(std::iter::repeat_n(' ', blank));
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(String::new());
        }
        while word.width() > width {
            let end = cut(word, width);
            let line = lines.last_mut().expect("there is a line");
            line.push_str(&word[..end]);
            lines.push(String::new());
            word = &word[end..];
        }
        lines.last_mut().expect("there is a line").push_str(word);
    }
    lines
}

/// The position where a word is cut to fit; at least one character fits.
fn cut(word: &str, width: usize) -> usize {
    let mut ends = word.char_indices().map(|(at, c)| at + c.len_utf8());
    let first = ends.next().unwrap_or(word.len());
    ends.take_while(|end| word[..*end].width() <= width)
        .last()
        .unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::{Cell, Paint, Table, wrap};

    #[test]
    fn a_flexible_column_wraps() {
        let mut table = Table::new(&["TASK", "STATEMENT", "STATUS"], "nothing").flexible(&["STATEMENT"]);
        table.row(["fetch", "daily between 07:00 and 19:00", "fail"].map(Cell::new));
        assert_eq!(
            table.draw(32, Paint::Plain),
            "TASK   STATEMENT          STATUS\nfetch  daily between      fail\n       07:00 and 19:00\n"
        );
        assert_eq!(Table::new(&["A"], "nothing").draw(80, Paint::Plain), "nothing\n");
    }

    #[test]
    fn a_long_word_is_cut() {
        assert_eq!(wrap("abcdef gh", 4), ["abcd", "ef", "gh"]);
        assert_eq!(wrap("日本語", 4), ["日本", "語"]);
        assert_eq!(wrap("a b", 4), ["a b"]);
    }
}
