//! Addresses such as `sqlite:app.db?synchronous=normal`.

use std::path::Path;

use rocketry_core::{Error, MemoryLog, Result, RunLog};

use super::{SqliteLog, Synchronous};

pub(super) fn open(address: &str) -> Result<Box<dyn RunLog>> {
    let (file, synchronous) = read(address).map_err(Error::log)?;
    let log = SqliteLog::open(file)?.synchronous(synchronous);
    Ok(Box::new(log))
}

/// Opens the log to read it. A file that is not there yet is an empty log, and is not created.
pub(super) fn open_to_read(address: &str) -> Result<Box<dyn RunLog>> {
    let (file, _) = read(address).map_err(Error::log)?;
    if Path::new(file).try_exists().is_ok_and(|exists| !exists) {
        return Ok(Box::new(MemoryLog::new(0)));
    }
    open(address)
}

fn read(address: &str) -> Result<(&str, Synchronous), String> {
    let rest = address.strip_prefix("sqlite:").unwrap_or(address);
    // As other programs write it: `sqlite://app.db`, `sqlite:///var/lib/app.db`.
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (file, settings) = rest.split_once('?').unwrap_or((rest, ""));
    if file.is_empty() {
        return Err("it names no file; expected `sqlite:app.db`".into());
    }
    if file == ":memory:" {
        return Err("it is to be in memory, which is what `memory:` is for".into());
    }
    let mut synchronous = Synchronous::default();
    for setting in settings.split('&').filter(|setting| !setting.is_empty()) {
        synchronous = read_setting(setting)?;
    }
    Ok((file, synchronous))
}

fn read_setting(setting: &str) -> Result<Synchronous, String> {
    match setting.split_once('=').unwrap_or((setting, "")) {
        ("synchronous", "full") => Ok(Synchronous::Full),
        ("synchronous", "normal") => Ok(Synchronous::Normal),
        ("synchronous", other) => Err(format!("`synchronous` is `full` or `normal`, and not `{other}`")),
        (other, _) => Err(format!(
            "there is no setting `{other}`; the only one is `synchronous`"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::{Synchronous, read};

    #[test]
    fn addresses_name_a_file_and_settings() {
        let full = Synchronous::Full;
        assert_eq!(read("sqlite:app.db"), Ok(("app.db", full)));
        assert_eq!(read("sqlite://app.db"), Ok(("app.db", full)));
        assert_eq!(read("sqlite:/var/app.db"), Ok(("/var/app.db", full)));
        assert_eq!(read("sqlite:///var/app.db"), Ok(("/var/app.db", full)));
        assert_eq!(read("sqlite:a.db?synchronous=full"), Ok(("a.db", full)));
        let normal = Ok(("a.db", Synchronous::Normal));
        assert_eq!(read("sqlite:a.db?synchronous=normal"), normal);
    }

    #[test]
    fn mistakes_are_reported() {
        let told = |address| read(address).unwrap_err();
        assert!(told("sqlite:").contains("names no file"));
        assert!(told("sqlite::memory:").contains("`memory:`"));
        assert!(told("sqlite:a?synchronous=off").contains("`full` or `normal`, and not `off`"));
        assert!(told("sqlite:a?sync=full").contains("no setting `sync`"));
    }
}
