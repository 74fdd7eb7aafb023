//! The terms of a query.

use crate::problem::Problem;

/// A term: `key:value`, or a bare word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    /// The part before the colon; `None` for a bare word.
    pub(super) key: Option<String>,
    pub(super) value: String,
    /// The parts of the value between commas, except for commas in quotes.
    pub(super) list: Vec<String>,
}

/// Returns a value as a query parses it, in quotes if it would otherwise have another meaning.
pub fn quoted(value: &str) -> String {
    let is_special = |c: char| c.is_whitespace() || matches!(c, '"' | ',' | ':' | '\\');
    if !value.is_empty() && !value.contains(is_special) {
        return value.to_owned();
    }
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Splits a query at its blanks, except for those in quotes.
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

/// Takes the first term of a text that does not begin with a blank. In quotes, a backslash escapes a quote or
/// a backslash.
fn take(text: &str) -> Result<(Term, &str), Problem> {
    let mut key = None;
    let mut list = vec![String::new()];
    let mut quoted = false;
    let mut was_quoted = false;
    let mut rest = text.chars();
    let mut after = text;
    while let Some(c) = rest.next() {
        let part = list.last_mut().expect("a list has a last part");
        match c {
            '\\' if quoted && rest.as_str().starts_with(['"', '\\']) => part.extend(rest.next()),
            '"' => {
                quoted = !quoted;
                was_quoted = true;
            }
            ':' if !quoted && key.is_none() && !was_quoted && !part.is_empty() => {
                key = Some(list.join(","));
                list = vec![String::new()];
            }
            ',' if !quoted => list.push(String::new()),
            c if c.is_whitespace() && !quoted => break,
            c => part.push(c),
        }
        after = rest.as_str();
    }
    if quoted {
        return Err(Problem::invalid(format!("a quote is not closed in `{text}`")));
    }
    let value = list.join(",");
    Ok((Term { key, value, list }, after))
}

#[cfg(test)]
mod tests {
    use super::{Term, terms};

    fn read(text: &str) -> Vec<(Option<String>, String)> {
        let terms = terms(text).unwrap();
        terms
            .into_iter()
            .map(|Term { key, value, .. }| (key, value))
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

    #[test]
    fn every_value_can_be_quoted() {
        for value in [
            "fetch",
            "a/b c",
            "a,b",
            "quo\"te'",
            "back\\slash",
            "\\\"",
            "",
            "a:b",
            "שלום עולם",
        ] {
            let text = format!("task:{} next", super::quoted(value));
            let terms = terms(&text).unwrap();
            assert_eq!(terms[0].list, [value], "{text}");
            assert_eq!(terms.len(), 2, "{text}");
        }
        assert_eq!(super::quoted("fetch"), "fetch");
    }

    #[test]
    fn commas_outside_quotes_separate_values() {
        assert_eq!(terms("task:a,\"b,c\",d").unwrap()[0].list, ["a", "b,c", "d"]);
    }
}
