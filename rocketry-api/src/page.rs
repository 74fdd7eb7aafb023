//! Pages of a long list.

use serde::{Deserialize, Serialize};

/// The default number of items in a page of records or runs.
const DEFAULT_LIMIT: usize = 100;

/// The maximum number of items in a page.
const MAX_LIMIT: usize = 1000;

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// The cursor of the next page: send it as `cursor`. `None` if this is the last page.
    pub next: Option<String>,
}

/// The number of items in a page of records or runs, given the requested number.
pub(crate) fn page_limit(wanted: Option<usize>) -> usize {
    wanted.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT)
}

/// The number of items in a page of tasks, given the requested number.
pub(crate) fn long_page_limit(wanted: Option<usize>) -> usize {
    wanted.unwrap_or(MAX_LIMIT).clamp(1, MAX_LIMIT)
}
