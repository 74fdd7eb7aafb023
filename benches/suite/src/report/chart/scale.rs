//! A logarithmic scale of whole decades.

/// Where a number is on the paper.
pub(super) struct Scale {
    /// The powers of ten at both ends.
    low: i32,
    high: i32,
    from: f64,
    to: f64,
}

impl Scale {
    /// A scale that has room for these numbers between two places.
    #[allow(clippy::cast_possible_truncation, reason = "powers of ten are small")]
    pub(super) fn over(numbers: impl Iterator<Item = f64>, from: f64, to: f64) -> Self {
        let powers: Vec<f64> = numbers.filter(|number| *number > 0.0).map(f64::log10).collect();
        let low = powers.iter().copied().fold(f64::INFINITY, f64::min);
        let high = powers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (low, high) = if powers.is_empty() {
            (0, 1)
        } else {
            (low.floor() as i32, high.ceil() as i32)
        };
        Scale {
            low,
            high: high.max(low + 1),
            from,
            to,
        }
    }

    pub(super) fn at(&self, number: f64) -> f64 {
        let share = (number.log10() - f64::from(self.low)) / f64::from(self.high - self.low);
        self.from + share.max(0.0) * (self.to - self.from)
    }

    /// The powers of ten, at most seven of them, and where they are.
    pub(super) fn ticks(&self) -> impl Iterator<Item = (f64, f64)> {
        let step = usize::try_from((self.high - self.low) / 7 + 1).unwrap_or(1);
        (self.low..=self.high).step_by(step).map(|power| {
            let value = 10_f64.powi(power);
            (value, self.at(value))
        })
    }
}

/// A power of ten in few letters.
pub(super) fn label(value: f64) -> String {
    match value {
        1e9.. => format!("{}G", value / 1e9),
        1e6.. => format!("{}M", value / 1e6),
        1e3.. => format!("{}k", value / 1e3),
        0.0001.. => format!("{value}"),
        _ => format!("{value:.0e}"),
    }
}
