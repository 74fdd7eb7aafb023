//! The database of a cluster, read with plain SQL.

use postgres::{Client, NoTls, SimpleQueryMessage};

/// A schema of its own on the server for tests.
pub(crate) struct Database {
    pub(crate) client: Client,
    /// The address of the cluster.
    pub(crate) address: String,
}

impl Database {
    /// An empty schema; `None` without a server.
    pub(crate) fn new(schema: &str) -> Option<Self> {
        let Ok(server) = std::env::var("POSTGRES_FOR_TESTS") else {
            println!("skipped: POSTGRES_FOR_TESTS names no server");
            return None;
        };
        let mut client = Client::connect(&server, NoTls).unwrap();
        let fresh = format!(
            "DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}; SET search_path = {schema}"
        );
        client.batch_execute(&fresh).unwrap();
        let address = format!("{server}?options=-c%20search_path%3D{schema}");
        Some(Database { client, address })
    }

    /// The rows of a query as texts; an empty one for NULL.
    pub(crate) fn rows(&mut self, sql: &str) -> Vec<Vec<String>> {
        let messages = self.client.simple_query(sql).unwrap();
        let rows = messages.into_iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let text = |row: &postgres::SimpleQueryRow, column| row.get(column).unwrap_or_default().to_owned();
        rows.map(|row| (0..row.len()).map(|column| text(&row, column)).collect())
            .collect()
    }

    /// The first column of the first row; `None` without a row.
    pub(crate) fn one(&mut self, sql: &str) -> Option<String> {
        Some(self.rows(sql).first()?[0].clone())
    }
}
