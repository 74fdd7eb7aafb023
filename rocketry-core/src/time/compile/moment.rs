//! The readings and days of moments.

use rocketry_syntax::ast::Moment;

use crate::time::civil::{DAY, first_day};
use crate::time::wall::Wall;

/// The reading at which something starts that starts at a moment.
pub(super) fn start(moment: &Moment) -> Wall {
    reading(moment, 0)
}

/// The reading at which something ends that lasts until a moment: a bare date is included.
pub(super) fn end(moment: &Moment) -> Wall {
    reading(moment, DAY)
}

fn reading(moment: &Moment, bare: i64) -> Wall {
    let time = moment
        .time
        .and_then(|time| i64::try_from(time).ok())
        .unwrap_or(bare);
    Wall::new(day(moment) * DAY + time)
}

/// The number of the day of a moment.
pub(super) fn day(moment: &Moment) -> i64 {
    let date = moment.date;
    first_day(i64::from(date.year) * 12 + i64::from(date.month) - 1) + i64::from(date.day) - 1
}
