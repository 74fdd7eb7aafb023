//! Readable durations.

use std::time::Duration;

/// A duration in its two largest units: `2d 3h`, `1m 5s`, `1.2s`, `35ms`.
pub(crate) fn length(length: Duration) -> String {
    let seconds = length.as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    let two = |first: (u64, &str), second: (u64, &str)| match second.0 {
        0 => format!("{}{}", first.0, first.1),
        number => format!("{}{} {number}{}", first.0, first.1, second.1),
    };
    match seconds {
        0 if length.as_millis() == 0 && !length.is_zero() => format!("{}µs", length.as_micros()),
        0 if length.is_zero() => "0s".to_owned(),
        0 => format!("{}ms", length.as_millis()),
        1..10 if length.subsec_millis() >= 100 => format!("{seconds}.{}s", length.subsec_millis() / 100),
        1..60 => format!("{seconds}s"),
        60..3600 => two((minutes, "m"), (seconds % 60, "s")),
        3600..86_400 => two((hours, "h"), (minutes, "m")),
        _ => two((days, "d"), (hours, "h")),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::length;

    #[test]
    fn a_length_has_two_units_at_most() {
        let of = |millis: u64| length(Duration::from_millis(millis));
        assert_eq!(
            [of(0), of(35), of(1_200), of(12_900)],
            ["0s", "35ms", "1.2s", "12s"]
        );
        assert_eq!(
            [of(65_000), of(3_600_000), of(11_520_000)],
            ["1m 5s", "1h", "3h 12m"]
        );
        assert_eq!(of(183_600_000), "2d 3h");
        assert_eq!(length(Duration::from_micros(7)), "7µs");
    }
}
