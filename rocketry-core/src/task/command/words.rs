//! Parameters of a command, as text.

use std::collections::BTreeMap;
use std::ffi::OsString;

use crate::error::{Error, Kind, Location, Result};
use crate::param::{Context, Entry, Value};

/// The prefix of the variables for the parameters of a script.
const VARIABLE: &str = "PARAM_";

/// A parameter as text.
pub(super) struct Word {
    pub(super) text: String,
    pub(super) secret: bool,
}

/// Returns the parameters of a run and of its task, by name.
pub(super) fn words(context: &Context<'_>) -> Result<BTreeMap<String, Word>> {
    let Some(run) = context.run else {
        return Ok(BTreeMap::new());
    };
    let mut params = run.own.clone();
    for (key, entry) in run.batch.iter() {
        params.set(key, entry.clone());
    }
    let word = |(key, entry): (&str, &Entry)| {
        let word = word(context, key, entry.location(), entry.value(context))?;
        Ok((key.to_owned(), word))
    };
    params.iter().map(word).collect()
}

/// Returns a parameter that neither the run nor its task has, from the session.
pub(super) fn of_session(context: &Context<'_>, key: &str) -> Result<Word> {
    let place = context.host.params().get(key).and_then(Entry::location);
    word(context, key, place, context.value_of(&crate::param::Arg(key)))
}

fn word(context: &Context<'_>, key: &str, place: Option<Location>, value: Result<Value>) -> Result<Word> {
    let task = context.run.map_or("", |run| &run.task);
    let explain = |message: String| {
        let message = format!("parameter `{key}` of task `{task}`: {message}");
        Error::at(Kind::Parameter, message, place)
    };
    let value = value.map_err(|error| explain(error.to_string()).because(error))?;
    let text = value
        .to_text()
        .ok_or_else(|| explain(format!("{value:?} can't be written as a word")))?;
    let secret = value.is_secret() || context.host.is_secret(key);
    Ok(Word { text, secret })
}

/// Returns the parameters as `--key value`, or as `-k value` if the key is a single letter, in the order of the keys.
pub(super) fn options(words: BTreeMap<String, Word>) -> impl Iterator<Item = OsString> {
    words.into_iter().flat_map(|(key, word)| {
        let dashes = if key.chars().count() == 1 { "-" } else { "--" };
        [format!("{dashes}{key}").into(), word.text.into()]
    })
}

/// Returns the parameters as variables of a script.
pub(super) fn variables(words: &BTreeMap<String, Word>) -> impl Iterator<Item = (OsString, OsString)> {
    let named = words.iter().filter(|(name, _)| is_variable(name));
    named.map(|(name, word)| (format!("{VARIABLE}{name}").into(), word.text.clone().into()))
}

/// Returns whether the shell can read a variable with this name.
pub(super) fn is_variable(name: &str) -> bool {
    name.chars()
        .all(|char| char.is_ascii_alphanumeric() || char == '_')
}
