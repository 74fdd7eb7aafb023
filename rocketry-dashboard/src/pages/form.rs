//! The form that requests a run, with a field for each parameter of the signature.

use maud::{Markup, html};
use rocketry_core::{SignatureParam, Task};
use serde_json::{Map, Value as Json};

/// The kind of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    YesOrNo,
    Whole { signed: bool },
    Number,
    Date,
    Text,
}

/// The fields for the parameters of a task. An empty field keeps the value.
pub(super) fn fields(task: &Task) -> Markup {
    let own = match task.params().to_json() {
        Json::Object(params) => params,
        _ => Map::new(),
    };
    let signature = task.signature();
    let others = own
        .iter()
        .filter(|(key, _)| signature.iter().all(|param| param.name != **key));
    html! {
        @for param in &signature { (field(&param.name, Field::of(&param.type_name), &hint(param, own.get(&param.name)))) }
        @for (key, value) in others { (field(key, Field::Text, &shown(value))) }
    }
}

impl Field {
    /// The field for a type in Rust, as the compiler writes it.
    fn of(type_name: &str) -> Self {
        let inner = type_name
            .strip_prefix("core::option::Option<")
            .and_then(|rest| rest.strip_suffix('>'));
        match inner.unwrap_or(type_name) {
            "bool" => Field::YesOrNo,
            "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => Field::Whole { signed: true },
            "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => Field::Whole { signed: false },
            "f32" | "f64" => Field::Number,
            "chrono::naive::date::NaiveDate" => Field::Date,
            _ => Field::Text,
        }
    }
}

/// The value that an empty field stands for, or the type.
fn hint(param: &SignatureParam, value: Option<&Json>) -> String {
    match value {
        Some(value) => shown(value),
        None if param.has_source => "as the signature says".to_owned(),
        None if param.optional => "none".to_owned(),
        None => {
            let name = param.type_name.rsplit("::").next().unwrap_or_default();
            name.trim_end_matches('>').to_owned()
        }
    }
}

fn field(key: &str, field: Field, hint: &str) -> Markup {
    let name = format!("param.{key}");
    html! {
        label.field { bdi { (key) }
            @match field {
                Field::YesOrNo => select name=(name) {
                    option value="" { "as it is: " (hint) } option value="true" { "true" } option value="false" { "false" }
                },
                Field::Whole { signed } => input type="number" step="1" min=[(!signed).then_some("0")] name=(name) placeholder=(hint);,
                Field::Number => input type="number" step="any" name=(name) placeholder=(hint);,
                Field::Date => input type="date" name=(name) title=(hint);,
                Field::Text => input type="text" name=(name) placeholder=(hint) autocomplete="off";,
            }
        }
    }
}

fn shown(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::Field;

    #[test]
    fn a_field_is_like_its_type() {
        let of = Field::of;
        assert_eq!(
            of(std::any::type_name::<Option<u8>>()),
            Field::Whole { signed: false }
        );
        assert_eq!(of(std::any::type_name::<i64>()), Field::Whole { signed: true });
        assert_eq!(of(std::any::type_name::<f64>()), Field::Number);
        assert_eq!(of(std::any::type_name::<bool>()), Field::YesOrNo);
        assert_eq!(of(std::any::type_name::<chrono::NaiveDate>()), Field::Date);
        assert_eq!(of(std::any::type_name::<Vec<u8>>()), Field::Text);
    }
}
