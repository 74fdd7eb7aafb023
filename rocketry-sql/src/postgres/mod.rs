//! Run logs in PostgreSQL databases.

mod address;
mod batch;
mod connection;
mod failure;
mod insert;
mod joined;
mod lease;
mod line;
mod nodes;
mod reader;
mod relay;
mod rollup;
#[cfg(feature = "postgres-tls")]
mod tls;
#[cfg(not(feature = "postgres-tls"))]
#[path = "plain.rs"]
mod tls;
mod turn;
mod work;
mod worker;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use rocketry_core::cluster::SharedLog;
use rocketry_core::log::{Fact, Page, Past, Retention, Write};
use rocketry_core::{Query, Record, Result, RunLog};

use connection::Target;
pub use lease::{LeaseRow, PostgresLease};
use reader::Reader;
pub use relay::PostgresRelay;
pub use work::PostgresWork;
use worker::Worker;
use writer::Writer;

/// The time limit of a write. The core retries it and can report meanwhile what runs wait for. The number of
/// the write shows whether it was stored after all.
const PATIENCE: Duration = Duration::from_secs(if cfg!(test) { 3 } else { 30 });

/// The time limit of a query, which may read millions of records.
const READING: Duration = Duration::from_secs(if cfg!(test) { 3 } else { 60 });

rocketry_core::register_log!("postgres", open);
rocketry_core::register_log!("postgresql", open);

fn open(address: &str) -> Result<Box<dyn RunLog>> {
    Ok(Box::new(PostgresLog::open(address)?))
}

/// A run log in a PostgreSQL database.
///
/// The tables are created in the first schema of the search path; `?options=-c%20search_path%3Djobs` in the
/// address selects another. A lost connection is replaced by the next write or query. An address may name
/// several hosts: the log writes to the first that accepts writes, and leaves a server that has become
/// read-only. A write fails after 30 s without an answer, and a query after 60 s. PostgreSQL can't store
/// U+0000, which becomes U+FFFD.
///
/// # TLS
///
/// With the feature `postgres-tls`, the address defines how the connection is protected, as for libpq:
///
/// | `sslmode` | encrypted | the server's certificate |
/// |---|---|---|
/// | `disable` | no | |
/// | `prefer`, the default | if the server supports it | may be any |
/// | `require` | yes | may be any; with available authorities like `verify-ca` |
/// | `verify-ca` | yes | is signed by one of the authorities |
/// | `verify-full` | yes | is also for the name of the host |
///
/// The authorities are those in the file `sslrootcert=FILE`, by default `.postgresql/root.crt` in the home
/// directory. With `sslrootcert=system` they are those that the system trusts, and the mode is `verify-full`. A
/// Unix socket, `postgres://user@%2Frun%2Fpostgresql/database`, is never encrypted. Without the feature, an
/// `sslmode` other than `disable` is an error.
///
/// ```no_run
/// # #[cfg(any())]
/// use rocketry::{Action, PostgresLog, Query, RunLog};
/// # use rocketry_core::{Action, Query, RunLog};
/// # use rocketry_sql::PostgresLog;
///
/// let log = PostgresLog::open("postgres://scheduler:secret@localhost/jobs")?;
/// let failures = log.query(&Query::new().action(Action::Fail).last(10))?;
/// # Ok::<(), rocketry_core::Error>(())
/// ```
#[derive(Debug)]
pub struct PostgresLog {
    reader: Worker<Reader>,
    writer: Worker<Writer>,
}

impl PostgresLog {
    /// Opens the log at an address in the format of libpq: `postgres://user:password@host:port/database`.
    /// Creates the tables if there are none.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is invalid, if the server can't be reached or refuses the connection, or if the
    /// schema is newer than this version of Rocketry.
    pub fn open(address: &str) -> Result<Self> {
        PostgresLog::open_for(Target::read(address)?, false)
    }

    /// Opens the log for a node of a cluster, which shares it with the others: each write needs a
    /// [term](Write::term). Other apps can't write to it meanwhile.
    ///
    /// # Errors
    ///
    /// See [`open`](Self::open).
    pub fn open_shared(address: &str) -> Result<Self> {
        PostgresLog::open_for(Target::read(address)?, true)
    }

    fn open_for(target: Target, is_shared: bool) -> Result<Self> {
        let store = target.store.clone();
        let reader = Worker::start(Reader::new(target.clone()), &store)?;
        let writer = Worker::start(Writer::new(target, is_shared), &store)?;
        reader.ask_within(READING, "opened", Reader::open)?;
        Ok(PostgresLog { reader, writer })
    }
}

