//! Where and when a case takes place: its zone, and the grid of instants on which everything in it lies.

use proptest::prelude::*;
use proptest::sample::select;
use rocketry_core::{Timestamp, Zone};
use rocketry_syntax::ast::{Delta, Unit};

/// Zones, and instants at which something happens to their clocks or calendars.
const PLACES: [(&str, &str); 10] = [
    ("Europe/Helsinki", "2024-03-31T01:00:00Z"),
    ("Europe/Helsinki", "2024-10-27T01:00:00Z"),
    ("America/New_York", "2024-03-10T07:00:00Z"),
    ("America/New_York", "2024-11-03T06:00:00Z"),
    ("Australia/Lord_Howe", "2024-04-06T15:00:00Z"),
    ("Australia/Lord_Howe", "2024-10-05T15:30:00Z"),
    ("Asia/Kolkata", "2024-02-28T18:30:00Z"),
    ("Asia/Kolkata", "2024-12-31T18:30:00Z"),
    ("UTC", "2023-12-31T00:00:00Z"),
    ("UTC", "2024-02-29T12:00:00Z"),
];

/// The distance of the instants, and how many of them a case lasts. On the first, there are no others.
const GRIDS: [(Delta, u32); 4] = [
    (Delta(1), 200),
    (Delta(1_000_000), 150),
    (Delta(60 * 1_000_000), 200),
    (Delta(30 * 60 * 1_000_000), 250),
];

/// Where and when a case takes place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    pub(crate) zone: Zone,
    pub(crate) start: Timestamp,
    pub(crate) step: Delta,
    pub(crate) steps: u32,
}

impl Frame {
    /// Returns the instant that many steps from the start.
    pub(crate) fn at(&self, steps: u32) -> Timestamp {
        self.start.saturating_add(self.length(steps))
    }

    /// Returns the length of that many steps.
    pub(crate) fn length(&self, steps: u32) -> Delta {
        Delta(self.step.0 * u64::from(steps))
    }

    /// The units whose full occurrences begin on the grid.
    pub(crate) fn units(&self) -> &'static [Unit] {
        const UNITS: [Unit; 8] = [
            Unit::Second,
            Unit::Minute,
            Unit::Hour,
            Unit::Day,
            Unit::Week,
            Unit::Month,
            Unit::Quarter,
            Unit::Year,
        ];
        &UNITS[self.grid()..]
    }

    /// Whether there are no instants besides those on the grid.
    pub(crate) fn has_all(&self) -> bool {
        self.step == GRIDS[0].0
    }

    /// Which grid it is. As nothing in a statement is shorter than a second, the first two are the same one.
    pub(crate) fn grid(&self) -> usize {
        GRIDS
            .iter()
            .position(|(step, _)| *step == self.step)
            .expect("the grid is one of them")
            .saturating_sub(1)
    }
}

/// Frames around the places' instants.
pub(crate) fn frames() -> impl Strategy<Value = Frame> {
    let grids = select(&GRIDS[..]).prop_flat_map(|(step, steps)| (Just((step, steps)), 0..steps));
    (select(&PLACES[..]), grids).prop_map(|((zone, at), ((step, steps), before))| {
        let around: Timestamp = at.parse().expect("the place has an instant");
        Frame {
            zone: zone.parse().expect("the place has a zone"),
            start: around.saturating_sub(Delta(step.0 * u64::from(before))),
            step,
            steps,
        }
    })
}
