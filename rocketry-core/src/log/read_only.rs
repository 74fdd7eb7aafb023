//! A log that an app reads and never writes.

use super::{Page, Past, Query, Record, Retention, RunLog, Write};
use crate::error::Result;

/// Reads another log. Writes go nowhere.
pub(crate) struct ReadOnlyLog(pub(crate) Box<dyn RunLog>);

impl RunLog for ReadOnlyLog {
    fn write(&self, _: &Write<'_>) -> Result<()> {
        Ok(())
    }

    fn write_records(&self, records: &mut Vec<Record>) -> Result<()> {
        records.clear();
        Ok(())
    }

    fn query(&self, query: &Query) -> Result<Page> {
        self.0.query(query)
    }

    fn count(&self, query: &Query) -> Result<u64> {
        self.0.count(query)
    }

    /// Loads the past, and releases the right to write that this may take.
    fn load(&self) -> Result<Past> {
        let past = self.0.load();
        self.0.close()?;
        past
    }

    fn forget(&self, _: &Retention) -> Result<u64> {
        Ok(0)
    }

    fn is_immediate(&self) -> bool {
        self.0.is_immediate()
    }
}
