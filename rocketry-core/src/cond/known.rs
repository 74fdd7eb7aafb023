//! The custom conditions that the strings of an app may name by their phrases.

use std::sync::Arc;

use rocketry_syntax::Phrase;

use super::custom::{CondCall, CondDef};
use crate::error::{Location, Problem, did_you_mean};

/// A custom condition of an app.
#[derive(Clone, Debug)]
pub(crate) enum KnownCond {
    /// What `#[cond]` made of a function.
    Declared(&'static CondDef),
    /// A closure that was added by hand.
    ByHand(Arc<CondCall>),
}

impl KnownCond {
    /// The phrase, if it has one.
    fn phrase(&self) -> Option<String> {
        match self {
            KnownCond::Declared(def) => def.phrase.map(str::to_owned),
            KnownCond::ByHand(call) => Some(call.to_string()),
        }
    }

    /// What a mistake in the phrase calls it.
    fn name(&self) -> String {
        match self {
            KnownCond::Declared(def) => def.name.to_owned(),
            KnownCond::ByHand(call) => call.to_string(),
        }
    }

    fn location(&self) -> Option<Location> {
        match self {
            KnownCond::Declared(def) => Some(def.location),
            KnownCond::ByHand(call) => call.location(),
        }
    }

    /// The condition with what its phrase has captured.
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

/// The text that a capture holds.
fn text_of<'a>(captured: &'a [(impl AsRef<str>, impl AsRef<str>)], name: &str) -> &'a str {
    captured
        .iter()
        .find(|(known, _)| known.as_ref() == name)
        .map_or("", |(_, text)| text.as_ref())
}

/// The phrases of an app.
pub(crate) struct Phrases(Vec<(Phrase, String, KnownCond)>);

impl Phrases {
    /// Reads the phrases of the custom conditions; gives back what is wrong with them besides.
    pub(crate) fn read(conds: &[KnownCond]) -> (Self, Vec<Problem>) {
        let mut phrases: Vec<(Phrase, String, KnownCond)> = Vec::new();
        let mut problems = Vec::new();
        for cond in conds {
            let Some(text) = cond.phrase() else { continue };
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
        (Phrases(phrases), problems)
    }

    /// The condition that a text means.
    ///
    /// # Errors
    ///
    /// Names the nearest phrase if there is none, or says which part of the text is not what its parameter needs.
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

/// A closure has no place for what a phrase captures.
fn captures_by_hand(cond: &KnownCond, phrase: &Phrase, text: &str) -> Option<Problem> {
    let capture = match cond {
        KnownCond::ByHand(_) => phrase.captures().next()?,
        KnownCond::Declared(_) => return None,
    };
    Some(cond.problem(format!(
        "phrase of condition `{text}`: a closure can't be given `{{{capture}}}`; write a function with `#[cond(\"{text}\")]`"
    )))
}
