//! The words that built-in conditions begin with.

use crate::suggest::is_near;

/// The beginning of a built-in condition.
struct Head {
    word: &'static str,
    /// The words that may follow, for a head that phrases of custom conditions share (`is workday`).
    then: &'static [&'static str],
}

impl Head {
    /// Tells whether the second word of a term is one that follows this head, or near one.
    fn may_go_on_with(&self, second: Option<&str>) -> bool {
        let near = |then: &&str| second.is_none_or(|second| is_near(second, then));
        self.then.is_empty() || self.then.iter().any(near)
    }
}

const fn own(word: &'static str) -> Head {
    Head { word, then: &[] }
}

const fn shared(word: &'static str, then: &'static [&'static str]) -> Head {
    Head { word, then }
}

const HEADS: &[Head] = &[
    own("every"),
    own("secondly"),
    own("minutely"),
    own("hourly"),
    own("daily"),
    own("weekly"),
    own("monthly"),
    own("yearly"),
    own("time"),
    own("cron"),
    own("crontime"),
    own("once"),
    own("retry"),
    own("task"),
    own("scheduler"),
    own("env"),
    own("param"),
    own("true"),
    own("false"),
    own("always"),
    own("never"),
    shared("after", &["task", "tasks", "any"]),
    shared("any", &["time"]),
    shared(
        "has",
        &[
            "started",
            "succeeded",
            "failed",
            "finished",
            "terminated",
            "inacted",
            "crashed",
        ],
    ),
    shared("in", &["past"]),
    shared("is", &["running"]),
    shared("one", &["start"]),
    shared("while", &["task", "is"]),
];

/// The words of logic in other languages.
const LOGIC: [(&str, &str); 3] = [("not", "~"), ("and", "&"), ("or", "|")];

/// The first words of all built-in conditions.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    HEADS.iter().map(|head| head.word)
}

/// The sign that a word of another language's logic stands for.
pub(super) fn sign_of(word: &str) -> Option<&'static str> {
    LOGIC
        .iter()
        .find(|(name, _)| *name == word)
        .map(|&(_, sign)| sign)
}

/// Tells whether a term that begins with these words was surely meant as a built-in condition.
pub(super) fn is_claimed(first: &str, second: Option<&str>) -> bool {
    // A period is no condition, but nothing else either.
    let digits = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    if sign_of(first).is_some() || (first == "past" && second.is_some_and(digits)) {
        return true;
    }
    // `one` is the word itself, not a slip in `once`.
    match HEADS.iter().find(|head| head.word == first) {
        Some(head) => head.may_go_on_with(second),
        None => HEADS
            .iter()
            .any(|head| is_near(first, head.word) && head.may_go_on_with(second)),
    }
}
