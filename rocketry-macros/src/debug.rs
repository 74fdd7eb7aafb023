//! `ROCKETRY_MACROS_DEBUG=name cargo build` prints the expansion of the function `name`.

use std::fmt::Write;

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

/// Prints the expansion if the variable requests it.
pub(crate) fn show(name: &Ident, expansion: &TokenStream) {
    if std::env::var("ROCKETRY_MACROS_DEBUG").is_ok_and(|wanted| *name == wanted) {
        eprintln!("// the expansion of `{name}`\n{}", layout(expansion));
    }
}

/// Prints one statement or item per line and indents blocks, without a formatter.
fn layout(tokens: &TokenStream) -> String {
    let mut text = String::new();
    lay_out(tokens, 0, &mut text);
    text
}

fn lay_out(tokens: &TokenStream, depth: usize, text: &mut String) {
    let mut line = TokenStream::new();
    for tree in tokens.clone() {
        match &tree {
            TokenTree::Group(block) if block.delimiter() == Delimiter::Brace => {
                let head = std::mem::take(&mut line);
                push_line(&format!("{head} {{"), depth, text);
                lay_out(&block.stream(), depth + 1, text);
                push_line("}", depth, text);
            }
            TokenTree::Punct(punct) if punct.as_char() == ';' => {
                line.extend([tree]);
                push_line(&std::mem::take(&mut line).to_string(), depth, text);
            }
            _ => line.extend([tree]),
        }
    }
    push_line(&line.to_string(), depth, text);
}

fn push_line(line: &str, depth: usize, text: &mut String) {
    let line = line.trim();
    if !line.is_empty() {
        // Writing to a string can't fail.
        let _ = writeln!(text, "{:1$}{line}", "", depth * 4);
    }
}