impl SharedLog for PostgresLog {
    fn write_claiming(&self, write: &Write<'_>, claims: &[Arc<str>]) -> Result<()> {
        let claims: Vec<String> = claims.iter().map(|claim| without_nul(claim)).collect();
        let records: Vec<_> = write.records.iter().map(Record::without_nul).collect();
        let facts: Vec<_> = write.facts.iter().map(Fact::without_nul).collect();
        let (number, term) = (write.number, write.term);
        let written = self.writer.ask_within(PATIENCE, "written", move |writer| {
            let write = Write {
                records: &records,
                facts: &facts,
                number,
                term,
            };
            writer.write(&write, &claims)
        });
        if written.as_ref().is_err_and(|error| !error.is_unwritable()) {
            // Queries follow writes to another server.
            self.reader.tell(Reader::close);
        }
        written
    }

    fn writes(&self) -> Result<Option<u64>> {
        self.reader.ask_within(READING, "read", Reader::writes).map(Some)
    }

    fn prepare(&self) {
        self.writer.tell(Writer::prepare);
    }
}

/// A claim as PostgreSQL can store it.
fn without_nul(claim: &str) -> String {
    claim.replace('\0', "\u{fffd}")
}

impl RunLog for PostgresLog {
    fn write(&self, write: &Write<'_>) -> Result<()> {
        self.write_claiming(write, &[])
    }

    fn query(&self, query: &Query) -> Result<Page> {
        let query = query.clone();
        self.reader
            .ask_within(READING, "read", move |reader| reader.page(&query))
    }

    fn count(&self, query: &Query) -> Result<u64> {
        let query = query.clone();
        self.reader
            .ask_within(READING, "read", move |reader| reader.count(&query))
    }

    fn load(&self) -> Result<Past> {
        self.writer.ask_within(PATIENCE, "read", Writer::load)
    }

    fn look(&self) -> Result<Past> {
        self.reader.ask_within(READING, "read", Reader::look)
    }

    fn forget(&self, retention: &Retention) -> Result<u64> {
        let retention = *retention;
        let forget = move |writer: &mut Writer| writer.forget(&retention);
        self.writer.ask_within(PATIENCE, "written", forget)
    }

    fn close(&self) -> Result<()> {
        self.writer.ask_last(PATIENCE, "closed", Writer::close)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::process::Command;

    use postgres::{Client, NoTls};
    use rocketry_core::log::Write;
    use rocketry_core::{Action, Query, Record, RunId, RunLog, Timestamp};

    use super::PostgresLog;

    /// Sends a signal to the server processes that serve an app.
    fn signal(client: &mut Client, signal: &str) {
        const SERVING: &str = "SELECT pid FROM pg_stat_activity WHERE application_name = 'hangs'";
        for row in client.query(SERVING, &[]).unwrap() {
            let process: i32 = row.get(0);
            let sent = Command::new("kill").args([signal, &process.to_string()]).status();
            assert!(sent.unwrap().success());
        }
    }

    /// Opens a log in a schema of its own, and a connection that is not stopped.
    fn open(address: &str) -> (Client, PostgresLog) {
        let mut client = Client::connect(address, NoTls).unwrap();
        let fresh = "DROP SCHEMA IF EXISTS hangs CASCADE; CREATE SCHEMA hangs";
        client.batch_execute(fresh).unwrap();
        let settings = "options=-c%20search_path%3Dhangs&application_name=hangs";
        let log = PostgresLog::open(&format!("{address}?{settings}")).unwrap();
        (client, log)
    }

    fn record(number: u64) -> Record {
        let at = Timestamp::from_micros(1_767_225_600_000_000);
        Record {
            task: "fetch".into(),
            run_id: RunId::Number(number),
            action: Action::Run,
            created: at,
            due: at,
            start: at,
            message: None,
            extra: None,
        }
    }

    fn assert_ends(error: &rocketry_core::Error, with: &str) {
        let error = error.to_string();
        assert!(error.ends_with(with), "{error}");
    }

    #[test]
    fn a_server_that_does_not_answer_is_reported_and_a_write_is_made_once() {
        let Ok(address) = std::env::var("POSTGRES_FOR_TESTS") else {
            eprintln!("skipped: POSTGRES_FOR_TESTS names no server");
            return;
        };
        let (mut client, log) = open(&address);
        let write = |number| {
            log.write(&Write {
                records: &[record(number)],
                facts: &[],
                number: Some(number),
                term: None,
            })
        };
        write(1).unwrap();
        signal(&mut client, "-STOP");
        let error = write(2).unwrap_err();
        assert_ends(&error, "can't be written: the server has not answered for 3 s");
        signal(&mut client, "-CONT");
        write(2).unwrap();
        let written = log.query(&Query::new()).unwrap().records;
        assert_eq!(written, [record(1), record(2)]);
        // Neither a query nor the end of the app waits long for such a server.
        signal(&mut client, "-STOP");
        let error = log.count(&Query::new()).unwrap_err();
        assert_ends(&error, "can't be read: the server has not answered for 3 s");
        write(3).unwrap_err();
        let error = log.close().unwrap_err();
        assert_ends(&error, "can't be closed: the server does not answer");
        drop(log);
        signal(&mut client, "-CONT");
    }
}
