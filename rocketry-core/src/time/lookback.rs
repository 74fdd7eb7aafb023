//! How far the latest occurrence of a period extends into the past, and what changes it.

use rocketry_syntax::ast::Delta;

use super::period::Period;
use super::timestamp::Timestamp;
use super::zone::Zone;

const DAY: u64 = 86_400_000_000;

impl Period {
    /// Returns the length of a window that extends from this long ago until now, or `None` for any other
    /// period.
    ///
    /// Events in such a window leave it as time passes.
    pub const fn sliding(&self) -> Option<Delta> {
        match self {
            Self::Past(delta) => Some(*delta),
            _ => None,
        }
    }

    /// Returns the earliest instant at which a set of periods may have another latest occurrence, as seen
    /// from then: an occurrence of a member starts or ends, or enters or leaves a window that moves with the
    /// present. Returns `None` for a period that is not a set, and if this never happens.
    pub fn next_shift(&self, now: Timestamp, zone: Zone) -> Option<Timestamp> {
        let (Self::All(_) | Self::Any(_)) = self else {
            return None;
        };
        let passing = self.windows().into_iter().filter_map(|window| {
            let edge = self
                .next_edge(now.saturating_sub(window), zone)?
                .saturating_add(window);
            Some(edge.previous())
                .filter(|before| *before > now)
                .or(Some(edge))
        });
        passing.chain(self.next_edge(now, zone)).min()
    }

    /// Returns whether its occurrences move with the present, at least in part.
    pub fn is_moving(&self) -> bool {
        match self {
            Self::All(members) | Self::Any(members) => members.iter().any(Self::is_moving),
            _ => self.is_sliding(),
        }
    }

    /// Returns the windows in it that move with the present, as their lengths.
    pub fn windows(&self) -> Vec<Delta> {
        match self {
            Self::All(members) | Self::Any(members) => members.iter().flat_map(Self::windows).collect(),
            _ => self.sliding().into_iter().collect(),
        }
    }

    /// The earliest instant after `at` at which an occurrence of a member starts or ends.
    fn next_edge(&self, at: Timestamp, zone: Zone) -> Option<Timestamp> {
        match self {
            Self::All(members) | Self::Any(members) => members
                .iter()
                .filter_map(|member| member.next_edge(at, zone))
                .min(),
            _ => self.next_change(at, zone),
        }
    }

    /// Returns the maximum age of an instant in the latest occurrence.
    ///
    /// ```
    /// use rocketry::time::Period;
    /// use rocketry_syntax::ast::Delta;
    /// use rocketry_syntax::parse_period;
    ///
    /// let today = Period::compile(&parse_period("any time of day")?)?;
    /// assert!(today.lookback() >= Delta(25 * 3_600_000_000), "a day that is put back has 25 hours");
    /// assert_eq!(Period::Past(Delta(10)).lookback(), Delta(10));
    /// assert_eq!(Period::Always.lookback(), Delta(u64::MAX));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn lookback(&self) -> Delta {
        match self {
            Self::Never => Delta(0),
            Self::Past(delta) => *delta,
            Self::Delta { past, .. } => Delta(past.0.saturating_add(1)),
            Self::Age(age) => age
                .less_than
                .map_or(Delta(u64::MAX), |most| Delta(most.0.saturating_add(1))),
            Self::Elapsed(window) => Delta(2 * window.unit_length()),
            Self::Calendar(window) => days(Some(window.longest_gap_in_days())),
            Self::Series(series) => days(series.longest_gap_in_days()),
            Self::Steps(steps) => days(steps.longest_gap_in_days()),
            Self::Each(each) => each
                .members()
                .iter()
                .map(Self::lookback)
                .max()
                .unwrap_or_default(),
            Self::Zoned(zoned) => zoned.1.lookback(),
            Self::All(members) => all(members),
            // The matches of a cron expression may be years apart, and a row of overlapping occurrences
            // may be as long.
            Self::Always
            | Self::Fixed(_)
            | Self::Stretch(_)
            | Self::Ticks(_)
            | Self::Cron(_)
            | Self::Any(_) => Delta(u64::MAX),
        }
    }
}

/// This many days; unlimited if unknown.
fn days(days: Option<u64>) -> Delta {
    Delta(days.map_or(u64::MAX, |days| days.saturating_mul(DAY)))
}

/// A window that moves with the present bounds its intersections. Other members may meet as rarely as changes
/// of the clock bring them together.
fn all(members: &[Period]) -> Delta {
    let moving = members.iter().filter(|member| member.is_sliding());
    moving.map(Period::lookback).min().unwrap_or(Delta(u64::MAX))
}
