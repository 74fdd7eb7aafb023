//! The tables, their versions, and how one version becomes the next.

use rocketry_core::Result;

use crate::error::Store;

/// A database whose tables have a version.
pub(crate) trait Versioned {
    /// The version of the tables; `None` if there are none.
    fn version(&mut self) -> Result<Option<u32>>;

    /// Runs a step, a script that ends with the new version being set.
    fn step(&mut self, script: &str) -> Result<()>;
}

/// Brings the tables to the newest version, inside the caller's transaction. Step `n` leads from version `n` to `n + 1`;
/// version 0 has no tables.
pub(crate) fn migrate(database: &mut impl Versioned, steps: &[&str], store: &Store) -> Result<()> {
    let version = database.version()?.unwrap_or(0);
    let Some(left) = steps.get(version as usize..) else {
        let known = steps.len();
        return Err(store.refuse(&format!(
            "has tables of version {version}, and this Rocketry knows no version after {known}: a newer one has \
             written it. Take that one, or another log"
        )));
    };
    left.iter().try_for_each(|step| database.step(step))
}
