//! Adds lines to a text.

use std::fmt::Write;

pub(super) fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing into a string cannot fail.
    let _ = writeln!(text, "{line}");
}
