//! The terms of a query.

use crate::problem::Problem;

/// A term: `key:value`, or a bare word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    /// What is before the colon; `None` for a bare word.
    pub(super) key: Option<String>,
    pub(super) value: String,
}

/// Splits a query at its blanks, apart from those in quotes.
pub(super) fn terms(text: &str) -> Result<Vec<Term>, Problem> {
    let mut terms = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (term, after) = take(rest)?;
        terms.push(term);
        rest = after.trim_start();
    }
    Ok(terms)
}

/// Takes the first term of a text that does not begin with a blank.
fn take(text: &str) -> Result<(Term, &str), Problem> {
    let mut term = Term {
        key: None,
        value: String::new(),
    };
    let mut quoted = false;
    let mut was_quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => {
                quoted = !quoted;
                was_quoted = true;
            }
            ':' if !quoted && term.key.is_none() && !was_quoted && !term.value.is_empty() => {
                term.key = Some(std::mem::take(&mut term.value));
            }
            c if c.is_whitespace() && !quoted => return Ok((term, &text[at..])),
            c => term.value.push(c),
        }
    }
    if quoted {
        return Err(Problem::invalid(format!("a quote is not closed in `{text}`")));
    }
    Ok((term, ""))
}

#[cfg(test)]
mod tests {
    use super::{Term, terms};

    fn read(text: &str) -> Vec<(Option<String>, String)> {
        let terms = terms(text).unwrap();
        terms
            .into_iter()
            .map(|Term { key, value }| (key, value))
            .collect()
    }

    #[test]
    fn a_term_ends_at_a_blank_that_is_not_quoted() {
        let key = |key: &str| Some(key.to_owned());
        assert_eq!(
            read(r#"task:"my task"  since:07:30 "a:b" no"#),
            [
                (key("task"), "my task".into()),
                (key("since"), "07:30".into()),
                (None, "a:b".into()),
                (None, "no".into())
            ]
        );
        assert_eq!(read("  "), []);
        assert!(terms(r#"task:"x"#).unwrap_err().detail.contains("not closed"));
    }
}
