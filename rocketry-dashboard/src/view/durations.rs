//! The durations of runs over time: failures have another shape, outliers a ring, and a line shows the usual
//! duration.

use maud::{Markup, html};
use rocketry_core::{Action, Record, Timestamp, Zone};

use super::instant::{relative, short};
use super::length::micros;
use super::status::Look;

const WIDTH: u64 = 1000;
const HEIGHT: u64 = 130;
const LEFT: u64 = 72;
const TOP: u64 = 8;

/// A run that takes this many times the usual duration is an outlier.
const OUTLIER: u64 = 3;

/// Draws the ends of runs, oldest first.
pub(crate) fn durations(ends: &[Record], now: Timestamp, zone: Zone) -> Markup {
    let lengths: Vec<u64> = ends.iter().map(took).collect();
    let Some(scale) = Scale::of(ends, &lengths) else {
        return html! {};
    };
    let usual = median(&lengths);
    html! {
        figure.durations {
            svg viewBox=(format!("0 0 {} {}", LEFT + WIDTH + 12, TOP + HEIGHT + 24)) role="img" aria-label=(format!(
                "lengths of the last {} runs: usually {}, at most {}", ends.len(), micros(usual), micros(scale.longest)
            )) {
                (line(&scale, scale.longest, "tick"))
                (line(&scale, 0, "tick"))
                @if usual > scale.longest / 10 && usual < scale.longest - scale.longest / 10 { (line(&scale, usual, "usual")) }
                @for (end, length) in ends.iter().zip(&lengths) { (point(end, *length, usual, &scale, now)) }
                text.tick x=(LEFT) y=(TOP + HEIGHT + 20) { (short(scale.from, now, zone)) }
                text.tick x=(LEFT + WIDTH) y=(TOP + HEIGHT + 20) text-anchor="end" { (short(scale.to, now, zone)) }
            }
            figcaption { "Usually " (micros(usual)) ". A ring marks runs that took " (OUTLIER) " times as long or more." }
        }
    }
}

fn took(end: &Record) -> u64 {
    end.runtime()
        .map_or(0, |took| u64::try_from(took.as_micros()).unwrap_or(u64::MAX))
}

/// The median of some durations.
pub(crate) fn median(lengths: &[u64]) -> u64 {
    let mut sorted = lengths.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or(0)
}

/// The positions of instants and durations.
struct Scale {
    from: Timestamp,
    to: Timestamp,
    longest: u64,
}

impl Scale {
    fn of(ends: &[Record], lengths: &[u64]) -> Option<Self> {
        Some(Scale {
            from: ends.iter().map(|end| end.start).min()?,
            to: ends.iter().map(|end| end.start).max()?,
            longest: lengths.iter().copied().max()?.max(1),
        })
    }

    fn x(&self, at: Timestamp) -> u64 {
        let whole = self.to.since(self.from).as_micros();
        let of = at.since(self.from).as_micros() * u128::from(WIDTH);
        let x = of.checked_div(whole).unwrap_or(u128::from(WIDTH / 2));
        LEFT + u64::try_from(x).unwrap_or(WIDTH)
    }

    fn y(&self, length: u64) -> u64 {
        let height = u128::from(length) * u128::from(HEIGHT) / u128::from(self.longest);
        TOP + HEIGHT - u64::try_from(height).unwrap_or(HEIGHT)
    }
}

fn line(scale: &Scale, length: u64, class: &str) -> Markup {
    let y = scale.y(length);
    html! {
        line class=(class) x1=(LEFT) x2=(LEFT + WIDTH) y1=(y) y2=(y) {}
        text.tick x=(LEFT - 8) y=(y + 4) text-anchor="end" { (micros(length)) }
    }
}

fn point(end: &Record, length: u64, usual: u64, scale: &Scale, now: Timestamp) -> Markup {
    let (x, y) = (scale.x(end.start), scale.y(length));
    let class = Look::from(end.action).class;
    let is_outlier = length >= usual.saturating_mul(OUTLIER) && length > 1000;
    html! {
        g class=(class) {
            title { (end.action) " after " (micros(length)) ", started " (relative(end.start, now)) }
            @match end.action {
                Action::Fail | Action::Crash => path.cross d=(format!("M{} {}l8 8m0 -8l-8 8", x - 4, y - 4)) {},
                Action::Terminate => rect x=(x - 4) y=(y - 4) width="8" height="8" {},
                _ => circle cx=(x) cy=(y) r="3.5" {},
            }
            @if is_outlier { circle.ring cx=(x) cy=(y) r="8" {} }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_usual_length_is_the_middle_one() {
        assert_eq!(median(&[]), 0);
        assert_eq!(median(&[5, 1, 100]), 5);
    }
}
