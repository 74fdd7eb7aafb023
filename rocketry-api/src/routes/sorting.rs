//! Sorts tasks.

use std::cmp::Reverse;

use rocketry_core::{Action, Status, Task};
use rocketry_syntax::suggest::nearest;

use crate::problem::Problem;

/// The keys by which tasks can be sorted.
const KEYS: [(&str, By); 5] = [
    ("name", By::Name),
    ("status", By::Status),
    ("priority", By::Priority),
    ("next_due", By::NextDue),
    ("last", By::Last),
];

#[derive(Clone, Copy, Debug)]
enum By {
    Name,
    Status,
    Priority,
    NextDue,
    Last,
}

/// An order of tasks. Equal tasks stay in the order in which they were declared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sorting {
    by: By,
    is_descending: bool,
}

/// The sort key of a task: a text for names, a number for all other keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(i64),
    Text(String),
}

/// The indexes of the tasks of a page, and the cursor of the next page.
type Places = (Vec<usize>, Option<String>);

impl Sorting {
    /// Parses `priority` or `-priority`.
    pub(super) fn read(text: &str) -> Result<Self, Problem> {
        let (word, is_descending) = match text.strip_prefix('-') {
            Some(word) => (word, true),
            None => (text, false),
        };
        let names = KEYS.map(|(name, _)| name);
        let known = KEYS.into_iter().find(|(name, _)| *name == word);
        let (_, by) = known.ok_or_else(|| {
            let expected = names.join(", ");
            let message = format!("tasks can't be sorted by `{word}`: expected one of {expected}");
            Problem::invalid(message).near(nearest(word, names).map(str::to_owned))
        })?;
        Ok(Sorting { by, is_descending })
    }

    /// A page of tasks, given with their indexes. The cursor consists of the key and the index of its last
    /// task, so a task that moves meanwhile does not shift the page.
    pub(super) fn page(
        self,
        tasks: &mut dyn Iterator<Item = (usize, &Task)>,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Places, Problem> {
        let after = cursor.map(|text| self.cursor(text)).transpose()?;
        let keys = tasks.map(|(index, task)| (self.key(task), index));
        let mut found: Vec<_> = keys.filter(|key| self.is_after(key, after.as_ref())).collect();
        if self.is_descending {
            found.sort_unstable_by(|a, b| (Reverse(&a.0), a.1).cmp(&(Reverse(&b.0), b.1)));
        } else {
            found.sort_unstable();
        }
        let more = found.len() > limit;
        found.truncate(limit);
        let last = found.last().filter(|_| more);
        let next = last.map(|(key, index)| match key {
            Key::Number(number) => format!("{index}.{number}"),
            Key::Text(text) => format!("{index}.{text}"),
        });
        Ok((found.into_iter().map(|(_, index)| index).collect(), next))
    }

    fn is_after(self, (key, index): &(Key, usize), after: Option<&(Key, usize)>) -> bool {
        let Some((last, place)) = after else { return true };
        if key == last {
            return index > place;
        }
        (key > last) != self.is_descending
    }

    fn cursor(self, text: &str) -> Result<(Key, usize), Problem> {
        let none = || Problem::invalid(format!("`{text}` is not a cursor of a sorted page of tasks"));
        let (index, key) = text.split_once('.').ok_or_else(none)?;
        let key = match self.by {
            By::Name => Key::Text(key.to_owned()),
            _ => Key::Number(key.parse().map_err(|_| none())?),
        };
        Ok((key, index.parse().map_err(|_| none())?))
    }

    fn key(self, task: &Task) -> Key {
        let instant =
            |at: Option<rocketry_core::Timestamp>| at.map_or(i64::MAX, rocketry_core::Timestamp::as_micros);
        Key::Number(match self.by {
            By::Name => return Key::Text(task.name().to_owned()),
            By::Status => urgency(task.status()),
            By::Priority => i64::from(task.priority()),
            By::NextDue => instant(task.next_due()),
            By::Last => {
                let ends = Action::ALL.into_iter().filter(|action| action.is_end());
                ends.filter_map(|action| task.last(action))
                    .max()
                    .map_or(i64::MIN, rocketry_core::Timestamp::as_micros)
            }
        })
    }
}

/// The order by urgency: failures first, then running tasks, then the rest.
const fn urgency(status: Status) -> i64 {
    match status {
        Status::Ended(Action::Crash) => 0,
        Status::Ended(Action::Fail) => 1,
        Status::Ended(Action::Terminate) => 2,
        Status::Running => 3,
        Status::Never => 4,
        Status::Ended(Action::Inaction) => 5,
        Status::Ended(_) => 6,
    }
}
