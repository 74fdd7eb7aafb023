//! The places at which tasks are declared, each stored once: a million tasks may come from one line.

use std::collections::BTreeMap;

use crate::error::Location;

/// A place of an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LocationId(u32);

impl LocationId {
    /// No place in code.
    pub(crate) const NONE: LocationId = LocationId(u32::MAX);
}

/// The places at which the tasks of an app are declared.
#[derive(Default)]
pub(crate) struct Locations {
    locations: Vec<Location>,
    ids: BTreeMap<Location, LocationId>,
}

impl Locations {
    /// The id of a place, which may be new.
    pub(crate) fn add(&mut self, place: Location) -> LocationId {
        let Locations { locations, ids } = self;
        if locations.last() == Some(&place) {
            return LocationId(u32::try_from(locations.len() - 1).unwrap_or(u32::MAX));
        }
        *ids.entry(place).or_insert_with(|| {
            locations.push(place);
            LocationId(u32::try_from(locations.len() - 1).unwrap_or(u32::MAX))
        })
    }

    /// The place with an id.
    pub(crate) fn get(&self, id: LocationId) -> Option<Location> {
        self.locations.get(usize::try_from(id.0).ok()?).copied()
    }
}
