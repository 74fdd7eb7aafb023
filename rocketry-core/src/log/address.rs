//! Logs that are opened by an address, such as `sqlite:app.db`.

use std::fmt;

use super::{MemoryLog, RunLog};
use crate::error::{Error, Kind, Location, Result, did_you_mean};

/// A kind of log that can be opened by its address. A crate registers one with
/// [`register_log!`](crate::register_log).
///
/// The address includes the scheme: `sqlite:app.db`, `postgres://host/database`.
#[derive(Clone, Copy, Debug)]
pub struct LogScheme {
    /// The part of the address before the first colon.
    pub scheme: &'static str,
    /// Opens the log at an address that begins with the scheme.
    pub open: fn(address: &str) -> Result<Box<dyn RunLog>>,
    /// Opens the log read-only: without creating it, and without waiting for an app that writes to it.
    pub open_to_read: fn(address: &str) -> Result<Box<dyn RunLog>>,
}

inventory::collect!(LogScheme);

/// Registers a kind of log under the scheme of its addresses. Any crate of the program can register one.
///
/// ```
/// use rocketry::log::{MemoryLog, RunLog};
/// use rocketry::{Result, Rocketry};
///
/// /// Opens `small:100`.
/// fn open(address: &str) -> Result<Box<dyn RunLog>> {
///     let capacity = address.trim_start_matches("small:").parse();
///     Ok(Box::new(MemoryLog::new(capacity.map_err(rocketry::Error::log)?)))
/// }
/// rocketry::register_log!("small", open);
///
/// # fn main() -> Result<()> {
/// Rocketry::builder().log("small:100").build()?;
/// # Ok(())
/// # }
/// ```
///
/// An optional third argument is a function that opens the log for
/// [`Rocketry::inspect`](crate::Rocketry::inspect). It only reads, so it must not prevent an app from
/// starting.
#[macro_export]
macro_rules! register_log {
    ($scheme:expr, $open:expr) => {
        $crate::log::__inventory::submit! {
            $crate::log::LogScheme { scheme: $scheme, open: $open, open_to_read: $open }
        }
    };
    ($scheme:expr, $open:expr, $open_to_read:expr) => {
        $crate::log::__inventory::submit! {
            $crate::log::LogScheme { scheme: $scheme, open: $open, open_to_read: $open_to_read }
        }
    };
}

/// A run log or the address of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a run log",
    label = "expected a `RunLog` or an address such as \"sqlite:app.db\""
)]
pub trait IntoLog {
    /// Converts the value into a log or an address.
    fn into_log(self) -> LogSource;
}

/// The destination of the run log.
pub enum LogSource {
    /// This log.
    Log(Box<dyn RunLog>),
    /// The log at this address.
    Address(String),
}

impl<L: RunLog> IntoLog for L {
    fn into_log(self) -> LogSource {
        LogSource::Log(Box::new(self))
    }
}

impl IntoLog for &str {
    fn into_log(self) -> LogSource {
        LogSource::Address(self.to_owned())
    }
}

impl IntoLog for String {
    fn into_log(self) -> LogSource {
        LogSource::Address(self)
    }
}

impl fmt::Debug for LogSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LogSource::Log(_) => f.write_str("Log(…)"),
            LogSource::Address(address) => write!(f, "Address({address:?})"),
        }
    }
}

impl LogSource {
    /// The address, with passwords hidden.
    pub(crate) fn shown(&self) -> Option<String> {
        match self {
            LogSource::Log(_) => None,
            LogSource::Address(address) => Some(redacted(address)),
        }
    }

    /// Opens the log. `capacity` applies to a log in memory.
    pub(crate) fn open(self, capacity: usize, location: Location) -> Result<Box<dyn RunLog>> {
        self.open_by(|scheme| scheme.open, capacity, location)
    }

    /// Opens the log read-only.
    pub(crate) fn open_to_read(self, capacity: usize, location: Location) -> Result<Box<dyn RunLog>> {
        self.open_by(|scheme| scheme.open_to_read, capacity, location)
    }

    fn open_by(
        self,
        how: impl FnOnce(&LogScheme) -> fn(&str) -> Result<Box<dyn RunLog>>,
        capacity: usize,
        location: Location,
    ) -> Result<Box<dyn RunLog>> {
        let address = match self {
            LogSource::Log(log) => return Ok(log),
            LogSource::Address(address) => address,
        };
        if address == "memory:" {
            return Ok(Box::new(MemoryLog::new(capacity)));
        }
        let scheme = find(&address).map_err(|mistake| Error::at(Kind::Build, mistake, Some(location)))?;
        how(scheme)(&address).map_err(|error| {
            let message = format!("the run log `{}` can't be opened: {error}", redacted(&address));
            Error::at(Kind::Log, message, Some(location)).because(error)
        })
    }
}

/// Opens the log at an address, such as `csv:tasks.csv` or `sqlite:app.db`, to read it without an app.
///
/// ```
/// let log = rocketry::log::open("memory:")?;
/// assert!(log.load()?.tasks.is_empty());
/// # Ok::<(), rocketry::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::is_build`] is true if the scheme is unknown. [`Error::is_log`] is true if the log can't be
/// opened, for instance because an app has it open.
#[track_caller]
pub fn open(address: &str) -> Result<Box<dyn RunLog>> {
    address
        .into_log()
        .open(super::DEFAULT_CAPACITY, Location::caller())
}

/// The kinds of logs in this project, each with the feature of `rocketry` that it needs.
const FEATURES: [(&str, &str); 4] = [
    ("csv", "csv"),
    ("sqlite", "sqlite"),
    ("postgres", "postgres"),
    ("postgresql", "postgres"),
];

fn find(address: &str) -> Result<&'static LogScheme, String> {
    let shown = redacted(address);
    let Some((scheme, _)) = address.split_once(':') else {
        return Err(format!(
            "`{shown}` is not the address of a run log: expected one such as `memory:` or `sqlite:app.db`"
        ));
    };
    let known = || inventory::iter::<LogScheme>().filter(|known| !known.scheme.is_empty());
    if let Some(found) = known().find(|known| known.scheme == scheme) {
        return Ok(found);
    }
    if let Some((_, feature)) = FEATURES.iter().find(|(name, _)| *name == scheme) {
        return Err(format!(
            "the run log `{shown}` needs the feature `{feature}` of the crate `rocketry`"
        ));
    }
    let names = known().map(|known| known.scheme).chain(["memory"]);
    let near = did_you_mean(scheme, names.chain(FEATURES.map(|(name, _)| name)));
    Err(format!(
        "the run log `{shown}`: there is no kind of log `{scheme}`{near}"
    ))
}

/// The address with the password hidden, both before the host and among the settings.
pub(crate) fn redacted(address: &str) -> String {
    let parts = address.split_once("://").and_then(|(scheme, rest)| {
        let (user, host) = rest.split_once('@')?;
        let (name, _) = user.split_once(':')?;
        Some(format!("{scheme}://{name}:…@{host}"))
    });
    let address = parts.unwrap_or_else(|| address.to_owned());
    let Some((place, settings)) = address.split_once('?') else {
        return address;
    };
    let shown = settings.split('&').map(|setting| match setting.split_once('=') {
        Some((name, _)) if name.contains("password") => format!("{name}=…"),
        _ => setting.to_owned(),
    });
    format!("{place}?{}", shown.collect::<Vec<_>>().join("&"))
}
