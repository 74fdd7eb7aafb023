//! Instants and durations in messages.

use std::time::Duration;

use rocketry_core::{Timestamp, Zone};

/// An instant in a zone, to the second.
pub(crate) fn instant(at: Timestamp, zone: Zone) -> String {
    format!("{} ({zone})", zone.local(at).format("%Y-%m-%d %H:%M:%S"))
}

/// A duration in its two largest units: `1 d 2 h`, `12 s`.
pub(crate) fn length(length: Duration) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")];
    let seconds = length.as_secs();
    let mut left = seconds;
    let mut parts = Vec::new();
    for (size, unit) in UNITS {
        let count = left / size;
        left %= size;
        if count > 0 {
            parts.push(format!("{count} {unit}"));
        } else if !parts.is_empty() {
            break;
        }
        if parts.len() == 2 {
            break;
        }
    }
    if parts.is_empty() {
        return format!("{} ms", length.as_millis());
    }
    parts.join(" ")
}

/// `1 failure`, `3 failures`.
pub(crate) fn count(number: u64, one: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {one}{ending}")
}

/// The first characters of a text.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{length, shortened};

    #[test]
    fn a_length_has_its_two_greatest_units() {
        let words = |seconds| length(Duration::from_secs(seconds));
        assert_eq!(words(12), "12 s");
        assert_eq!(words(60), "1 min");
        assert_eq!(words(3661), "1 h 1 min");
        assert_eq!(words(3601), "1 h");
        assert_eq!(words(86_400 * 3 + 7200 + 59), "3 d 2 h");
        assert_eq!(length(Duration::from_millis(250)), "250 ms");
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(shortened("äöü", 3), "äöü");
        assert_eq!(shortened("äöü", 2), "äö…");
    }
}
