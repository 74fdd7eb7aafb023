//! The options of a task.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Expr, Ident};

use crate::errors::{Mistakes, did_you_mean};
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
        "on_startup",
        "on_shutdown",
        "permanent",
        "multilaunch",
        "max_running",
        "pool",
        "parameters",
        "group",
        "timezone",
        "run_id",
        "crate",
    ],
    flags: &[
        "disabled",
        "on_startup",
        "on_shutdown",
        "permanent",
        "multilaunch",
    ],
    positional: "statement",
};

/// The options that are handed to the builder as they are, in the order of its calls.
const PLAIN: [(&str, Check); 12] = [
    ("timeout", values::limit),
    ("priority", values::integer),
    ("disabled", values::boolean),
    ("on_startup", values::boolean),
    ("on_shutdown", values::boolean),
    ("permanent", values::boolean),
    ("multilaunch", values::boolean),
    ("max_running", values::integer),
    ("pool", values::any),
    ("group", values::any),
    ("timezone", values::timezone),
    ("run_id", values::function),
];

/// What the attribute says of a task.
pub(super) struct Settings {
    pub(super) root: Root,
    /// The name, unless it is the function's.
    pub(super) name: Option<Expr>,
    pub(super) start: Option<Statement>,
    pub(super) end: Option<Statement>,
    /// Whether runs are in processes of their own.
    pub(super) apart: bool,
    /// Everything else, as calls of the builder: `.priority(10)`.
    pub(super) calls: Vec<TokenStream>,
}

impl Settings {
    /// Reads the attribute and checks what it says.
    pub(super) fn read(attr: TokenStream, function: &Function, mistakes: &mut Mistakes) -> Self {
        let mut options = Options::read(attr, &KNOWN, mistakes);
        let root = options.root(mistakes);
        let name = options.take_expr("name", mistakes);
        if let Some(name) = &name {
            values::text("name", name, mistakes);
        }
        let start = start(&mut options, mistakes);
        let end = options
            .take_expr("end", mistakes)
            .map(|end| Statement::read(end, mistakes));
        let execution = execution(&mut options, function, mistakes);
        let apart = execution.as_ref().is_some_and(|kind| kind == "Process");
        let call = |kind| quote!(.execution(__r::Execution::#kind));
        let mut calls: Vec<TokenStream> = execution.into_iter().map(call).collect();
        calls.extend(
            PLAIN
                .iter()
                .filter_map(|&(key, check)| plain(&mut options, key, check, mistakes)),
        );
        calls.extend(description(&mut options, function, mistakes));
        calls.extend(parameters(&mut options, mistakes));
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

fn start(options: &mut Options, mistakes: &mut Mistakes) -> Option<Statement> {
    let option = options.take_option("start", mistakes);
    let positional = options.positional.take();
    if let (Some((key, _)), Some(statement)) = (&option, &positional) {
        mistakes.at(
            quote!(#statement #key),
            "the statement is there twice, at the front and as `start`: join the two with `&`",
        );
    }
    let expr = positional.or(option.map(|(_, value)| value))?;
    Some(Statement::read(expr, mistakes))
}

/// Where the task runs, as the runtime calls it.
fn execution(options: &mut Options, function: &Function, mistakes: &mut Mistakes) -> Option<Ident> {
    let value = options.take_expr("execution", mistakes)?;
    let Some(text) = text_of(&value) else {
        values::text("execution", &value, mistakes);
        return None;
    };
    let kinds = [
        ("main", "Main"),
        ("async", "Async"),
        ("thread", "Thread"),
        ("process", "Process"),
    ];
    let word = text.value();
    let variant = kinds
        .iter()
        .find(|(kind, _)| *kind == word)
        .map(|(_, variant)| *variant);
    match variant {
        Some("Async") if function.sig.asyncness.is_none() => {
            mistakes.at(
                &value,
                "only an `async fn` can run as `\"async\"`: this one would hold everything up",
            );
        }
        Some(_) => {}
        None => {
            let near = did_you_mean(&word, kinds.map(|(kind, _)| kind));
            mistakes.at(
                &value,
                format!("there is no execution `{word}`, it is `main`, `async`, `thread` or `process`{near}"),
            );
        }
    }
    Some(Ident::new(variant?, Span::call_site()))
}

fn plain(options: &mut Options, key: &str, check: Check, mistakes: &mut Mistakes) -> Option<TokenStream> {
    let value = options.take_expr(key, mistakes)?;
    check(key, &value, mistakes);
    let method = Ident::new(key, Span::call_site());
    Some(quote!(.#method(#value)))
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
        let key = syn::ext::IdentExt::unraw(&key).to_string();
        let value = Source::or_value(value, mistakes);
        quote!(.entry(#key, __r::entry!(#value)))
    };
    pairs.into_iter().map(call).collect()
}
