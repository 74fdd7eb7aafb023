//! The arguments of an attribute: a statement, followed by `key = value` options.

use proc_macro2::{Punct, Spacing, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprPath, Ident, Token, braced, parse_quote, token};

use crate::errors::{Mistakes, did_you_mean, listed};
use crate::paths::Root;
use crate::statement;

/// The options of a macro.
pub(crate) struct Known {
    /// The name of the macro.
    pub(crate) macro_name: &'static str,
    /// All keys.
    pub(crate) keys: &'static [&'static str],
    /// The boolean keys: `disabled` is short for `disabled = true`.
    pub(crate) flags: &'static [&'static str],
    /// The keys that take a list of names: `allow(never_true)`.
    pub(crate) lists: &'static [&'static str],
    /// The name of the value without a key in error messages.
    pub(crate) positional: &'static str,
}

/// The arguments of an attribute.
#[derive(Default)]
pub(crate) struct Options {
    /// The value without a key.
    pub(crate) positional: Option<Expr>,
    named: Vec<Opt>,
}

/// One option.
pub(crate) struct Opt {
    /// The key.
    pub(crate) key: Ident,
    /// The value after the `=`.
    pub(crate) value: Value,
}

/// The value of an option.
pub(crate) enum Value {
    /// An expression.
    Expr(Expr),
    /// `{ key = expression, … }`.
    Map(Vec<(Ident, Expr)>),
    /// `(name, …)`.
    List(Vec<Expr>),
}

/// An argument of an attribute.
enum Entry {
    Positional(Expr),
    Named(Opt),
}

impl Options {
    /// Parses the tokens of an attribute. Parsing continues after an error.
    pub(crate) fn read(tokens: TokenStream, known: &Known, mistakes: &mut Mistakes) -> Self {
        let tokens = without_tildes(tokens, mistakes);
        let mut options = Options::default();
        let read_all = |input: ParseStream<'_>| {
            while !input.is_empty() {
                match entry(input) {
                    Ok(entry) => options.add(entry, known, mistakes),
                    Err(error) => mistakes.push(error),
                }
                skip_past_comma(input);
            }
            Ok(())
        };
        let read = read_all.parse2(tokens);
        mistakes.keep(read);
        options
    }

    /// Removes and returns an option.
    pub(crate) fn take(&mut self, key: &str) -> Option<Opt> {
        let index = self.named.iter().position(|option| option.key.unraw() == key)?;
        Some(self.named.remove(index))
    }

    /// Removes and returns an option whose value is an expression.
    pub(crate) fn take_expr(&mut self, key: &str, mistakes: &mut Mistakes) -> Option<Expr> {
        let option = self.take(key)?;
        match option.value {
            Value::Expr(value) => Some(value),
            Value::Map(_) | Value::List(_) => {
                mistakes.at(option.key, format!("`{key}` takes one value, not `{{ … }}`"));
                None
            }
        }
    }

    /// Removes and returns an option whose value is an expression, with its key.
    pub(crate) fn take_option(&mut self, key: &str, mistakes: &mut Mistakes) -> Option<(Ident, Expr)> {
        let written = self
            .named
            .iter()
            .find(|option| option.key.unraw() == key)?
            .key
            .clone();
        self.take_expr(key, mistakes).map(|value| (written, value))
    }

    /// Removes and returns the option `crate`.
    pub(crate) fn root(&mut self, mistakes: &mut Mistakes) -> Root {
        let path = match self.take_expr("crate", mistakes) {
            Some(Expr::Path(ExprPath {
                path, qself: None, ..
            })) => Some(path),
            Some(other) => {
                mistakes.at(
                    other,
                    "`crate` is the path of the crate `rocketry`, such as `::my_prelude::rocketry`",
                );
                None
            }
            None => None,
        };
        Root::new(path)
    }

    fn add(&mut self, entry: Entry, known: &Known, mistakes: &mut Mistakes) {
        match entry {
            Entry::Named(option) => self.add_named(option, known, mistakes),
            Entry::Positional(expr) => match flag(&expr, known).or_else(|| list(&expr, known)) {
                Some((key, value)) => self.add_named(Opt { key, value }, known, mistakes),
                None => self.add_positional(expr, known, mistakes),
            },
        }
    }

    fn add_named(&mut self, option: Opt, known: &Known, mistakes: &mut Mistakes) {
        let key = option.key.unraw().to_string();
        if !known.keys.contains(&key.as_str()) {
            mistakes.at(&option.key, unknown(&key, &option.value, known));
        } else if let Some(first) = self.named.iter().find(|other| other.key == option.key) {
            let (first, second) = (&first.key, &option.key);
            mistakes.at(quote!(#first #second), format!("`{key}` is given twice"));
        } else {
            self.named.push(option);
        }
    }

    fn add_positional(&mut self, expr: Expr, known: &Known, mistakes: &mut Mistakes) {
        let (macro_name, what) = (known.macro_name, known.positional);
        match &self.positional {
            _ if what.is_empty() => {
                mistakes.at(expr, format!("`#[{macro_name}]` takes no arguments"));
            }
            Some(_) => mistakes.at(&expr, second(&expr, known)),
            None if !self.named.is_empty() => {
                mistakes.at(expr, format!("the {what} comes first, the options after it"));
            }
            None => self.positional = Some(expr),
        }
    }
}

fn unknown(key: &str, value: &Value, known: &Known) -> String {
    let Known { macro_name, keys, .. } = known;
    if let Value::Expr(value) = value
        && known.positional == "statement"
        && statement::is_word(key)
    {
        let word = format!("{key}({})", value.to_token_stream());
        let statement = if key.starts_with("retry") {
            format!("… | {word}")
        } else {
            word
        };
        return format!(
            "`{key}` is a word of the statement, not an option: write `#[{macro_name}({statement})]`"
        );
    }
    match did_you_mean(key, keys.iter().copied()) {
        near if near.is_empty() => {
            format!("`#[{macro_name}]` has no option `{key}`, it has {}", listed(keys))
        }
        near => format!("`#[{macro_name}]` has no option `{key}`{near}"),
    }
}

fn second(expr: &Expr, known: &Known) -> String {
    let key = match expr {
        Expr::Call(call) => call.func.to_token_stream().to_string(),
        other => other.to_token_stream().to_string(),
    };
    if known.keys.contains(&key.as_str()) {
        format!("write `{key} = …`")
    } else {
        format!("this is a second {}; there can be one", known.positional)
    }
}

/// `disabled`, which is short for `disabled = true`.
fn flag(expr: &Expr, known: &Known) -> Option<(Ident, Value)> {
    let key = one_of_keys(expr, known.flags)?;
    Some((key, Value::Expr(parse_quote!(true))))
}

/// `allow(never_true)`.
fn list(expr: &Expr, known: &Known) -> Option<(Ident, Value)> {
    let Expr::Call(call) = expr else { return None };
    let key = one_of_keys(&call.func, known.lists)?;
    Some((key, Value::List(call.args.iter().cloned().collect())))
}

fn one_of_keys(expr: &Expr, keys: &[&str]) -> Option<Ident> {
    let Expr::Path(ExprPath {
        path, qself: None, ..
    }) = expr
    else {
        return None;
    };
    path.get_ident()
        .filter(|word| keys.iter().any(|key| *word == key))
        .cloned()
}

fn entry(input: ParseStream<'_>) -> syn::Result<Entry> {
    if input.peek(Ident::peek_any) && input.peek2(Token![=]) && !input.peek2(Token![==]) {
        let key = input.call(Ident::parse_any)?;
        input.parse::<Token![=]>()?;
        return Ok(Entry::Named(Opt {
            value: value(input, &key)?,
            key,
        }));
    }
    let expr: Expr = input.parse().map_err(|error| unreadable(&error))?;
    if input.is_empty() || input.peek(Token![,]) {
        Ok(Entry::Positional(expr))
    } else if input.peek(Token![:]) {
        Err(input.error("an option is written `key = value`"))
    } else {
        Err(unreadable(&input.error("unexpected words")))
    }
}

fn unreadable(error: &syn::Error) -> syn::Error {
    let message =
        format!("{error}; a statement is a Rust expression, or words in quotes: `\"every 10 seconds\"`");
    syn::Error::new(error.span(), message)
}

fn value(input: ParseStream<'_>, key: &Ident) -> syn::Result<Value> {
    if input.is_empty() || input.peek(Token![,]) {
        return Err(syn::Error::new_spanned(
            key,
            format!("`{key}` needs a value after the `=`"),
        ));
    }
    if input.peek(token::Brace) {
        return map(input).map(Value::Map);
    }
    let value = input.parse().map(Value::Expr)?;
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(value);
    }
    Err(input.error(format!("expected `,` after the value of `{key}`")))
}

