//! The custom conditions that the strings of an app can use by phrase.

use std::sync::Arc;

use rocketry_syntax::Phrase;

use super::custom::{CondCall, CondDef};
use crate::error::{Location, Problem, did_you_mean};

/// A custom condition of an app.
#[derive(Clone, Debug)]
pub(crate) enum KnownCond {
    /// A function with `#[cond]`.
    Declared(&'static CondDef),
    /// A closure that was added in code.
    ByHand(Arc<CondCall>),
}

impl KnownCond {
    /// Returns the phrase, if there is one.
    pub(crate) fn phrase(&self) -> Option<String> {
        match self {
            KnownCond::Declared(def) => def.phrase.map(str::to_owned),
            KnownCond::ByHand(call) => Some(call.to_string()),
        }
    }

    /// Returns the name of the condition in messages about its phrase.
    pub(crate) fn name(&self) -> String {
        match self {
            KnownCond::Declared(def) => def.name.to_owned(),
            KnownCond::ByHand(call) => call.to_string(),
        }
    }

    /// Returns the place of the declaration.
    pub(crate) fn location(&self) -> Option<Location> {
        match self {
            KnownCond::Declared(def) => Some(def.location),
            KnownCond::ByHand(call) => call.location(),
        }
    }

    /// Returns whether a call in a statement is one of this condition.
    pub(crate) fn is_called_by(&self, call: &CondCall) -> bool {
        match self {
            KnownCond::ByHand(known) => known.is_same(call),
            KnownCond::Declared(def) => call.location() == Some(def.location),
        }
    }

    /// Creates the condition with the captures of its phrase.
    fn call(&self, captured: &[(impl AsRef<str>, impl AsRef<str>)]) -> Result<Arc<CondCall>, String> {
        match self {
            KnownCond::ByHand(call) => Ok(call.clone()),
            KnownCond::Declared(def) => {
                let texts: Vec<&str> = def.captures.iter().map(|name| text_of(captured, name)).collect();
                def.call(&texts).map(Arc::new)
            }
        }
    }

    fn problem(&self, message: String) -> Problem {
        let location = self.location();
        Problem { message, location }
    }
}

/// Returns the text of a capture.
fn text_of<'a>(captured: &'a [(impl AsRef<str>, impl AsRef<str>)], name: &str) -> &'a str {
    captured
        .iter()
        .find(|(known, _)| known.as_ref() == name)
        .map_or("", |(_, text)| text.as_ref())
}

/// The custom conditions of an app: those with a phrase, and those without one.
pub(crate) struct Phrases(Vec<(Phrase, String, KnownCond)>, Vec<KnownCond>);

impl Phrases {
    /// Parses the phrases of the custom conditions. Also returns the mistakes in them.
    pub(crate) fn read(conds: &[KnownCond]) -> (Self, Vec<Problem>) {
        let mut phrases: Vec<(Phrase, String, KnownCond)> = Vec::new();
        let (mut problems, mut unnamed) = (Vec::new(), Vec::new());
        for cond in conds {
            let Some(text) = cond.phrase() else {
                unnamed.push(cond.clone());
                continue;
            };
            match Phrase::parse(&text) {
                Ok(phrase) => {
                    if let Some((_, _, first)) = phrases.iter().find(|(_, known, _)| *known == text) {
                        let place = first
                            .location()
                            .map_or_else(String::new, |place| format!("; the first is declared at {place}"));
                        problems
                            .push(cond.problem(format!("two conditions have the phrase \"{text}\"{place}")));
                    }
                    problems.extend(captures_by_hand(cond, &phrase, &text));
                    phrases.push((phrase, text, cond.clone()));
                }
                Err(mistake) => {
                    problems.push(cond.problem(format!("phrase of condition `{}`: {mistake}", cond.name())));
                }
            }
        }
        (Phrases(phrases, unnamed), problems)
    }

    /// Returns all custom conditions.
    pub(crate) fn conds(&self) -> impl Iterator<Item = &KnownCond> {
        let named = self.0.iter().map(|(_, _, cond)| cond);
        named.chain(&self.1)
    }

    /// Returns the condition for a text.
    ///
    /// # Errors
    ///
    /// Returns a message with the most similar phrase if none matches, or with the part of the text that does not fit
    /// its parameter.
    pub(crate) fn find(&self, text: &str) -> Result<Arc<CondCall>, String> {
        for (phrase, _, cond) in &self.0 {
            if let Some(captured) = phrase.matches(text) {
                return cond.call(&captured);
            }
        }
        let near = did_you_mean(text, self.0.iter().map(|(_, phrase, _)| &**phrase));
        Err(format!("there is no condition \"{text}\"{near}"))
    }
}

/// A closure has no parameters for the captures of a phrase.
fn captures_by_hand(cond: &KnownCond, phrase: &Phrase, text: &str) -> Option<Problem> {
    let capture = match cond {
        KnownCond::ByHand(_) => phrase.captures().next()?,
        KnownCond::Declared(_) => return None,
    };
    Some(cond.problem(format!(
        "phrase of condition `{text}`: a closure can't be given `{{{capture}}}`; write a function with `#[cond(\"{text}\")]`"
    )))
}
