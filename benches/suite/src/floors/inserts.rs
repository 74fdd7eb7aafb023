//! The floor of a log: the same records into a table without an index, with the same settings, or a file, and nothing else.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use postgres::{Client, NoTls};
use rocketry::{Record, RunId};
use rusqlite::Connection;

use crate::contender::Contender;
use crate::logs::writes;
use crate::report::median;
use crate::store::{self, Burst, Kind, Recorded};

pub(crate) struct Inserts;

impl Contender for Inserts {
    fn can_record(&self, kind: Kind) -> bool {
        kind != Kind::Postgres || store::postgres().is_some()
    }

    fn record(&self, burst: &Burst) -> Recorded {
        let writes = writes(burst);
        let mut table = Table::new(burst);
        let begun = Instant::now();
        for records in &writes {
            table.insert(records);
        }
        Recorded {
            took: begun.elapsed(),
            runs: burst.runs as u64,
            found: table.records() / 2,
        }
    }

    fn can_delay(&self) -> bool {
        true
    }

    /// What a commit of one record takes.
    fn delay(&self, burst: &Burst) -> Duration {
        let writes = writes(burst);
        let mut table = Table::new(burst);
        let mut waits: Vec<f64> = writes
            .iter()
            .flatten()
            .map(|record| {
                let begun = Instant::now();
                table.insert(std::slice::from_ref(record));
                begun.elapsed().as_secs_f64()
            })
            .collect();
        Duration::from_secs_f64(median(&mut waits))
    }
}

/// Where the records go.
enum Table {
    Sqlite(Connection),
    Postgres(Box<Client>),
    File(File, u64),
}

impl Table {
    fn new(burst: &Burst) -> Self {
        match burst.kind {
            Kind::Csv => {
                let file = File::create(burst.folder().join("bare.csv"));
                Table::File(file.expect("the file can be made"), 0)
            }
            Kind::SqliteFull => Table::Sqlite(sqlite(&burst.folder().join("bare.db"), "full")),
            Kind::SqliteNormal => Table::Sqlite(sqlite(&burst.folder().join("bare.db"), "normal")),
            Kind::Postgres => Table::Postgres(Box::new(postgres())),
        }
    }

    /// All of them or none, kept when this returns.
    fn insert(&mut self, records: &[Record]) {
        match self {
            Table::Sqlite(connection) => into_sqlite(connection, records).expect("they can be inserted"),
            Table::Postgres(client) => into_postgres(client, records).expect("they can be inserted"),
            Table::File(file, count) => {
                let lines: String = records.iter().map(line).collect();
                let written = file.write_all(lines.as_bytes()).and_then(|()| file.sync_data());
                written.expect("the file can be written");
                *count += records.len() as u64;
            }
        }
    }

    fn records(&mut self) -> u64 {
        const COUNT: &str = "SELECT count(*) FROM log";
        let count: i64 = match self {
            Table::Sqlite(connection) => connection
                .query_row(COUNT, [], |row| row.get(0))
                .expect("they can be counted"),
            Table::Postgres(client) => client.query_one(COUNT, &[]).expect("they can be counted").get(0),
            Table::File(_, count) => return *count,
        };
        count.unsigned_abs()
    }
}

fn sqlite(file: &Path, synchronous: &str) -> Connection {
    const TABLE: &str = "CREATE TABLE log (id INTEGER PRIMARY KEY, task_name TEXT, run_id INTEGER, action TEXT, \
                         created INTEGER, due INTEGER, start INTEGER, message TEXT)";
    let made = Connection::open(file).and_then(|connection| {
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", synchronous)?;
        connection.pragma_update(None, "wal_autocheckpoint", 4096)?;
        connection.pragma_update(None, "cache_size", -65_536)?;
        connection.execute_batch(TABLE)?;
        Ok(connection)
    });
    made.expect("the database can be made")
}

fn into_sqlite(connection: &mut Connection, records: &[Record]) -> rusqlite::Result<()> {
    const INSERT: &str = "INSERT INTO log (task_name, run_id, action, created, due, start, message) \
                          VALUES (?, ?, ?, ?, ?, ?, ?)";
    let transaction = connection.transaction()?;
    let mut insert = transaction.prepare_cached(INSERT)?;
    for record in records {
        insert.execute((
            &record.task,
            number(record),
            record.action.name(),
            record.created.as_micros(),
            record.due.as_micros(),
            record.start.as_micros(),
            record.message.as_deref(),
        ))?;
    }
    drop(insert);
    transaction.commit()
}

fn postgres() -> Client {
    const TABLE: &str = "DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare; CREATE TABLE log (id BIGINT GENERATED \
        ALWAYS AS IDENTITY PRIMARY KEY, task_name TEXT, run_id BIGINT, action TEXT, created BIGINT, due BIGINT, start BIGINT, \
        message TEXT)";
    let address = store::address_in("bare");
    let mut client = Client::connect(&address, NoTls).expect("the server answers");
    client.batch_execute(TABLE).expect("the table can be made");
    client
}

fn into_postgres(client: &mut Client, records: &[Record]) -> Result<(), postgres::Error> {
    const INSERT: &str = "INSERT INTO log (task_name, run_id, action, created, due, start, message) SELECT * FROM \
        unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[])";
    let numbers = |number: fn(&Record) -> i64| -> Vec<i64> { records.iter().map(number).collect() };
    let tasks: Vec<&str> = records.iter().map(|record| &*record.task).collect();
    let actions: Vec<&str> = records.iter().map(|record| record.action.name()).collect();
    let messages: Vec<Option<&str>> = records.iter().map(|record| record.message.as_deref()).collect();
    client.execute(
        INSERT,
        &[
            &tasks,
            &numbers(number),
            &actions,
            &numbers(|record| record.created.as_micros()),
            &numbers(|record| record.due.as_micros()),
            &numbers(|record| record.start.as_micros()),
            &messages,
        ],
    )?;
    Ok(())
}

fn line(record: &Record) -> String {
    format!(
        "{},{},{},{},{},{},{}\n",
        record.task,
        record.run_id,
        record.action.name(),
        record.created.as_micros(),
        record.due.as_micros(),
        record.start.as_micros(),
        record.message.as_deref().unwrap_or_default()
    )
}

fn number(record: &Record) -> i64 {
    match record.run_id {
        RunId::Number(number) => number.cast_signed(),
        RunId::Name(_) => 0,
    }
}
