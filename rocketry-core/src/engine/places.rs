//! The places at which tasks are declared, each stored once: a million tasks may come from one line.

use std::collections::BTreeMap;

use crate::error::Location;

/// A place of an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlaceId(u32);

impl PlaceId {
    /// No place in code.
    pub(crate) const NONE: PlaceId = PlaceId(u32::MAX);
}

/// The places at which the tasks of an app are declared.
#[derive(Default)]
pub(crate) struct Places {
    places: Vec<Location>,
    ids: BTreeMap<Location, PlaceId>,
}

impl Places {
    /// The id of a place, which may be new.
    pub(crate) fn add(&mut self, place: Location) -> PlaceId {
        let Places { places, ids } = self;
        if places.last() == Some(&place) {
            return PlaceId(u32::try_from(places.len() - 1).unwrap_or(u32::MAX));
        }
        *ids.entry(place).or_insert_with(|| {
            places.push(place);
            PlaceId(u32::try_from(places.len() - 1).unwrap_or(u32::MAX))
        })
    }

    /// The place with an id.
    pub(crate) fn get(&self, id: PlaceId) -> Option<Location> {
        self.places.get(usize::try_from(id.0).ok()?).copied()
    }
}
