//! The phrase of a condition, and the match between its captures and the parameters.

use rocketry_syntax::Phrase;
use syn::{Expr, LitStr};

use crate::errors::{Mistakes, did_you_mean};
use crate::signature::Parameter;
use crate::statement::{literal, text_of};

/// The phrase.
pub(super) fn literal(written: Option<Expr>, mistakes: &mut Mistakes) -> Option<LitStr> {
    let written = written?;
    let text = text_of(&written).cloned();
    if text.is_none() {
        mistakes.at(
            written,
            "a phrase is a string, such as `\"is workday\"` or `\"file '{path}' exists\"`",
        );
    }
    text
}

/// The names in braces, unless the phrase is malformed.
pub(super) fn captures(phrase: &LitStr, mistakes: &mut Mistakes) -> Option<Vec<String>> {
    let parsed = literal::parsed(phrase, Phrase::parse, mistakes)?;
    Some(parsed.captures().map(str::to_owned).collect())
}

/// The apparent captures in a phrase that may be malformed.
pub(super) fn braced(phrase: &str) -> Vec<String> {
    let names = phrase.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    names.map(|(name, _)| name.to_owned()).collect()
}

/// Checks that each capture has a parameter, and that the phrase captures all `#[given]` parameters.
pub(super) fn check(
    captures: Option<&[String]>,
    phrase: Option<&LitStr>,
    parameters: &[Parameter],
    mistakes: &mut Mistakes,
) {
    let (Some(captures), Some(phrase)) = (captures, phrase) else {
        return;
    };
    let names: Vec<String> = parameters
        .iter()
        .map(|parameter| parameter.name().to_string())
        .collect();
    for capture in captures.iter().filter(|capture| !names.contains(capture)) {
        let near = did_you_mean(capture, names.iter().map(String::as_str));
        mistakes.at(
            phrase,
            format!("the phrase captures `{capture}`, but there is no such parameter{near}"),
        );
    }
    for (parameter, name) in parameters.iter().zip(&names) {
        let in_phrase = captures.contains(name);
        if let (Some(given), false) = (&parameter.given, in_phrase) {
            mistakes.at(
                given,
                format!("the phrase has no `{{{name}}}`, so a string could not give `{name}`"),
            );
        }
        if let (Some(source), true) = (parameter.source(), in_phrase) {
            mistakes.at(
                source.expr(),
                format!("`{name}` is captured by the phrase: it can't come from somewhere else as well"),
            );
        }
    }
}
