//! A finding: what, where, and what to write instead.

use std::fmt;
use std::sync::Arc;

use rocketry_syntax::{Lint, Remark};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::choice::words;
use crate::error::Location;

/// A schedule that rarely means what it says.
///
/// Its text reads like a compiler message. Serialised, it has the fields `lint`, `severity`, `message`,
/// `help`, `task`, `statement`, `part`, and, if the place is known, `file`, `line` and `column`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Finding {
    /// The lint.
    #[serde(serialize_with = "write_lint", deserialize_with = "read_lint")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub lint: Lint,
    /// The severity.
    pub severity: Severity,
    /// A sentence about what happens.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// The task; `None` if the finding concerns the whole app.
    pub task: Option<Arc<str>>,
    /// The statement in canonical text, if the finding concerns one.
    pub statement: Option<String>,
    /// The part of the statement that the finding concerns.
    pub part: Option<String>,
    /// The declaration of the task, the condition or the parameter, if known.
    #[serde(flatten)]
    pub place: Option<Place>,
}

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The schedule works, but probably not as intended.
    Warning,
    /// The schedule can't work.
    Error,
}

words!(Severity, "severity", { "warning" => Warning, "error" => Error });

impl Severity {
    /// Returns the severity of the findings of a lint.
    pub const fn of(lint: Lint) -> Self {
        match lint {
            Lint::NeverTrue | Lint::Circle => Severity::Error,
            _ => Severity::Warning,
        }
    }
}

/// The place of a declaration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Place {
    /// The source file, as the compiler names it.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

impl From<Location> for Place {
    fn from(location: Location) -> Self {
        Place {
            file: location.file.into(),
            line: location.line,
            column: location.column,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl Finding {
    /// A finding that concerns the whole app.
    pub(super) fn new(lint: Lint, message: impl Into<String>, help: impl Into<String>) -> Self {
        Finding {
            lint,
            severity: Severity::of(lint),
            message: message.into(),
            help: help.into(),
            task: None,
            statement: None,
            part: None,
            place: None,
        }
    }

    pub(super) fn of_remark(remark: Remark, statement: &str) -> Self {
        let Remark {
            lint,
            part,
            message,
            help,
        } = remark;
        let mut finding = Finding::new(lint, message, help);
        if part != statement {
            // Other parts may start the task.
            finding.severity = Severity::Warning;
        }
        finding.about(statement, Some(part))
    }

    /// The same finding about a statement, and a part of it.
    pub(super) fn about(self, statement: &str, part: Option<String>) -> Self {
        Finding {
            statement: Some(statement.to_owned()),
            part,
            ..self
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.severity, self.message)?;
        if let Some(place) = &self.place {
            write!(f, "\n --> {place}")?;
        }
        f.write_str("\n  |")?;
        if let Some(statement) = &self.statement {
            let marks = marks(statement, self.part.as_deref().unwrap_or(statement));
            write!(f, "\n  | {statement}\n  | {marks}")?;
        }
        if let Some(task) = &self.task {
            write!(f, "\n  = task: `{task}`")?;
        }
        write!(f, "\n  = help: {}", self.help)?;
        write!(f, "\n  = note: `allow({})` silences this", self.lint)
    }
}

/// `^` below a part of a text, or below all of it if the part is not found.
fn marks(text: &str, part: &str) -> String {
    let (before, marked) = text.find(part).map_or((0, text.chars().count()), |start| {
        (text[..start].chars().count(), part.chars().count())
    });
    format!("{}{}", " ".repeat(before), "^".repeat(marked))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it like this")]
fn write_lint<S: Serializer>(lint: &Lint, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(lint)
}

fn read_lint<'de, D: Deserializer<'de>>(from: D) -> Result<Lint, D::Error> {
    crate::choice::read(from)
}
