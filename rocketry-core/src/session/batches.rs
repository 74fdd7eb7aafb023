//! The runs of a task that were asked for.

use std::collections::VecDeque;

use super::run::Batch;

/// Runs that were asked for, oldest first. Nearly all tasks have none at nearly any time.
#[derive(Default)]
#[expect(
    clippy::box_collection,
    reason = "a pointer in each task, in place of a whole queue"
)]
pub(crate) struct Batches(Option<Box<VecDeque<Batch>>>);

impl Batches {
    pub(crate) fn push_back(&mut self, batch: Batch) {
        self.0.get_or_insert_default().push_back(batch);
    }

    /// The one that is next.
    pub(crate) fn front(&self) -> Option<&Batch> {
        self.0.as_ref()?.front()
    }

    /// Takes the one that is next.
    pub(crate) fn pop_front(&mut self) -> Option<Batch> {
        let first = self.0.as_mut()?.pop_front();
        self.0.take_if(|rest| rest.is_empty());
        first
    }

    /// All of them, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Batch> {
        self.0.iter().flat_map(|batches| batches.iter())
    }

    pub(crate) fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |batches| batches.len())
    }
}

impl FromIterator<Batch> for Batches {
    fn from_iter<I: IntoIterator<Item = Batch>>(batches: I) -> Self {
        let batches: VecDeque<Batch> = batches.into_iter().collect();
        Batches((!batches.is_empty()).then(|| Box::new(batches)))
    }
}

impl IntoIterator for Batches {
    type Item = Batch;
    type IntoIter = std::collections::vec_deque::IntoIter<Batch>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.map_or_else(VecDeque::new, |batches| *batches).into_iter()
    }
}
