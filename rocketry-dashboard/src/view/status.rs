//! Statuses: each has a colour, a shape and a word, so that none depends on colour alone.

use maud::{Markup, html};
use rocketry_core::{Action, Status};

/// The appearance of a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// The class of its colour.
    pub(crate) class: &'static str,
    /// Its shape.
    pub(crate) shape: &'static str,
}

impl Look {
    const fn new(class: &'static str, shape: &'static str) -> Self {
        Look { class, shape }
    }
}

impl From<Action> for Look {
    fn from(action: Action) -> Self {
        match action {
            Action::Run => Look::new("running", "▶"),
            Action::Success => Look::new("good", "✓"),
            Action::Fail => Look::new("bad", "✕"),
            Action::Terminate => Look::new("cut", "■"),
            Action::Inaction => Look::new("idle", "–"),
            Action::Crash => Look::new("bad", "⚡"),
            Action::Skip => Look::new("idle", "↷"),
        }
    }
}

impl From<Status> for Look {
    fn from(status: Status) -> Self {
        match status {
            Status::Never => Look::new("idle", "○"),
            Status::Running => Look::from(Action::Run),
            Status::Ended(action) => Look::from(action),
        }
    }
}

/// A status as a coloured word with its shape.
pub(crate) fn badge(look: Look, word: &str) -> Markup {
    html! { span class={ "badge " (look.class) } { span aria-hidden="true" { (look.shape) } " " (word) } }
}
