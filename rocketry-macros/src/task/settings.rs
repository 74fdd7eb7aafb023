//! The options of a task.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use rocketry_syntax::Lints;
use syn::ext::IdentExt;
use syn::{Expr, ExprPath, Ident};

use super::allow;
use crate::errors::{Mistakes, did_you_mean, one_of};
use crate::function::Function;
use crate::options::{Known, Options, Value};
use crate::paths::Root;
use crate::source::Source;
use crate::statement::{Statement, text_of};
use crate::values::{self, Check};

const KNOWN: Known = Known {
    macro_name: "task",
    keys: &[
        "start",
        "end",
        "name",
        "description",
        "execution",
        "timeout",
        "priority",
        "disabled",
        "first_run",
        "on_startup",
        "on_shutdown",
        "permanent",
        "multilaunch",
        "max_running",
        "unique",
        "overlap",
        "on_crash",
        "attempts",
        "catch_up",
        "jitter",
        "pool",
        "lane",
        "parameters",
        "group",
        "timezone",
        "run_id",
        "allow",
        "crate",
    ],
    flags: &[
        "disabled",
        "on_startup",
        "on_shutdown",
        "permanent",
        "multilaunch",
        "unique",
    ],
    lists: &["allow"],
    positional: "statement",
};

/// Returns true if `#[task]` has an option with this name.
pub(crate) fn is_option(key: &str) -> bool {
    KNOWN.keys.contains(&key)
}

/// The options that are passed to the builder unchanged, in the order of its calls.
const PLAIN: [(&str, Check); 16] = [
    ("timeout", values::limit),
    ("priority", values::integer),
    ("disabled", values::boolean),
    ("on_startup", values::boolean),
    ("on_shutdown", values::boolean),
    ("permanent", values::boolean),
    ("multilaunch", values::boolean),
    ("max_running", values::integer),
    ("unique", values::boolean),
    ("attempts", values::integer),
    ("catch_up", values::catch_up),
    ("jitter", values::length),
    ("pool", values::name),
    ("lane", values::name),
    ("timezone", values::timezone),
    ("run_id", values::function),
];

/// The settings of a task in its attribute.
pub(super) struct Settings {
    pub(super) root: Root,
    /// The name, unless it is the function's.
    pub(super) name: Option<Expr>,
    pub(super) start: Option<Statement>,
    pub(super) end: Option<Statement>,
    /// Whether the task runs in child processes.
    pub(super) apart: bool,
    /// Everything else, as calls of the builder: `.priority(10)`.
    pub(super) calls: Vec<TokenStream>,
}

