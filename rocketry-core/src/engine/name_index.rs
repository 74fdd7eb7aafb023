//! Tasks by a hash of their names.

use crate::task_id::TaskId;

/// A hash table from hashes of names to tasks.
///
/// A map of the standard library would keep the names, which the tasks keep already, and takes 25 to 50 bytes for each;
/// this takes 10. A fifth of the table is free. A task is in the slot that its hash says, or in the next free one (linear
/// probing), so the tasks of a hash are in a row without a free slot in it.
#[derive(Clone, Debug, Default)]
pub(super) struct NameIndex {
    slots: Vec<Slot>,
    tasks: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slot {
    hash: u32,
    task: TaskId,
}

/// A free slot: no app has a task with this id.
const FREE: Slot = Slot {
    hash: 0,
    task: TaskId(u32::MAX),
};

impl Slot {
    fn is_taken(self) -> bool {
        self != FREE
    }
}

impl NameIndex {
    /// An empty table with room for this many tasks.
    pub(super) fn with_capacity(tasks: usize) -> Self {
        NameIndex {
            slots: vec![FREE; slots_for(tasks)],
            tasks: 0,
        }
    }

    /// Adds a task that is not in the table.
    pub(super) fn add(&mut self, hash: u32, task: TaskId) {
        self.tasks += 1;
        if self.slots.len() < slots_for(self.tasks) {
            let wider = vec![FREE; slots_for(2 * self.tasks)];
            let slots = std::mem::replace(&mut self.slots, wider);
            let taken = slots.into_iter().filter(|slot| slot.is_taken());
            taken.for_each(|slot| self.put(slot));
        }
        self.put(Slot { hash, task });
    }

    /// Removes a task that has this hash.
    pub(super) fn remove(&mut self, hash: u32, task: TaskId) {
        let slot = Slot { hash, task };
        let Some(mut at) = self.row(hash).find(|at| self.slots[*at] == slot) else {
            return;
        };
        self.tasks -= 1;
        self.slots[at] = FREE;
        // The tasks behind it may be there only because its slot was taken.
        loop {
            at = self.after(at);
            let next = std::mem::replace(&mut self.slots[at], FREE);
            if !next.is_taken() {
                break;
            }
            self.put(next);
        }
    }

    /// The tasks with this hash: hardly ever more than one.
    pub(super) fn of(&self, hash: u32) -> impl Iterator<Item = TaskId> {
        let slots = self.row(hash).map(|at| self.slots[at]);
        slots.filter(move |slot| slot.hash == hash).map(|slot| slot.task)
    }

    /// All tasks, in no order.
    pub(super) fn all(&self) -> impl Iterator<Item = TaskId> {
        let taken = self.slots.iter().filter(|slot| slot.is_taken());
        taken.map(|slot| slot.task)
    }

    fn put(&mut self, slot: Slot) {
        let mut at = self.home(slot.hash);
        while self.slots[at].is_taken() {
            at = self.after(at);
        }
        self.slots[at] = slot;
    }

    /// The slots from that of a hash to the next free one, of which there is always one.
    #[inline]
    fn row(&self, hash: u32) -> impl Iterator<Item = usize> {
        let mut next = self.home(hash);
        std::iter::from_fn(move || {
            let at = next;
            self.slots.get(at).filter(|slot| slot.is_taken())?;
            next = self.after(at);
            Some(at)
        })
    }

    /// The slot behind another one.
    #[inline]
    fn after(&self, at: usize) -> usize {
        if at + 1 == self.slots.len() { 0 } else { at + 1 }
    }

    /// The slot of a hash: its position among all hashes, scaled to the table.
    fn home(&self, hash: u32) -> usize {
        let scaled = (u64::from(hash) * self.slots.len() as u64) >> u32::BITS;
        usize::try_from(scaled).unwrap_or(usize::MAX)
    }
}

/// The number of slots for this many tasks. At least one is always free.
fn slots_for(tasks: usize) -> usize {
    tasks + tasks / 4 + 1
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::{FREE, NameIndex};
    use crate::task_id::TaskId;

    /// Hashes that meet, at both ends of the table and in its middle.
    fn hashes() -> impl Strategy<Value = u32> {
        prop_oneof![
            0..3_u32,
            u32::MAX - 3..=u32::MAX,
            Just(u32::MAX / 2),
            any::<u32>()
        ]
    }

    proptest! {
        #[test]
        fn it_has_what_was_added_and_not_removed(
            room in 0..20_usize,
            steps in prop::collection::vec((hashes(), 0..30_u32, any::<bool>()), 0..200),
        ) {
            let mut index = NameIndex::with_capacity(room);
            let mut model = BTreeSet::new();
            for (hash, task, adds) in steps {
                let task = TaskId::new(task);
                if !adds {
                    index.remove(hash, task);
                    model.remove(&(hash, task));
                } else if model.insert((hash, task)) {
                    index.add(hash, task);
                }
                for (hash, _) in &model {
                    let found: BTreeSet<_> = index.of(*hash).map(|task| (*hash, task)).collect();
                    let known: BTreeSet<_> = model.iter().filter(|known| known.0 == *hash).copied().collect();
                    prop_assert_eq!(found, known);
                }
                prop_assert_eq!(index.of(hash).count(), model.iter().filter(|known| known.0 == hash).count());
            }
            let mut all: Vec<_> = model.into_iter().map(|(_, task)| task).collect();
            let mut found: Vec<_> = index.all().collect();
            all.sort_unstable();
            found.sort_unstable();
            prop_assert_eq!(found, all);
        }
    }

    #[test]
    fn room_for_as_many_as_were_said_is_not_widened() {
        let mut index = NameIndex::with_capacity(1000);
        let places = index.slots.len();
        (0..1000).for_each(|task| index.add(task * 4_000_000, TaskId::new(task)));
        assert_eq!((index.slots.len(), index.slots.contains(&FREE)), (places, true));
        index.add(7, TaskId::new(1000));
        assert_eq!(index.all().count(), 1001);
    }
}
