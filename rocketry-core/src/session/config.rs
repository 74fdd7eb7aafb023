//! The settings of an app.

use std::time::Duration;

use crate::log::DEFAULT_CAPACITY;
use crate::time::Zone;

/// The settings of an app. A function may take it as a parameter to read it.
///
/// ```
/// use std::time::Duration;
/// use rocketry_core::Config;
///
/// let config = Config { poll_interval: Duration::from_millis(50), ..Config::default() };
/// assert_eq!(config.timeout, Some(Duration::from_secs(30 * 60)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The zone whose wall clock tasks follow unless they have their own. The default is the system's.
    pub zone: Zone,
    /// How long a run may take unless its task says otherwise; `None` is for ever. The default is Rocketry's
    /// half an hour.
    pub timeout: Option<Duration>,
    /// How often a custom condition is asked again while the rest of its statement is true. The default is
    /// 100 ms.
    pub poll_interval: Duration,
    /// How many records the log in memory keeps. The default is 100,000.
    pub log_capacity: usize,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            zone: Zone::system(),
            timeout: Some(Duration::from_secs(30 * 60)),
            poll_interval: Duration::from_millis(100),
            log_capacity: DEFAULT_CAPACITY,
        }
    }
}
