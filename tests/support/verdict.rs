//! The outcome of a case.

use serde_json::Value;

/// The outcome of one case.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// Our answer is the expected one.
    Agreed,
    /// The reference is suspect, and our answer differs from it: it is the ideal one, or there is no ideal.
    Suspect {
        /// The class of the suspicion.
        code: String,
        /// What we answer.
        answer: String,
    },
    /// The project decided otherwise than the reference, and our answer is the decided one.
    Decided {
        /// The decision.
        code: String,
        /// What we answer.
        answer: String,
    },
    /// Our answer is wrong.
    Disagreed {
        /// What we answer.
        answer: String,
    },
}

/// The answer of a case that cannot be constructed.
pub(crate) fn error() -> Value {
    Value::from("error")
}

impl Verdict {
    /// Judges an answer by the fields that all kinds of cases share.
    pub(crate) fn of(case: &Value, answer: &Value) -> Self {
        let text = answer.to_string();
        let suspect = case["suspect"].as_str().map(class);
        let decided = case["decided"].as_str().map(class);
        if is_expected(case, answer) {
            return decided.map_or(Self::Agreed, |code| Self::Decided { code, answer: text });
        }
        match suspect {
            Some(code) if is_defensible(case, answer) => Self::Suspect { code, answer: text },
            _ => Self::Disagreed { answer: text },
        }
    }

    /// Judges whether an invalid case was rejected.
    pub(crate) fn of_rejection<T>(case: &Value, result: &Result<T, String>) -> Self {
        match (result, case["suspect"].as_str()) {
            (Err(_), _) => Self::Agreed,
            (Ok(_), Some(suspect)) => Self::Suspect {
                code: class(suspect),
                answer: "accepted".to_owned(),
            },
            (Ok(_), None) => Self::Disagreed {
                answer: "accepted".to_owned(),
            },
        }
    }
}

/// The part before the colon of `CODE: why`.
pub(crate) fn class(text: &str) -> String {
    text.split(':').next().unwrap_or(text).to_owned()
}

/// Where the reference raised an exception, any failure will do.
fn is_expected(case: &Value, answer: &Value) -> bool {
    let raised = case.get("error").is_some() && *answer == error();
    raised || case.get("expected") == Some(answer)
}

/// Where an ideal is known, a deviation from the reference has to be that.
fn is_defensible(case: &Value, answer: &Value) -> bool {
    let variant = case["variants"]
        .as_array()
        .is_some_and(|variants| variants.contains(answer));
    variant || case.get("ideal").is_none_or(|ideal| ideal == answer)
}
