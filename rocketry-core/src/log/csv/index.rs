//! An index of the file: the position of each record, and properties of it that need no read.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Range;
use std::sync::Arc;

use super::super::{Action, Cursor, Order, Query, Record};
use crate::param::RunId;
use crate::time::Timestamp;

/// The number of consecutive records in a zone.
const ZONE: usize = if cfg!(test) { 4 } else { 1024 };

/// The properties of a record that need no read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) at: u64,
    pub(super) length: u32,
    /// A hash of the run id; other runs may have the same.
    run: u32,
    task: u32,
    action: Action,
    pub(super) created: Timestamp,
}

/// The properties of all records of a zone.
#[derive(Clone, Copy, Debug)]
struct Zone {
    earliest: Timestamp,
    latest: Timestamp,
    /// One bit per action.
    actions: u8,
}

/// All records, in order.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The number of the first record that is left.
    pub(super) first: u64,
    entries: Vec<Entry>,
    zones: Vec<Zone>,
    tasks: HashMap<Arc<str>, u32>,
    /// The places of the records of each task.
    places: Vec<Vec<u32>>,
}

/// The conditions of a query on an entry.
struct Wanted<'q> {
    query: &'q Query,
    /// `None` matches all tasks.
    tasks: Option<Vec<u32>>,
    actions: u8,
    run: Option<u32>,
}

impl Index {
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The number of the next record.
    pub(super) fn end(&self) -> u64 {
        self.first + self.entries.len() as u64
    }

    pub(super) fn push(&mut self, record: &Record, at: u64, length: u32) {
        let next = u32::try_from(self.tasks.len()).expect("fewer than 2^32 tasks");
        let known = self.tasks.get(&record.task).copied();
        let task = known.unwrap_or_else(|| {
            // A copy: the app keeps what shares the name of a deleted task.
            self.tasks.insert(Arc::from(&*record.task), next);
            self.places.push(Vec::new());
            next
        });
        let entry = Entry {
            at,
            length,
            run: hash(&record.run_id),
            task,
            action: record.action,
            created: record.created,
        };
        self.add(entry);
    }

    fn add(&mut self, entry: Entry) {
        let place = u32::try_from(self.entries.len()).expect("fewer than 2^32 records");
        self.places[entry.task as usize].push(place);
        if self.entries.len().is_multiple_of(ZONE) {
            self.zones.push(Zone::of(&entry));
        } else if let Some(zone) = self.zones.last_mut() {
            zone.take_in(&entry);
        }
        self.entries.push(entry);
    }

    /// Returns the index without the first `count` records, for a file in which the first remaining record is
    /// at `moved_to`.
    pub(super) fn without(&self, count: usize, moved_to: u64) -> Self {
        let left = &self.entries[count..];
        let moved_from = left.first().map_or(0, |entry| entry.at);
        let mut anew = Index {
            first: self.first + count as u64,
            tasks: self.tasks.clone(),
            places: vec![Vec::new(); self.places.len()],
            ..Index::default()
        };
        for entry in left {
            anew.add(Entry {
                at: entry.at - moved_from + moved_to,
                ..*entry
            });
        }
        anew
    }

    /// Returns up to `most` records that may match, with their places, in the order of the query.
    pub(super) fn candidates(&self, query: &Query, most: usize) -> Vec<(Cursor, Entry)> {
        let wanted = Wanted::of(query, &self.tasks);
        let found = self.find(&wanted).take(most);
        found
            .map(|place| (Cursor::new(self.first + place as u64), self.entries[place]))
            .collect()
    }

    /// Returns how many records may match.
    pub(super) fn count(&self, query: &Query) -> u64 {
        self.find(&Wanted::of(query, &self.tasks)).count() as u64
    }

