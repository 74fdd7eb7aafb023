//! Several changes in one statement, which the server carries out all or not at all, and answers once.

use postgres::Row;
use postgres::types::ToSql;

use super::connection::Connection;

/// Changes that are made together.
#[derive(Default)]
pub(super) struct Joined<'v> {
    changes: Vec<String>,
    values: Vec<Box<dyn ToSql + Sync + 'v>>,
}

impl<'v> Joined<'v> {
    /// Adds a change under a name, by which changes after it refer to what it returns. Each `?` stands for a [value](Self::value) that is added next.
    pub(super) fn change(&mut self, name: &str, sql: &str) {
        let mut parts = sql.split('?');
        let mut change = format!("{name} AS ({}", parts.next().unwrap_or_default());
        for (number, part) in (self.values.len() + 1..).zip(parts) {
            change.extend(["$", &number.to_string(), part]);
        }
        self.changes.push(change + ")");
    }

    /// Adds the next value of the last change.
    pub(super) fn value(&mut self, value: impl ToSql + Sync + 'v) {
        self.values.push(Box::new(value));
    }

    /// Makes the changes; returns the rows of a query that may refer to them.
    pub(super) fn rows(self, connection: &mut Connection, query: &str) -> Result<Vec<Row>, postgres::Error> {
        let sql = format!("WITH {} {query}", self.changes.join(", "));
        let values: Vec<&(dyn ToSql + Sync)> = self.values.iter().map(|value| &**value as _).collect();
        connection.rows(&sql, &values)
    }
}
