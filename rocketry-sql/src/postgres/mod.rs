//! Run logs in PostgreSQL databases.

mod address;
mod connection;
mod failure;
mod fold;
mod reader;
#[cfg(feature = "postgres-tls")]
mod tls;
#[cfg(not(feature = "postgres-tls"))]
#[path = "plain.rs"]
mod tls;
mod worker;
mod writer;

use rocketry_core::log::{Page, Past, Retention, Write};
use rocketry_core::{Query, Result, RunLog};

use connection::Target;
use reader::Reader;
use worker::Worker;
use writer::Writer;

rocketry_core::register_log!("postgres", open);
rocketry_core::register_log!("postgresql", open);

fn open(address: &str) -> Result<Box<dyn RunLog>> {
    Ok(Box::new(PostgresLog::open(address)?))
}

/// A run log in a PostgreSQL database.
///
/// The tables are made in the first schema of the search path; `?options=-c%20search_path%3Djobs` in the address
/// names another one. A connection that was lost is made anew by the next write or question. What the database
/// can't keep, the character U+0000, becomes U+FFFD.
///
/// # TLS
///
/// With the feature `postgres-tls`, an address says as to libpq how the connection is protected:
///
/// | `sslmode` | encrypted | the server's certificate |
/// |---|---|---|
/// | `disable` | no | |
/// | `prefer`, the default | if the server can | may be any |
/// | `require` | yes | may be any; with authorities at hand as `verify-ca` |
/// | `verify-ca` | yes | is signed by one of the authorities |
/// | `verify-full` | yes | is also for the name of the host |
///
/// The authorities are those in the file `sslrootcert=FILE`, or else in `.postgresql/root.crt` in the user's folder. With
/// `sslrootcert=system` they are those that the machine trusts, and the mode is `verify-full`. A socket of the machine
/// itself, `postgres://user@%2Frun%2Fpostgresql/database`, is never encrypted. Without the feature, an `sslmode` other than
/// `disable` is an error.
///
/// ```no_run
/// use rocketry_core::{Action, Query, RunLog};
/// use rocketry_sql::PostgresLog;
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
    /// Opens the log at an address, as `libpq` knows them: `postgres://user:password@host:port/database`. Tables are made
    /// if there are none.
    ///
    /// # Errors
    ///
    /// Fails where the address is none, where the server can't be reached or lets nobody in, and where the tables are newer
    /// than this version of Rocketry.
    pub fn open(address: &str) -> Result<Self> {
        let target = Target::read(address)?;
        let store = target.store.clone();
        let reader = Worker::start(Reader::new(target.clone()), &store)?;
        let writer = Worker::start(Writer::new(target), &store)?;
        reader.ask(Reader::open)?;
        Ok(PostgresLog { reader, writer })
    }
}

impl RunLog for PostgresLog {
    fn write(&self, write: &Write<'_>) -> Result<()> {
        let (records, facts, number) = (write.records.to_vec(), write.facts.to_vec(), write.number);
        self.writer.ask(move |writer| {
            writer.write(&Write {
                records: &records,
                facts: &facts,
                number,
            })
        })
    }

    fn query(&self, query: &Query) -> Result<Page> {
        let query = query.clone();
        self.reader.ask(move |reader| reader.page(&query))
    }

    fn count(&self, query: &Query) -> Result<u64> {
        let query = query.clone();
        self.reader.ask(move |reader| reader.count(&query))
    }

    fn load(&self) -> Result<Past> {
        self.writer.ask(Writer::load)
    }

    fn forget(&self, retention: &Retention) -> Result<u64> {
        let retention = *retention;
        self.writer.ask(move |writer| writer.forget(&retention))
    }
}
