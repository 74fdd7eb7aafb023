//! Snapshot tests: each `name.rs` in `tests/expand` expands to the `name.expanded.rs` beside it.
//!
//! `UPDATE_EXPECT=1 cargo test -p rocketry-macros` updates the snapshots.

use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Item, Meta};

use crate::item::Macro;
use crate::{cond, hook, param, task};

const MACROS: [Macro; 5] = [task::MACRO, param::MACRO, cond::MACRO, hook::SETUP, hook::HOOK];

#[test]
fn expansions_are_as_kept() {
    let mut names: Vec<PathBuf> = inputs();
    names.sort();
    assert!(!names.is_empty(), "there are inputs");
    let changed: Vec<String> = names.iter().filter_map(|input| changed(input)).collect();
    assert!(
        changed.is_empty(),
        "expansions changed (UPDATE_EXPECT=1 keeps them):\n{}",
        changed.join("\n")
    );
}

fn inputs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expand");
    let files = std::fs::read_dir(folder).expect("tests/expand is there");
    let paths = files.map(|file| file.expect("a file of tests/expand").path());
    paths
        .filter(|path| !path.to_string_lossy().ends_with(".expanded.rs"))
        .collect()
}

/// Returns the difference between a file's expansion and its snapshot, if any.
fn changed(input: &Path) -> Option<String> {
    let source = std::fs::read_to_string(input).expect("an input can be read");
    let expansion = expand_file(&source);
    let kept = input.with_extension("expanded.rs");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&kept, &expansion).expect("an expansion can be written");
        return None;
    }
    let expected = std::fs::read_to_string(&kept).unwrap_or_default();
    (expected != expansion).then(|| format!("--- {}\n{expansion}", kept.display()))
}

fn expand_file(source: &str) -> String {
    let file = syn::parse_file(source).expect("an input is Rust");
    let expanded: TokenStream = file.items.into_iter().map(expand_item).collect();
    let file = syn::parse2(expanded).expect("an expansion is Rust");
    prettyplease::unparse(&file)
}

/// Expands the item if it has one of our attributes.
fn expand_item(item: Item) -> TokenStream {
    let Item::Fn(mut function) = item else {
        return item.into_token_stream();
    };
    let ours = function.attrs.iter().position(|attr| macro_of(attr).is_some());
    let Some(index) = ours else {
        return function.into_token_stream();
    };
    let attr = function.attrs.remove(index);
    let expanded = macro_of(&attr).map(|found| found.apply(&arguments(&attr), &function.into_token_stream()));
    expanded.unwrap_or_default()
}

fn macro_of(attr: &Attribute) -> Option<&'static Macro> {
    const { &MACROS }
        .iter()
        .find(|candidate| attr.path().is_ident(candidate.name))
}

fn arguments(attr: &Attribute) -> TokenStream {
    match &attr.meta {
        Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    }
}
