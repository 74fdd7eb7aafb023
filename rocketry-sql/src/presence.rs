//! Which blocks contain records of a task.
//!
//! There may be thousands of blocks, and a task that rarely runs has records in few of them. Whenever a stretch
//! of blocks is full, the writer notes for each task which of them contain its records. A reader searches
//! those, and all blocks after the last stretch.

use std::collections::BTreeMap;

use rocketry_core::Action;
use rocketry_core::log::Query;

use crate::access_path::actions;
use crate::conditions::NumberRange;
use crate::statement::{Dialect, Param, Statement};

/// How many consecutive blocks form a stretch. A number has one bit for each.
pub(crate) const STRETCH: i64 = if cfg!(test) { 4 } else { 32 };

/// Consecutive blocks, from the first to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Blocks {
    pub(crate) first: i64,
    pub(crate) last: i64,
}

/// The kind of a record by its action, in SQL. Starts and successes are one kind, because they come in pairs.
pub(crate) const KIND: &str = "CASE WHEN action > 1 THEN action ELSE 0 END";

fn kind(action: Action) -> u8 {
    match action {
        Action::Run | Action::Success => 0,
        other => other as u8,
    }
}

/// The statement for the range of blocks that contain such numbers, and for the first block after the last
/// stretch. The last block is NULL if it is the newest.
pub(crate) fn bounds(numbers: NumberRange, dialect: Dialect) -> Statement {
    let mut statement = Statement::new(dialect);
    let lowest = statement.place(Param::Int(numbers.lowest));
    let highest = statement.place(Param::Int(numbers.highest));
    statement.sql = format!(
        "SELECT (SELECT coalesce(max(id), 0) FROM rocketry_block WHERE first <= {lowest}), \
         (SELECT min(id) - 1 FROM rocketry_block WHERE first > {highest}), \
         next_stretch * {STRETCH} FROM rocketry_state"
    );
    statement
}

/// The statement for the stretches and blocks that contain records of the query's tasks.
pub(crate) fn presence(query: &Query, within: Blocks, dialect: Dialect) -> Statement {
    let mut statement = Statement::new(dialect);
    let first = statement.place(Param::Int(within.first / STRETCH));
    let last = statement.place(Param::Int(within.last / STRETCH));
    let names: Vec<String> = query
        .tasks
        .iter()
        .map(|task| statement.place(Param::Text(task.clone())))
        .collect();
    let is_named = dialect.is_one_of("task.name", &names);
    let kinds: Option<Vec<String>> =
        actions(query).map(|actions| actions.iter().map(|action| kind(*action).to_string()).collect());
    let kinds = kinds.map_or_else(String::new, |kinds| {
        format!(" AND kind IN ({})", kinds.join(", "))
    });
    statement.sql = format!(
        "WITH RECURSIVE numbers (number) AS (SELECT CAST({first} AS BIGINT) \
         UNION ALL SELECT number + 1 FROM numbers WHERE number < {last}) \
         SELECT stretch, blocks FROM numbers CROSS JOIN rocketry_task AS task CROSS JOIN rocketry_presence AS presence \
         WHERE {is_named} AND presence.stretch = numbers.number AND presence.task = task.id{kinds}"
    );
    statement
}

/// Returns the blocks to search: those known to contain such records, and all from `unknown` on. Searching up
/// to `gap` unneeded blocks in between is cheaper than another statement.
pub(crate) fn parts(found: Vec<(i64, i64)>, within: Blocks, unknown: i64, gap: i64) -> Vec<Blocks> {
    let mut stretches: BTreeMap<i64, i64> = BTreeMap::new();
    for (stretch, blocks) in found {
        *stretches.entry(stretch).or_default() |= blocks;
    }
    let known = stretches.into_iter().flat_map(|(stretch, blocks)| {
        let bits = (0..STRETCH).filter(move |bit| blocks >> bit & 1 == 1);
        bits.map(move |bit| stretch * STRETCH + bit)
    });
    let known = known.filter(|block| *block < unknown);
    let known = known.map(|block| Blocks {
        first: block,
        last: block,
    });
    let rest = Blocks {
        first: unknown,
        last: i64::MAX,
    };
    let mut parts: Vec<Blocks> = Vec::new();
    for part in known.chain([rest]).filter_map(|part| part.and(within)) {
        match parts.last_mut() {
            Some(before) if part.first - before.last <= gap => before.last = part.last,
            _ => parts.push(part),
        }
    }
    parts
}

impl Blocks {
    /// The common part, if there is one.
    pub(crate) fn and(self, other: Blocks) -> Option<Blocks> {
        let (first, last) = (self.first.max(other.first), self.last.min(other.last));
        (first <= last).then_some(Blocks { first, last })
    }
}

#[cfg(test)]
mod tests {
    use super::{Blocks, parts};

    const ALL: Blocks = Blocks {
        first: 0,
        last: i64::MAX,
    };

    fn found(stretches: &[(i64, i64)], within: Blocks, gap: i64) -> Vec<(i64, i64)> {
        let parts = parts(stretches.to_vec(), within, 100, gap);
        parts.iter().map(|part| (part.first, part.last)).collect()
    }

    #[test]
    fn blocks_in_a_row_are_one_part() {
        let stretches = [(3, 0b1100), (4, 0b0001), (7, 0b1000), (3, 0b0001)];
        let rest = (100, i64::MAX);
        assert_eq!(found(&stretches, ALL, 1), [(12, 12), (14, 16), (31, 31), rest]);
        assert_eq!(found(&stretches, ALL, 2), [(12, 16), (31, 31), rest]);
        assert_eq!(found(&[], ALL, 1), [rest]);
    }

    #[test]
    fn nothing_is_looked_for_outside() {
        let within = Blocks { first: 13, last: 15 };
        assert_eq!(found(&[(3, 0b1111), (4, 0b0001)], within, 1), [(13, 15)]);
        let within = Blocks { first: 90, last: 110 };
        assert_eq!(found(&[(3, 0b1111)], within, 1), [(100, 110)]);
    }

    #[test]
    fn what_is_beyond_the_known_is_the_rest() {
        // A stretch was noted between two statements.
        assert_eq!(found(&[(25, 0b0001)], ALL, 1), [(100, i64::MAX)]);
    }
}
