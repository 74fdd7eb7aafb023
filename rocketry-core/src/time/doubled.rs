//! Exponentially growing pauses.

use rocketry_syntax::ast::Delta;

/// Returns a pause after a number of doublings, up to the longest one.
pub(crate) fn doubled(first: Delta, times: u32, longest: Delta) -> Delta {
    let pause = first
        .0
        .checked_shl(times)
        .filter(|pause| pause >> times == first.0);
    Delta(pause.map_or(longest.0, |pause| pause.min(longest.0)))
}

#[cfg(test)]
mod tests {
    use rocketry_syntax::ast::Delta;

    use super::doubled;

    #[test]
    fn a_pause_doubles_up_to_the_longest() {
        let pause = |times| doubled(Delta(3), times, Delta(40)).0;
        assert_eq!(
            [0, 1, 2, 3, 4, 63, 64, 1000].map(pause),
            [3, 6, 12, 24, 40, 40, 40, 40]
        );
    }
}
