//! The schema, its versions, and how it is upgraded.

use rocketry_core::Result;

use crate::error::Store;

/// A database whose schema has a version.
pub(crate) trait Versioned {
    /// The version of the schema; `None` if there are no tables.
    fn version(&mut self) -> Result<Option<u32>>;

    /// Runs a step: a script that also sets the new version.
    fn step(&mut self, script: &str) -> Result<()>;
}

/// Upgrades the schema to the newest version in the caller's transaction. Step `n` leads from version `n` to
/// `n + 1`; version 0 has no tables.
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

#[cfg(test)]
mod tests {
    use rocketry_core::Result;

    use super::{Versioned, migrate};
    use crate::error::Store;

    /// A schema that consists of its version. A step is the version to which it leads.
    #[derive(Debug, Default, PartialEq)]
    struct Tables {
        version: Option<u32>,
        steps: Vec<String>,
    }

    impl Versioned for Tables {
        fn version(&mut self) -> Result<Option<u32>> {
            Ok(self.version)
        }

        fn step(&mut self, script: &str) -> Result<()> {
            self.version = script.parse().ok();
            self.steps.push(script.to_owned());
            Ok(())
        }
    }

    fn migrated(version: Option<u32>) -> Result<Tables> {
        let steps = Vec::new();
        let mut tables = Tables { version, steps };
        migrate(&mut tables, &["1", "2", "3"], &Store::new("app.db"))?;
        Ok(tables)
    }

    #[test]
    fn only_the_steps_that_are_left_are_made() {
        let made = |version| migrated(version).unwrap().steps.join(" ");
        assert_eq!(made(None), "1 2 3");
        assert_eq!(made(Some(1)), "2 3");
        assert_eq!(made(Some(3)), "");
        assert_eq!(migrated(None).unwrap().version, Some(3));
    }

    #[test]
    fn a_newer_version_is_refused() {
        let message = migrated(Some(4)).unwrap_err().to_string();
        assert!(message.contains("has tables of version 4, and this Rocketry knows no version after 3"));
    }
}
