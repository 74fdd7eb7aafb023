//! Tasks by name.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::Arc;

use super::name_index::NameIndex;
use crate::error::did_you_mean;
use crate::task_id::TaskId;

/// Finds tasks by their full name, or by its last segment while that is unambiguous.
///
/// Full names are kept with the tasks: callers pass `name_of` to look them up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    full: NameIndex,
    /// Names may come from outside, so collisions must not be predictable.
    hasher: RandomState,
    /// Last segments of names that have several segments, and names without the prefixes of groups.
    short: HashMap<Arc<str>, Vec<TaskId>>,
    /// For names of which some tasks have a number: those below this one are taken.
    numbers: HashMap<Box<str>, u32>,
}

/// The number of the second task of a name.
const FIRST_NUMBER: u32 = 2;

impl Names {
    /// No names, with room for this many.
    pub(crate) fn with_capacity(names: usize) -> Self {
        Names {
            full: NameIndex::with_capacity(names),
            ..Names::default()
        }
    }

    /// Adds the name of a task, and the one it was declared with if that is another.
    ///
    /// # Errors
    ///
    /// Returns the task that has the name already.
    pub(crate) fn add<'a>(
        &mut self,
        name: &str,
        declared: Option<&str>,
        id: TaskId,
        name_of: impl Fn(TaskId) -> &'a str,
    ) -> Result<(), TaskId> {
        let hash = self.hash(name);
        if let Some(taken) = self.full.of(hash).find(|id| name_of(*id) == name) {
            return Err(taken);
        }
        self.full.add(hash, id);
        let short = [last_segment(name), declared, declared.and_then(last_segment)];
        for short in short.into_iter().flatten() {
            self.add_short(short, id);
        }
        Ok(())
    }

    fn add_short(&mut self, name: &str, id: TaskId) {
        let known = self.short.entry(name.into()).or_default();
        if !known.contains(&id) {
            known.push(id);
        }
    }

    /// The task of exactly this name.
    pub(crate) fn exact<'a>(&self, name: &str, name_of: impl Fn(TaskId) -> &'a str) -> Option<TaskId> {
        self.full.of(self.hash(name)).find(|id| name_of(*id) == name)
    }

    /// Frees the name of a task.
    pub(crate) fn remove(&mut self, name: &str, id: TaskId) {
        self.full.remove(self.hash(name), id);
        self.number_is_free(name);
        if self.short.is_empty() {
            return;
        }
        // Each short name is an end of the full one.
        for (start, _) in name.char_indices() {
            if let Some(ids) = self.short.get_mut(&name[start..]) {
                ids.retain(|known| *known != id);
                if ids.is_empty() {
                    self.short.remove(&name[start..]);
                }
            }
        }
    }

    /// The name with the lowest number that no task has: `fetch-2`.
    pub(crate) fn numbered<'a>(&mut self, name: &str, name_of: impl Fn(TaskId) -> &'a str) -> String {
        let mut number = self.numbers.get(name).copied().unwrap_or(FIRST_NUMBER);
        let free = loop {
            let numbered = format!("{name}-{number}");
            if self.exact(&numbered, &name_of).is_none() {
                break numbered;
            }
            number += 1;
        };
        self.numbers.insert(name.into(), number);
        free
    }

    /// Records that a name is free, which may have a number.
    fn number_is_free(&mut self, name: &str) {
        if let Some((name, number)) = name.rsplit_once('-')
            && let Some(lowest) = self.numbers.get_mut(name)
            && let Ok(number) = number.parse::<u32>()
        {
            *lowest = number.clamp(FIRST_NUMBER, *lowest);
        }
    }

    /// The task of this name.
    ///
    /// # Errors
    ///
    /// Says that the name is unknown, with the nearest one, or that it is ambiguous.
    pub(crate) fn find<'a>(&self, name: &str, name_of: impl Fn(TaskId) -> &'a str) -> Result<TaskId, String> {
        self.known(name, &name_of).unwrap_or_else(|| {
            let full = self.full.all().map(|id| -> &str { name_of(id) });
            let near = did_you_mean(name, full.chain(self.short.keys().map(|short| &**short)));
            Err(format!("there is no task `{name}`{near}"))
        })
    }

    /// The task of this name, or `None` if the name is unknown.
    ///
    /// # Errors
    ///
    /// Says that the name is ambiguous.
    pub(crate) fn known<'a>(
        &self,
        name: &str,
        name_of: impl Fn(TaskId) -> &'a str,
    ) -> Option<Result<TaskId, String>> {
        if let Some(id) = self.exact(name, &name_of) {
            return Some(Ok(id));
        }
        match self.short.get(name).map(Vec::as_slice)? {
            [id] => Some(Ok(*id)),
            several => Some(Err(format!(
                "`{name}` names {} tasks; write the full path of one",
                several.len()
            ))),
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "half of the bits are as good as all"
    )]
    fn hash(&self, name: &str) -> u32 {
        self.hasher.hash_one(name) as u32
    }
}

fn last_segment(name: &str) -> Option<&str> {
    // Most names have one segment, which a search for a single byte detects much faster.
    let several = name.contains(':');
    let (_, last) = several.then(|| name.rsplit_once("::")).flatten()?;
    Some(last)
}
