//! A read-only view of another log.

use super::{Page, Past, Query, Record, Retention, RunLog, Write};
use crate::error::Result;

/// Reads another log, and discards writes.
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

    fn load(&self) -> Result<Past> {
        self.0.look()
    }

    fn look(&self) -> Result<Past> {
        self.0.look()
    }

    fn forget(&self, _: &Retention) -> Result<u64> {
        Ok(0)
    }

    fn is_immediate(&self) -> bool {
        self.0.is_immediate()
    }
}
