//! Lengths of runs over time, as bars.

use maud::{Markup, html};
use rocketry_core::Record;

use super::length::length;
use super::status::Look;

const HEIGHT: u128 = 80;
const WIDTH: usize = 12;

/// One bar for each end, oldest first, as high as the run was long.
pub(crate) fn bars(ends: &[Record]) -> Markup {
    let micros = |end: &Record| {
        end.runtime()
            .map_or(0, |took| u64::try_from(took.as_micros()).unwrap_or(u64::MAX))
    };
    let longest = ends.iter().map(micros).max().unwrap_or(0).max(1);
    let of_longest = std::time::Duration::from_micros(longest);
    html! {
        figure.bars {
            svg viewBox=(format!("0 0 {} {}", (ends.len() * WIDTH).max(WIDTH), HEIGHT + 2)) role="img"
                aria-label=(format!("lengths of the last {} runs, the longest took {}", ends.len(), length(of_longest))) {
                @for (index, end) in ends.iter().enumerate() {
                    @let height = (u128::from(micros(end)) * HEIGHT / u128::from(longest)).max(2);
                    rect class=(Look::from(end.action).class) x=(index * WIDTH + 1) y=(HEIGHT + 2 - height) width=(WIDTH - 2)
                        height=(height) {
                        title { (end.action) ": " (end.runtime().map(length).unwrap_or_default()) }
                    }
                }
            }
            figcaption { "longest " (length(of_longest)) }
        }
    }
}
