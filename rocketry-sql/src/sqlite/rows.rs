//! Inserts many rows with few statements.

use rusqlite::{Statement, ToSql, Transaction};

/// How many rows a statement inserts, as long as there are as many.
const ROWS: [usize; 3] = [128, 16, 1];

/// Rows that use different columns are inserted in chunks of this size, each with the statement that fits all
/// of its rows.
pub(super) const CHUNK: usize = 2 * ROWS[0];

/// Statements that insert rows into a table.
pub(super) struct Insertion {
    statements: [String; ROWS.len()],
}

/// Binds the values of a statement one after the other.
pub(super) struct Values<'s, 'c> {
    statement: &'s mut Statement<'c>,
    last: usize,
}

impl Insertion {
    /// Inserts rows with values in these columns. `end` says what to do about conflicts.
    pub(super) fn new(table: &str, columns: &[&str], end: &str) -> Self {
        let row = format!("({})", vec!["?"; columns.len()].join(","));
        let columns = columns.join(", ");
        // `OR FAIL`: a failure rolls back the whole transaction, so SQLite need not be able to undo a single
        // statement.
        let insertion = |rows| {
            let rows = vec![&*row; rows].join(",");
            format!("INSERT OR FAIL INTO {table} ({columns}) VALUES {rows} {end}")
        };
        Insertion {
            statements: ROWS.map(insertion),
        }
    }

    /// Inserts rows in their order. `bind` binds the values of one row.
    pub(super) fn add<T>(
        &self,
        transaction: &Transaction<'_>,
        mut rows: &[T],
        bind: impl Fn(&mut Values<'_, '_>, &T) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        for (sql, at_once) in self.statements.iter().zip(ROWS) {
            let (these, rest) = rows.split_at(rows.len() - rows.len() % at_once);
            rows = rest;
            if these.is_empty() {
                continue;
            }
            let mut statement = transaction.prepare_cached(sql)?;
            for rows in these.chunks(at_once) {
                let mut values = Values {
                    statement: &mut statement,
                    last: 0,
                };
                rows.iter().try_for_each(|row| bind(&mut values, row))?;
                statement.raw_execute()?;
            }
        }
        Ok(())
    }
}

impl Values<'_, '_> {
    pub(super) fn put(&mut self, value: impl ToSql) -> rusqlite::Result<()> {
        self.last += 1;
        self.statement.raw_bind_parameter(self.last, value)
    }
}