    fn find<'a>(&'a self, wanted: &'a Wanted<'_>) -> Box<dyn Iterator<Item = usize> + 'a> {
        let range = self.range(wanted.query);
        let fits = |place: &usize| wanted.admits(&self.entries[*place]);
        match (wanted.tasks.as_deref(), wanted.query.order) {
            (Some([]), _) => Box::new(std::iter::empty()),
            (Some([task]), Order::Oldest) => Box::new(self.of_task(*task, wanted, range).filter(fits)),
            (Some([task]), _) => Box::new(self.of_task(*task, wanted, range).rev().filter(fits)),
            (_, Order::Oldest) => Box::new(self.in_zones(wanted, range).filter(fits)),
            (..) => Box::new(self.in_zones(wanted, range).rev().filter(fits)),
        }
    }

    /// The places that the cursor of the query allows.
    fn range(&self, query: &Query) -> Range<usize> {
        let all = 0..self.entries.len();
        let Some(after) = query.after else { return all };
        let place = |number: u64| usize::try_from(number.saturating_sub(self.first)).unwrap_or(usize::MAX);
        match query.order {
            Order::Oldest => place(after.number().saturating_add(1)).min(all.end)..all.end,
            Order::Newest | Order::Last => 0..place(after.number()).min(all.end),
        }
    }

    /// The places of a task's records.
    fn of_task<'a>(
        &'a self,
        task: u32,
        wanted: &'a Wanted<'_>,
        range: Range<usize>,
    ) -> impl DoubleEndedIterator<Item = usize> + 'a {
        let places = &self.places[task as usize];
        let before = |end: usize| places.partition_point(|place| (*place as usize) < end);
        let places = places[before(range.start)..before(range.end)].iter();
        let places = places.map(|place| *place as usize);
        // Checking the zone first is cheaper: there are few zones, and they stay in the processor's caches.
        places.filter(|place| wanted.admits_zone(&self.zones[place / ZONE]))
    }

    /// The places in the zones that may contain matching records.
    fn in_zones<'a>(
        &'a self,
        wanted: &'a Wanted<'_>,
        range: Range<usize>,
    ) -> impl DoubleEndedIterator<Item = usize> + 'a {
        let zones = range.start / ZONE..range.end.div_ceil(ZONE);
        let zones = zones.filter(|zone| wanted.admits_zone(&self.zones[*zone]));
        zones.flat_map(move |zone| (zone * ZONE).max(range.start)..((zone + 1) * ZONE).min(range.end))
    }
}

impl Zone {
    fn of(entry: &Entry) -> Self {
        Zone {
            earliest: entry.created,
            latest: entry.created,
            actions: bit(entry.action),
        }
    }

    fn take_in(&mut self, entry: &Entry) {
        self.earliest = self.earliest.min(entry.created);
        self.latest = self.latest.max(entry.created);
        self.actions |= bit(entry.action);
    }
}

impl<'q> Wanted<'q> {
    fn of(query: &'q Query, known: &HashMap<Arc<str>, u32>) -> Self {
        let tasks = || query.tasks.iter().filter_map(|task| known.get(task.as_str()));
        let actions = query.actions.iter().map(|action| bit(*action));
        Wanted {
            query,
            tasks: (!query.tasks.is_empty()).then(|| tasks().copied().collect()),
            actions: actions.reduce(|all, action| all | action).unwrap_or(u8::MAX),
            run: query.run_id.as_ref().map(hash),
        }
    }

    fn admits(&self, entry: &Entry) -> bool {
        let Query { created, end, .. } = self.query;
        self.actions & bit(entry.action) != 0
            && self
                .tasks
                .as_ref()
                .is_none_or(|tasks| tasks.contains(&entry.task))
            && self.run.is_none_or(|run| run == entry.run)
            && created.is_none_or(|span| span.contains(entry.created))
            && end.is_none_or(|span| entry.action.is_end() && span.contains(entry.created))
    }

    fn admits_zone(&self, zone: &Zone) -> bool {
        let mut spans = [self.query.created, self.query.end].into_iter().flatten();
        self.actions & zone.actions != 0
            && spans.all(|span| span.start <= zone.latest && zone.earliest < span.end)
    }
}

fn bit(action: Action) -> u8 {
    1 << action as u8
}

fn hash(run_id: &RunId) -> u32 {
    let mut hasher = DefaultHasher::new();
    run_id.hash(&mut hasher);
    // One half of the hash is enough.
    (hasher.finish() >> 32) as u32
}
