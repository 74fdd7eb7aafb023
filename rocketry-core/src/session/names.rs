//! Tasks by name.

use std::collections::HashMap;
use std::sync::Arc;

use crate::cond::TaskId;
use crate::error::did_you_mean;

/// Finds tasks by their full name, or by its last segment while that is unambiguous.
#[derive(Debug, Default)]
pub(crate) struct Names {
    full: HashMap<Arc<str>, TaskId>,
    /// Last segments of names that have several, and names without the prefixes of groups.
    short: HashMap<Arc<str>, Vec<TaskId>>,
}

impl Names {
    /// No names, with room for so many.
    pub(crate) fn with_capacity(names: usize) -> Self {
        Names {
            full: HashMap::with_capacity(names),
            short: HashMap::new(),
        }
    }

    /// Adds a name, and the one that the task was declared with if that is another; gives back the task that has
    /// the name already.
    pub(crate) fn add(&mut self, name: &Arc<str>, declared: Option<&str>, id: TaskId) -> Result<(), TaskId> {
        if let Some(taken) = self.full.insert(name.clone(), id) {
            self.full.insert(name.clone(), taken);
            return Err(taken);
        }
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
    pub(crate) fn exact(&self, name: &str) -> Option<TaskId> {
        self.full.get(name).copied()
    }

    /// Frees a name.
    pub(crate) fn remove(&mut self, name: &str) {
        let Some(id) = self.full.remove(name) else { return };
        self.short.retain(|_, ids| {
            ids.retain(|known| *known != id);
            !ids.is_empty()
        });
    }

    /// The task of this name.
    ///
    /// # Errors
    ///
    /// Says that the name is unknown, with the nearest one, or that it is ambiguous.
    pub(crate) fn find(&self, name: &str) -> Result<TaskId, String> {
        if let Some(id) = self.full.get(name) {
            return Ok(*id);
        }
        match self.short.get(name).map(Vec::as_slice) {
            Some([id]) => Ok(*id),
            Some(several) => Err(format!(
                "`{name}` names {} tasks; write the full path of one",
                several.len()
            )),
            None => {
                let near = did_you_mean(
                    name,
                    self.full.keys().chain(self.short.keys()).map(|known| &**known),
                );
                Err(format!("there is no task `{name}`{near}"))
            }
        }
    }
}

fn last_segment(name: &str) -> Option<&str> {
    // Most names have one segment, which a search for a single byte tells much faster.
    let several = name.contains(':');
    let (_, last) = several.then(|| name.rsplit_once("::")).flatten()?;
    Some(last)
}