fn map(input: ParseStream<'_>) -> syn::Result<Vec<(Ident, Expr)>> {
    let content;
    braced!(content in input);
    let pairs = Punctuated::<_, Token![,]>::parse_terminated_with(&content, pair);
    if pairs.is_err() {
        // Skip the rest of the argument to avoid a second error.
        content.parse::<TokenStream>()?;
    }
    Ok(pairs?.into_iter().collect())
}

fn pair(input: ParseStream<'_>) -> syn::Result<(Ident, Expr)> {
    let key = input.call(Ident::parse_any)?;
    if !input.peek(Token![=]) {
        return Err(syn::Error::new_spanned(&key, format!("write `{key} = value`")));
    }
    input.parse::<Token![=]>()?;
    Ok((key, input.parse()?))
}

fn skip_past_comma(input: ParseStream<'_>) {
    while let Ok(tree) = input.parse::<TokenTree>() {
        if matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == ',') {
            break;
        }
    }
}

/// Reports each `~` and parses it as `!`, the operator in Rust.
fn without_tildes(tokens: TokenStream, mistakes: &mut Mistakes) -> TokenStream {
    let correct = |tree| match tree {
        TokenTree::Punct(punct) if punct.as_char() == '~' => {
            let message =
                "Rust has no `~`: write `!` before an expression, or put the whole statement in quotes";
            mistakes.push(syn::Error::new(punct.span(), message));
            let mut not = Punct::new('!', Spacing::Alone);
            not.set_span(punct.span());
            TokenTree::Punct(not)
        }
        TokenTree::Group(group) => {
            let mut corrected =
                proc_macro2::Group::new(group.delimiter(), without_tildes(group.stream(), mistakes));
            corrected.set_span(group.span());
            TokenTree::Group(corrected)
        }
        other => other,
    };
    tokens.into_iter().map(correct).collect()
}
