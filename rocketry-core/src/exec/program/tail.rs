//! The end of a long text.

/// The number of lines that are shown as the reason for a failure.
const REASON_LINES: usize = 20;
const REASON_BYTES: usize = 4 * 1024;

/// Keeps the last bytes of an output of any length.
#[derive(Debug)]
pub(crate) struct Tail {
    bytes: Vec<u8>,
    limit: usize,
    total: u64,
}

impl Tail {
    /// Keeps the last `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Tail {
            bytes: Vec::new(),
            limit,
            total: 0,
        }
    }

    /// Adds a chunk of output.
    pub(crate) fn push(&mut self, chunk: &[u8]) {
        self.total += chunk.len() as u64;
        self.bytes.extend_from_slice(chunk);
        // Up to twice the limit is kept, so that not every chunk moves the rest.
        if self.bytes.len() > 2 * self.limit {
            self.cut();
        }
    }

    fn cut(&mut self) {
        let surplus = self.bytes.len().saturating_sub(self.limit);
        self.bytes.drain(..surplus);
    }

    /// The text. If it was cut, its first line says so.
    pub(crate) fn into_text(mut self) -> String {
        self.cut();
        let kept = self.bytes.len();
        let text = String::from_utf8(self.bytes)
            .unwrap_or_else(|invalid| String::from_utf8_lossy(invalid.as_bytes()).into_owned());
        if self.total == kept as u64 {
            return text;
        }
        format!("[the last {kept} of {} bytes]\n{text}", self.total)
    }
}

/// The end of the output of a failed program, which most likely contains the reason.
pub(crate) fn reason(text: &str) -> &str {
    last_bytes(last_lines(text.trim_end(), REASON_LINES), REASON_BYTES)
}

fn last_lines(text: &str, most: usize) -> &str {
    let start = text.rmatch_indices('\n').nth(most - 1);
    start.map_or(text, |(index, _)| &text[index + 1..])
}

/// The end of a text, with at most this many bytes.
pub(crate) fn last_bytes(text: &str, most: usize) -> &str {
    let mut start = text.len().saturating_sub(most);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

#[cfg(test)]
mod tests {
    use super::{REASON_BYTES, Tail, last_bytes, reason};

    #[test]
    fn a_short_text_is_whole() {
        let mut tail = Tail::new(8);
        tail.push(b"one ");
        tail.push(b"two\n");
        assert_eq!(tail.into_text(), "one two\n");
    }

    #[test]
    fn of_a_long_text_the_last_is_kept_and_memory_does_not_grow() {
        let mut tail = Tail::new(8);
        for _ in 0..1000 {
            tail.push(b"0123456789");
            assert!(tail.bytes.len() <= 16 + 10);
        }
        assert_eq!(tail.into_text(), "[the last 8 of 10000 bytes]\n23456789");
    }

    #[test]
    fn what_is_no_text_is_shown_as_well_as_it_can_be() {
        let mut tail = Tail::new(8);
        tail.push(&[b'a', 0xff, b'b']);
        assert_eq!(tail.into_text(), "a\u{fffd}b");
    }

    #[test]
    fn a_reason_is_the_last_lines_and_no_blank_ones() {
        assert_eq!(reason("a\nb\n\n"), "a\nb");
        assert_eq!(reason("\n"), "");
        let lines: Vec<String> = (1..=100).map(|line| line.to_string()).collect();
        assert_eq!(reason(&lines.join("\n")), lines[80..].join("\n"));
        assert_eq!(reason(&"x".repeat(100_000)).len(), REASON_BYTES);
    }

    #[test]
    fn no_letter_is_cut_in_two() {
        assert_eq!(last_bytes("aäb", 2), "b");
        assert_eq!(last_bytes("aäb", 3), "äb");
        assert_eq!(last_bytes("aäb", 9), "aäb");
    }
}
