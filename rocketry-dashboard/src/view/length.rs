//! Readable durations.

use std::time::Duration;

/// A duration in its two largest units: `3 h 12 min`, `1.5 s`, `20 ms`.
pub(crate) fn length(length: Duration) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let seconds = length.as_secs();
    if seconds < 1 {
        return match length.as_micros() {
            0 => "0 s".to_owned(),
            micros @ 1..1_000 => format!("{micros} µs"),
            micros => format!("{} ms", micros / 1_000),
        };
    }
    if seconds < 10 {
        let tenths = length.as_millis() / 100;
        return format!("{}.{} s", tenths / 10, tenths % 10);
    }
    let first = UNITS.iter().position(|(unit, _)| seconds >= *unit).unwrap_or(3);
    let (unit, name) = UNITS[first];
    let more = UNITS
        .get(first + 1)
        .map(|(unit, name)| (seconds % UNITS[first].0 / unit, name));
    match more {
        Some((count, smaller)) if count > 0 => format!("{} {name} {count} {smaller}", seconds / unit),
        _ => format!("{} {name}", seconds / unit),
    }
}

/// A duration in microseconds.
pub(crate) fn micros(count: u64) -> String {
    length(Duration::from_micros(count))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::length;

    #[test]
    fn lengths_have_at_most_two_units() {
        let cases = [
            (0, "0 s"),
            (7, "7 µs"),
            (20_000, "20 ms"),
            (1_540_000, "1.5 s"),
            (10_000_000, "10 s"),
            (60_000_000, "1 min"),
            (11_520_000_000, "3 h 12 min"),
            (90_000_000_000, "1 d 1 h"),
        ];
        for (micros, expected) in cases {
            assert_eq!(length(Duration::from_micros(micros)), expected);
        }
    }
}
