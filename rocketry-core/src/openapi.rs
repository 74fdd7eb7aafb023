//! `OpenAPI` schemas of records and of types that serialise as strings, for the document of the HTTP API.

use std::borrow::Cow;

use serde_json::Value as Json;
use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::choice;
use crate::engine::event::SkipReason;
use crate::log::{Action, Cause, Exit, ProcessEnd, Record, RunRef};
use crate::param::RunId;
use crate::task::Status;
use crate::time::{Timestamp, Zone};

/// Implements the schemas of types that serialise as strings.
macro_rules! texts {
    ($($type:ident: $description:literal, $example:literal;)+) => {$(
        impl PartialSchema for $type {
            fn schema() -> RefOr<Schema> {
                let text = ObjectBuilder::new().schema_type(Type::String);
                text.description(Some($description)).examples([$example]).into()
            }
        }

        impl ToSchema for $type {}
    )+};
}

texts! {
    Timestamp: "An instant, in RFC 3339 with microseconds.", "2026-01-31T07:00:00.000000Z";
    Zone: "A time zone of the IANA database.", "Europe/Helsinki";
    Status: "How a task stands: `never run`, `running`, or how its last run ended.", "success";
}

impl PartialSchema for RunId {
    fn schema() -> RefOr<Schema> {
        let id = ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::Integer, Type::String]));
        let about = "The id of a run: a number, or the text that its task gives it. By default, it is the start of the run \
                     in microseconds. A number beyond 2^53 is a text.";
        id.description(Some(about))
            .examples([Json::from(1_767_225_600_000_000_u64)])
            .into()
    }
}

impl ToSchema for RunId {}

impl PartialSchema for Action {
    fn schema() -> RefOr<Schema> {
        choice::schema("What happened to a run.", &Action::ALL.map(Action::name))
    }
}

impl ToSchema for Action {}

impl PartialSchema for SkipReason {
    fn schema() -> RefOr<Schema> {
        let reasons = SkipReason::ALL.map(SkipReason::name);
        choice::schema("Why a start that was due is not made.", &reasons)
    }
}

impl ToSchema for SkipReason {}

/// How a process ended: either an exit code or a signal.
#[derive(ToSchema)]
#[schema(as = Exit)]
#[expect(dead_code, reason = "it is a shape")]
struct ExitShape {
    /// The exit code.
    code: Option<i32>,
    /// The signal that ended it.
    signal: Option<i32>,
}

/// How the process of a run ended.
#[derive(ToSchema)]
#[schema(as = ProcessEnd)]
#[expect(dead_code, reason = "it is a shape")]
struct ProcessEndShape {
    /// How it ended.
    exit: Exit,
    /// The end of its standard output and standard error.
    output: String,
}

/// What happened to a run. Fields without a value are left out.
#[derive(ToSchema)]
#[schema(as = Record)]
#[expect(dead_code, reason = "it is a shape")]
struct RecordShape {
    /// The task.
    task: String,
    /// The id of the run.
    run_id: RunId,
    /// What happened.
    action: Action,
    /// When the record was made.
    created: Timestamp,
    /// When the run was due.
    due: Timestamp,
    /// When the run started.
    start: Timestamp,
    /// The error, or the reason why the run was terminated.
    message: Option<String>,
    /// How the process of the run ended.
    process: Option<ProcessEnd>,
    /// The parameters of the run. Only present in the record of its start.
    params: Option<Json>,
    /// The result of the run. Only present in the record of its success.
    result: Option<Json>,
    /// The version of the app that made the run.
    version: Option<String>,
    /// Why the run started. Only present in the record of its start.
    cause: Option<Cause>,
    /// The runs that triggered it. Only present in the record of its start.
    upstream: Option<Vec<RunRef>>,
}

/// Implements the schema of a type through another type that has the serialised fields.
macro_rules! shaped {
    ($($type:ident as $shape:ident;)+) => {$(
        impl PartialSchema for $type {
            fn schema() -> RefOr<Schema> {
                $shape::schema()
            }
        }

        impl ToSchema for $type {
            fn name() -> Cow<'static, str> {
                $shape::name()
            }

            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                $shape::schemas(schemas);
            }
        }
    )+};
}

shaped! {
    Exit as ExitShape;
    ProcessEnd as ProcessEndShape;
    Record as RecordShape;
}
