//! Detects annotated functions inside an `impl` block or a trait, where the generated items can't be placed.
//!
//! An attribute macro receives only its function, so this module reads the source file. It skips a function
//! that starts at the beginning of its line, because nothing surrounds such a function.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

/// The annotated functions of a file that are in an `impl` block or a trait.
type Misplaced = Rc<[Inside]>;

/// An annotated function and the block that it is in.
struct Inside {
    attribute: String,
    function: String,
    /// `impl App`, `trait Work`.
    block: String,
}

thread_local! {
    /// A file is read once, however many functions it has.
    static READ: RefCell<HashMap<PathBuf, Misplaced>> = RefCell::default();
}

/// Returns the head of the `impl` block or trait that contains the function: `impl App`. Ignores code that a
/// macro generated.
pub(crate) fn block_around(attribute: &str, function: &Ident) -> Option<String> {
    let misplaced = misplaced_in(file_of_indented(function.span())?);
    let found = misplaced
        .iter()
        .find(|inside| inside.attribute == attribute && *function == inside.function)?;
    Some(found.block.clone())
}

/// The file of a function that does not start at the beginning of its line.
fn file_of_indented(function: Span) -> Option<PathBuf> {
    if !proc_macro::is_available() {
        return None;
    }
    let attribute = Span::call_site().unwrap();
    let is_indented = attribute.start().column() > 1;
    is_indented.then(|| function.unwrap().local_file()).flatten()
}

fn misplaced_in(file: PathBuf) -> Misplaced {
    READ.with_borrow_mut(|read| {
        read.entry(file)
            .or_insert_with_key(|file| read_file(file))
            .clone()
    })
}

fn read_file(file: &Path) -> Misplaced {
    let code = std::fs::read_to_string(file).ok();
    let tokens = code.and_then(|code| code.parse().ok()).unwrap_or_default();
    let mut found = Vec::new();
    look_in(tokens, &mut found);
    found.into()
}

/// Finds blocks at any depth.
fn look_in(tokens: TokenStream, found: &mut Vec<Inside>) {
    let mut head: Option<TokenStream> = None;
    let mut begins_item = true;
    for tree in tokens {
        if begins_item && matches!(&tree, TokenTree::Ident(word) if word == "impl" || word == "trait") {
            head = Some(TokenStream::new());
        }
        begins_item = can_precede_item(&tree, begins_item);
        if let TokenTree::Group(group) = &tree {
            if let Some(head) = head.take_if(|_| group.delimiter() == Delimiter::Brace) {
                look_at_functions(group, &tidy(&head), found);
            }
            look_in(group.stream(), found);
        }
        if let Some(head) = &mut head {
            head.extend([tree]);
        }
    }
}

/// The text of a head, without the blanks that tokens have between them.
fn tidy(head: &TokenStream) -> String {
    let blanks = [
        (" < ", "<"),
        (" >", ">"),
        (" :: ", "::"),
        (" :", ":"),
        (" ,", ","),
        ("& ", "&"),
    ];
    let replace = |text: String, (from, to): (&str, &str)| text.replace(from, to);
    blanks.into_iter().fold(head.to_string(), replace)
}

/// Returns true if an item keyword can follow this token.
fn can_precede_item(tree: &TokenTree, begins_item: bool) -> bool {
    match tree {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => begins_item,
        TokenTree::Group(_) => true,
        TokenTree::Punct(punct) => matches!(punct.as_char(), ';' | '#'),
        TokenTree::Ident(word) => ["pub", "unsafe", "default", "auto"]
            .iter()
            .any(|known| word == known),
        TokenTree::Literal(_) => false,
    }
}

/// Adds the annotated functions of a block.
fn look_at_functions(block: &Group, head: &str, found: &mut Vec<Inside>) {
    let (mut attributes, mut is_name) = (Vec::new(), false);
    for tree in block.stream() {
        match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
                attributes.extend(name_of(&group));
            }
            TokenTree::Ident(name) if is_name => {
                is_name = false;
                found.extend(attributes.drain(..).map(|attribute| Inside {
                    attribute,
                    function: name.to_string(),
                    block: head.to_owned(),
                }));
            }
            TokenTree::Ident(word) => is_name = word == "fn",
            // The end of an item.
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => attributes.clear(),
            _ => {}
        }
    }
}

/// The name of an attribute: `task` of `[rocketry::task(daily)]`.
fn name_of(attribute: &Group) -> Option<String> {
    let words = attribute.stream().into_iter().map_while(|tree| match tree {
        TokenTree::Ident(word) => Some(Some(word.to_string())),
        TokenTree::Punct(punct) if punct.as_char() == ':' => Some(None),
        _ => None,
    });
    words.flatten().last()
}
