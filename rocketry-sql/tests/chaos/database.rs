//! The log's database, read with plain SQL.

/// A row, as texts; an empty one for NULL.
pub(crate) type Row = Vec<String>;

pub(crate) enum Database {
    Sqlite(rusqlite::Connection),
    Postgres(Box<postgres::Client>),
}

impl Database {
    pub(crate) fn rows(&mut self, sql: &str) -> Vec<Row> {
        match self {
            Database::Sqlite(connection) => sqlite_rows(connection, sql),
            Database::Postgres(client) => postgres_rows(client, sql),
        }
    }

    pub(crate) fn number(&mut self, sql: &str) -> u64 {
        self.rows(sql)[0][0].parse().unwrap()
    }
}

fn sqlite_rows(connection: &rusqlite::Connection, sql: &str) -> Vec<Row> {
    use rusqlite::types::ValueRef;
    let mut statement = connection.prepare(sql).unwrap();
    let columns = statement.column_count();
    let text = |value: ValueRef<'_>| match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) | ValueRef::Blob(text) => String::from_utf8_lossy(text).into_owned(),
    };
    let read = |row: &rusqlite::Row<'_>| (0..columns).map(|column| row.get_ref(column).map(text)).collect();
    let rows = statement.query_map([], read).unwrap();
    rows.map(Result::unwrap).collect()
}

fn postgres_rows(client: &mut postgres::Client, sql: &str) -> Vec<Row> {
    let messages = client.simple_query(sql).unwrap();
    let rows = messages.into_iter().filter_map(|message| match message {
        postgres::SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    let text = |row: &postgres::SimpleQueryRow, column| row.get(column).unwrap_or_default().to_owned();
    rows.map(|row| (0..row.len()).map(|column| text(&row, column)).collect())
        .collect()
}
