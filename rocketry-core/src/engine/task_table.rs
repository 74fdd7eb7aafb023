//! The tasks of an app by their ids.

use std::iter::once;
use std::ops::{Index, IndexMut, Range};
use std::sync::Arc;

use super::deleted::DeletedTasks;
use super::entry::TaskEntry;
use super::spec::Rare;
use crate::task::Execution;
use crate::task_id::TaskId;

/// The number of later added tasks that share a page.
const PAGE: usize = 64;

/// The tasks of an app by their ids.
///
/// Ids are never reused, so the ids of an app that adds and deletes tasks run ever higher. The tasks that it was built with are in
/// a row; those that are added later are in pages, and a page is freed once all of its tasks are released.
pub(crate) struct TaskTable {
    built: Vec<TaskEntry>,
    later: Vec<Page>,
    len: usize,
    /// The deleted tasks that were not released so far.
    pub(super) deleted: DeletedTasks,
    /// The number of released tasks.
    let_go: usize,
    /// Stands for the tasks of pages that are freed.
    gone: Option<Box<TaskEntry>>,
}

#[derive(Default)]
struct Page {
    /// Empty once the page is freed.
    tasks: Vec<TaskEntry>,
    let_go: usize,
}

impl From<Vec<TaskEntry>> for TaskTable {
    fn from(built: Vec<TaskEntry>) -> Self {
        TaskTable {
            len: built.len(),
            built,
            later: Vec::new(),
            deleted: DeletedTasks::default(),
            let_go: 0,
            gone: None,
        }
    }
}

impl TaskTable {
    /// The number of assigned ids.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The number of tasks that were not released.
    pub(crate) fn kept(&self) -> usize {
        self.len - self.let_go
    }

    /// The ids of all tasks but those of freed pages.
    pub(crate) fn ids(&self) -> impl Iterator<Item = TaskId> + use<> {
        let first = self.built.len();
        let pages = self.later.iter().enumerate();
        let later =
            pages.map(|(page, Page { tasks, .. })| first + page * PAGE..first + page * PAGE + tasks.len());
        let rows: Vec<Range<usize>> = once(0..first)
            .chain(later)
            .filter(|row| !row.is_empty())
            .collect();
        rows.into_iter().flatten().map(id)
    }

    /// The ids of all tasks that ever were.
    pub(crate) fn all_ids(&self) -> impl Iterator<Item = TaskId> + use<> {
        (0..self.len).map(id)
    }

    /// All tasks but those of freed pages, in the order of their ids.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &TaskEntry> + Clone {
        let later = self.later.iter().flat_map(|page| &page.tasks);
        self.built.iter().chain(later)
    }

    /// The same to be changed.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut TaskEntry> {
        let later = self.later.iter_mut().flat_map(|page| &mut page.tasks);
        self.built.iter_mut().chain(later)
    }

    /// Adds a task behind the others.
    pub(crate) fn push(&mut self, task: TaskEntry) {
        if (self.len - self.built.len()).is_multiple_of(PAGE) {
            self.later.push(Page::default());
        }
        self.later.last_mut().expect("there is a page").tasks.push(task);
        self.len += 1;
    }

    /// Releases all that a deleted task has. From now on another stands in its place that has no name and no past.
    pub(crate) fn let_go(&mut self, id: TaskId) {
        self.let_go += 1;
        let gone = self.gone.take().unwrap_or_else(|| Box::new(gone(&self[id])));
        self[id] = TaskEntry::gone(gone.spec.clone());
        self.gone = Some(gone);
        if let Some(later) = id.index().checked_sub(self.built.len()) {
            let page = &mut self.later[later / PAGE];
            page.let_go += 1;
            if page.let_go == PAGE {
                page.tasks = Vec::new();
            }
        }
    }

    #[inline]
    fn at(&self, index: usize) -> &TaskEntry {
        self.built.get(index).unwrap_or_else(|| self.later(index))
    }

    #[cold]
    fn later(&self, index: usize) -> &TaskEntry {
        let later = index - self.built.len();
        let task = self.later[later / PAGE].tasks.get(later % PAGE);
        task.or(self.gone.as_deref()).expect("there is such a task")
    }

    #[cold]
    fn later_mut(&mut self, index: usize) -> &mut TaskEntry {
        let later = index - self.built.len();
        let task = self.later[later / PAGE].tasks.get_mut(later % PAGE);
        task.or(self.gone.as_deref_mut()).expect("there is such a task")
    }
}

impl Index<TaskId> for TaskTable {
    type Output = TaskEntry;

    #[inline]
    fn index(&self, id: TaskId) -> &TaskEntry {
        self.at(id.index())
    }
}

impl IndexMut<TaskId> for TaskTable {
    #[inline]
    fn index_mut(&mut self, id: TaskId) -> &mut TaskEntry {
        if id.index() < self.built.len() {
            &mut self.built[id.index()]
        } else {
            self.later_mut(id.index())
        }
    }
}

fn id(index: usize) -> TaskId {
    TaskId::new(u32::try_from(index).expect("fewer than 2^32 tasks"))
}

/// A task without a name and a past.
fn gone(like: &TaskEntry) -> TaskEntry {
    let mut spec = (*like.spec).clone();
    spec.let_go();
    (spec.name, spec.rare, spec.execution) = (Arc::default(), Rare::default(), Execution::Async);
    TaskEntry::gone(Arc::new(spec))
}
