//! The words that built-in conditions begin with.

use crate::suggest::is_near;

/// The beginning of a built-in condition.
struct Head {
    word: &'static str,
    /// The words that may follow, for a head that phrases of custom conditions share (`is workday`).
    then: &'static [&'static str],
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

/// What every beginning of a built-in condition is nearest to.
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
    let follows = |head: &Head| {
        let near = |then: &&str| second.is_none_or(|second| is_near(second, then));
        head.then.is_empty() || head.then.iter().any(near)
    };
    // A period is no condition, but says so best where it is written.
    let past = first == "past" && second.is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    past || sign_of(first).is_some()
        || HEADS
            .iter()
            .any(|head| is_near(first, head.word) && follows(head))
}
