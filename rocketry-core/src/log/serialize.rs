//! Serialization of records with serde.

use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::Value as Json;

use super::cause::RunRef;
use super::record::{Action, Exit, ProcessEnd, Record};

/// Serializes as the name of the action.
impl Serialize for Action {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

/// `{"code": 1}` or `{"signal": 9}`.
impl Serialize for Exit {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let (field, number) = match self {
            Exit::Code(code) => ("code", code),
            Exit::Signal(signal) => ("signal", signal),
        };
        let mut fields = to.serialize_struct("Exit", 1)?;
        fields.serialize_field(field, number)?;
        fields.end()
    }
}

/// `{"exit": {"code": 1}, "output": "…"}`.
impl Serialize for ProcessEnd {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut fields = to.serialize_struct("ProcessEnd", 2)?;
        fields.serialize_field("exit", &self.exit)?;
        fields.serialize_field("output", &*self.output)?;
        fields.end()
    }
}

/// Serializes the fields that the record has under their names. Instants are RFC 3339 strings; parameters and
/// result are JSON values, not strings.
///
/// ```
/// use rocketry::{Query, Rocketry, testing::TestApp};
///
/// let app = Rocketry::builder().func("fetch", "daily", || Err::<(), _>("no network"));
/// let app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
/// let end = app.session().task("fetch")?.log(Query::new().last(1))?.remove(0);
/// let json = serde_json::to_value(&end).unwrap();
/// assert_eq!(json["action"], "fail");
/// assert_eq!(json["due"], "2026-01-01T00:00:00.000000Z");
/// assert_eq!(json["message"], "no network");
/// # Ok::<(), rocketry::Error>(())
/// ```
impl Serialize for Record {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let params = self.params().and_then(json);
        let result = self.result().and_then(json);
        let upstream = Some(self.upstream()).filter(|upstream: &&[RunRef]| !upstream.is_empty());
        let rare = [
            self.message.is_some(),
            self.process().is_some(),
            params.is_some(),
            result.is_some(),
            self.version().is_some(),
            self.cause().is_some(),
            upstream.is_some(),
        ];
        let count = rare.into_iter().filter(|there| *there).count();
        let mut fields = to.serialize_struct("Record", 6 + count)?;
        fields.serialize_field("task", &*self.task)?;
        fields.serialize_field("run_id", &self.run_id)?;
        fields.serialize_field("action", &self.action)?;
        fields.serialize_field("created", &self.created)?;
        fields.serialize_field("due", &self.due)?;
        fields.serialize_field("start", &self.start)?;
        optional(&mut fields, "message", self.message.as_deref())?;
        optional(&mut fields, "process", self.process())?;
        optional(&mut fields, "params", params.as_ref())?;
        optional(&mut fields, "result", result.as_ref())?;
        optional(&mut fields, "version", self.version())?;
        optional(&mut fields, "cause", self.cause())?;
        optional(&mut fields, "upstream", upstream)?;
        fields.end()
    }
}

fn optional<F: SerializeStruct, T: Serialize + ?Sized>(
    fields: &mut F,
    name: &'static str,
    value: Option<&T>,
) -> Result<(), F::Error> {
    match value {
        Some(value) => fields.serialize_field(name, value),
        None => fields.skip_field(name),
    }
}

/// Parses a JSON text. Returns `None` if it is not JSON.
fn json(text: &str) -> Option<Json> {
    serde_json::from_str(text).ok()
}
