//! The number of ended and failed runs over time.

use maud::{Markup, html};
use rocketry_core::{Action, Record, Timestamp, Zone};

use super::instant::short;

/// The number of bars.
const BARS: usize = 30;

const WIDTH: usize = 30;
const HEIGHT: usize = 90;
const LEFT: usize = 44;

/// The ends within one bar.
#[derive(Clone, Copy, Default)]
struct Bar {
    all: usize,
    failed: usize,
}

/// Draws the ends between two instants in thirty bars, with failures in another colour and pattern.
pub(crate) fn throughput(
    ends: &[Record],
    span: (Timestamp, Timestamp),
    now: Timestamp,
    zone: Zone,
) -> Markup {
    let bars = bars(ends, span);
    let most = bars.iter().map(|bar| bar.all).max().unwrap_or(0);
    let height = |count: usize| (count * HEIGHT).div_ceil(most.max(1));
    let failed: usize = bars.iter().map(|bar| bar.failed).sum();
    let right = LEFT + BARS * WIDTH;
    html! {
        figure.throughput {
            svg viewBox=(format!("0 0 {} {}", right + 4, HEIGHT + 34)) role="img"
                aria-label=(format!("{} runs ended in this time, {failed} failed; at most {most} in a bar", ends.len())) {
                text.tick x=(LEFT - 8) y="16" text-anchor="end" { (most) }
                text.tick x=(LEFT - 8) y=(HEIGHT + 12) text-anchor="end" { "0" }
                line.tick x1=(LEFT) x2=(right) y1="12" y2="12" {}
                line.tick x1=(LEFT) x2=(right) y1=(HEIGHT + 12) y2=(HEIGHT + 12) {}
                @for (index, bar) in bars.iter().enumerate() {
                    @let x = LEFT + index * WIDTH + 3;
                    @if bar.all > 0 {
                        g {
                            title { (bar.all) " ended, " (bar.failed) " failed" }
                            rect.good x=(x) y=(HEIGHT + 12 - height(bar.all)) width=(WIDTH - 6) height=(height(bar.all)) {}
                            @if bar.failed > 0 {
                                rect.bad x=(x) y=(HEIGHT + 12 - height(bar.failed)) width=(WIDTH - 6) height=(height(bar.failed)) {}
                                path.cross d=(format!("M{} {}l6 6m0 -6l-6 6", x + WIDTH / 2 - 6, HEIGHT + 2 - height(bar.all))) {}
                            }
                        }
                    }
                }
                text.tick x=(LEFT) y=(HEIGHT + 30) { (short(span.0, now, zone)) }
                text.tick x=(right) y=(HEIGHT + 30) text-anchor="end" { (short(span.1, now, zone)) }
            }
        }
    }
}

fn bars(ends: &[Record], (from, to): (Timestamp, Timestamp)) -> [Bar; BARS] {
    let mut bars = [Bar::default(); BARS];
    let whole = to.since(from).as_micros().max(1);
    for end in ends {
        let of = end.created.since(from).as_micros() * BARS as u128 / whole;
        let bar = &mut bars[usize::try_from(of).unwrap_or(BARS).min(BARS - 1)];
        bar.all += 1;
        bar.failed += usize::from(matches!(end.action, Action::Fail | Action::Crash));
    }
    bars
}
