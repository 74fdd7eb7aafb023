//! Files and functions that are too long to be read at once.

use crate::tokens::{Token, tokens};

/// The most lines of a file.
const FILE: usize = 400;

/// The most lines of a function.
const FUNCTION: usize = 40;

/// Returns the complaints about a file and its functions.
pub(crate) fn complaints(file: &str, source: &str) -> Vec<String> {
    let lines = source.lines().count();
    let too_long = (lines > FILE).then(|| format!("{file}: {lines} lines"));
    let functions = functions(source)
        .into_iter()
        .filter(|function| function.lines > FUNCTION);
    let long_functions = functions.map(|function| {
        let Function { name, line, lines } = function;
        format!("{file}:{line}: `{name}` has {lines} lines")
    });
    too_long.into_iter().chain(long_functions).collect()
}

#[derive(Debug, PartialEq, Eq)]
struct Function {
    name: String,
    line: usize,
    lines: usize,
}

/// Returns the functions of a file that have a body, those in other functions included.
fn functions(source: &str) -> Vec<Function> {
    let tokens = tokens(source);
    let begins = |index: &usize| tokens[*index].text == "fn" && tokens.get(index + 1).is_some_and(is_name);
    let heads = (0..tokens.len()).filter(begins);
    heads
        .filter_map(|head| {
            let last = last_line(&tokens[head..])?;
            let line = tokens[head].line;
            Some(Function {
                name: tokens[head + 1].text.clone(),
                line,
                lines: last - line + 1,
            })
        })
        .collect()
}

/// Returns the line of the brace that closes the first block; `None` if a `;` comes before any block.
fn last_line(tokens: &[Token]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut brackets = 0_usize;
    for token in tokens {
        match token.text.as_str() {
            // The `;` of an array type in a signature ends nothing.
            "[" => brackets += 1,
            "]" => brackets = brackets.saturating_sub(1),
            ";" if depth == 0 && brackets == 0 => return None,
            "{" => depth += 1,
            "}" if depth == 1 => return Some(token.line),
            "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn is_name(token: &Token) -> bool {
    token.text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::{Function, complaints, functions};

    fn function(name: &str, line: usize, lines: usize) -> Function {
        let name = name.into();
        Function { name, line, lines }
    }

    #[test]
    fn functions_are_measured_from_their_head_to_their_brace() {
        let source = "fn a() {}\nimpl B {\n    fn c(\n        d: [u8; 2],\n    ) {\n        if d { e() }\n        fn f() {\n        }\n    }\n}";
        assert_eq!(
            functions(source),
            [function("a", 1, 1), function("c", 3, 7), function("f", 7, 2)]
        );
    }

    #[test]
    fn what_has_no_body_is_no_function() {
        assert!(functions("trait A { fn b(&self); }\ntype C = fn(u8) -> u8;").is_empty());
    }

    #[test]
    fn the_limits_are_inclusive() {
        let of_lines = |lines: usize| format!("fn a() {{\n{}}}\n", "b();\n".repeat(lines - 2));
        assert!(complaints("a.rs", &of_lines(40)).is_empty());
        assert_eq!(complaints("a.rs", &of_lines(41)), ["a.rs:1: `a` has 41 lines"]);
        assert!(complaints("a.rs", &"\n".repeat(400)).is_empty());
        assert_eq!(complaints("a.rs", &"\n".repeat(401)), ["a.rs: 401 lines"]);
    }
}