impl Settings {
    /// Parses and checks the attribute.
    pub(super) fn read(attr: TokenStream, function: &Function, mistakes: &mut Mistakes) -> Self {
        let mut options = Options::read(attr, &KNOWN, mistakes);
        let root = options.root(mistakes);
        let name = options.take_expr("name", mistakes);
        if let Some(name) = &name {
            values::name("name", name, mistakes);
        }
        let allowed = allow::take(&mut options, mistakes);
        let start = start(&mut options, allowed, mistakes);
        let end = options
            .take_expr("end", mistakes)
            .map(|end| Statement::read(end, allowed, mistakes));
        let execution = execution(&mut options, function, mistakes);
        let apart = execution.as_ref().is_some_and(|kind| kind == "Process");
        let call = |kind| quote!(.execution(__r::Execution::#kind));
        let mut calls: Vec<TokenStream> = execution.into_iter().map(call).collect();
        calls.extend(
            PLAIN
                .iter()
                .filter_map(|&(key, check)| plain(&mut options, key, check, mistakes)),
        );
        calls.extend(group(&mut options, mistakes));
        calls.extend(
            WORDS
                .into_iter()
                .filter_map(|words| words.call(&mut options, mistakes)),
        );
        calls.extend(description(&mut options, function, mistakes));
        calls.extend(parameters(&mut options, mistakes));
        calls.extend(allow::calls(allowed));
        Settings {
            root,
            name,
            start,
            end,
            apart,
            calls,
        }
    }
}

fn start(options: &mut Options, allowed: Lints, mistakes: &mut Mistakes) -> Option<Statement> {
    let option = options.take_option("start", mistakes);
    let positional = options.positional.take();
    if let (Some((key, _)), Some(statement)) = (&option, &positional) {
        mistakes.at(
            quote!(#statement #key),
            "the statement is given twice, as the first argument and as `start`: join the two with `&`",
        );
    }
    let expr = positional.or(option.map(|(_, value)| value))?;
    Some(Statement::read(expr, allowed, mistakes))
}

/// The execution, as a variant of the runtime's enum.
fn execution(options: &mut Options, function: &Function, mistakes: &mut Mistakes) -> Option<Ident> {
    let kinds = [
        ("main", "Main"),
        ("async", "Async"),
        ("thread", "Thread"),
        ("process", "Process"),
    ];
    let (variant, value) = word("execution", &kinds, options, mistakes)?;
    if variant == "Async" && function.sig.asyncness.is_none() {
        mistakes.at(
            value,
            "only an `async fn` can run as `\"async\"`: this one would block the runtime",
        );
    }
    Some(variant)
}

/// The variant for a word, and the word.
fn word(
    key: &str,
    variants: &[(&str, &str)],
    options: &mut Options,
    mistakes: &mut Mistakes,
) -> Option<(Ident, Expr)> {
    let value = options.take_expr(key, mistakes)?;
    let words: Vec<&str> = variants.iter().map(|(word, _)| *word).collect();
    let Some(text) = text_of(&value) else {
        mistakes.at(&value, format!("`{key}` is {}, in quotes", one_of(&words)));
        return None;
    };
    let written = text.value();
    let Some((_, variant)) = variants.iter().find(|(word, _)| *word == written) else {
        let near = did_you_mean(&written, words.iter().copied());
        mistakes.at(
            &value,
            format!("`{key}` is {}, not `{written}`{near}", one_of(&words)),
        );
        return None;
    };
    Some((Ident::new(variant, Span::call_site()), value))
}

/// An option whose value names a variant of an enum.
struct Words {
    key: &'static str,
    name: &'static str,
    variants: &'static [(&'static str, &'static str)],
}

const WORDS: [Words; 3] = [
    Words {
        key: "first_run",
        name: "FirstRun",
        variants: &[("due", "Due"), ("wait", "Wait")],
    },
    Words {
        key: "overlap",
        name: "Overlap",
        variants: &[("skip", "Skip"), ("queue", "Queue"), ("replace", "Replace")],
    },
    Words {
        key: "on_crash",
        name: "OnCrash",
        variants: &[("again", "Again"), ("count", "Count")],
    },
];

impl Words {
    /// The option as a call of the builder.
    fn call(self, options: &mut Options, mistakes: &mut Mistakes) -> Option<TokenStream> {
        let (variant, _) = word(self.key, self.variants, options, mistakes)?;
        let [method, name] = [self.key, self.name].map(|name| Ident::new(name, Span::call_site()));
        Some(quote!(.#method(__r::#name::#variant)))
    }
}

fn plain(options: &mut Options, key: &str, check: Check, mistakes: &mut Mistakes) -> Option<TokenStream> {
    let value = options.take_expr(key, mistakes)?;
    check(key, &value, mistakes);
    if key != "run_id" {
        values::known_now(&value, mistakes);
    }
    let method = Ident::new(key, Span::call_site());
    Some(quote!(.#method(#value)))
}

/// The group, which may be an identifier: `group = reports`. Identifiers with a capital letter are constants.
fn group(options: &mut Options, mistakes: &mut Mistakes) -> Option<TokenStream> {
    let value = options.take_expr("group", mistakes)?;
    if let Expr::Path(ExprPath {
        path, qself: None, ..
    }) = &value
        && let Some(word) = path.get_ident().map(|word| word.unraw().to_string())
        && word.starts_with(|first: char| first.is_lowercase())
    {
        return Some(quote!(.group(#word)));
    }
    values::name("group", &value, mistakes);
    Some(quote!(.group(#value)))
}

fn description(options: &mut Options, function: &Function, mistakes: &mut Mistakes) -> Option<TokenStream> {
    if let Some(value) = options.take_expr("description", mistakes) {
        values::text("description", &value, mistakes);
        return Some(quote!(.description(#value)));
    }
    function.docs().map(|docs| quote!(.description(#docs)))
}

fn parameters(options: &mut Options, mistakes: &mut Mistakes) -> Vec<TokenStream> {
    let Some(option) = options.take("parameters") else {
        return Vec::new();
    };
    let Value::Map(pairs) = option.value else {
        mistakes.at(option.key, "write `parameters = { key = value, … }`");
        return Vec::new();
    };
    for (index, (key, _)) in pairs.iter().enumerate() {
        if let Some((first, _)) = pairs[..index].iter().find(|(other, _)| other == key) {
            mistakes.at(quote!(#first #key), format!("parameter `{key}` is given twice"));
        }
    }
    let call = |(key, value): (Ident, Expr)| {
        let key = key.unraw().to_string();
        let value = Source::or_value(value, mistakes);
        quote!(.entry(#key, __r::entry!(#value)))
    };
    pairs.into_iter().map(call).collect()
}
