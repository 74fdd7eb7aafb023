//! Explanations: why a task starts or does not start, in the present, in the past or in the future.
//!
//! [`Task::explain`](struct@crate::Task) creates an [`Explanation`]: a sentence, everything that holds a run
//! back, and the tree of the statement. Each part of the tree has its truth, the value behind it, the time of
//! its last change, and what may change it. An explanation can be displayed as a tree and serialised with
//! stable names.
//!
//! ```
//! use rocketry::{Rocketry, testing::TestApp};
//!
//! let app = Rocketry::builder().func("report", "daily & time of day between 07:00 and 19:00", || async {});
//! let app = TestApp::start(app, "2026-01-01T03:48:00Z")?;
//! let why = app.session().task("report")?.explain();
//! assert_eq!(
//!     why.sentence,
//!     "`report` will start at 07:00:00 (in 3 h 12 min), when `time of day between 07:00 and 19:00` turns true",
//! );
//! println!("{why}");
//! # Ok::<(), rocketry::Error>(())
//! ```
//!
//! An explanation is a pure function of the state of the app, the past and an instant. It never evaluates a
//! custom condition, but uses the last result that the scheduler got. It always agrees with the scheduler,
//! because both use the same decision.

mod change;
mod clockface;
mod evidence;
mod explanation;
mod held;
mod leaf;
mod node;
mod now;
mod outlook;
mod past;
mod reader;
mod since;
mod statement;
mod tree;
mod trigger;
mod words;

pub use evidence::{Evidence, OpenRun, PastAction, Window};
pub use explanation::Explanation;
pub use held::HeldBy;
pub use node::{Join, Node};
pub(crate) use now::explain;
pub use outlook::{Outlook, Turn};
pub(crate) use past::{PastTask, explain_past};
pub use trigger::Trigger;
