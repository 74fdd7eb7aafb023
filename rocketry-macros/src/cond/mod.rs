//! `#[cond]`: parse → model → validate → expand.

mod expand;
mod phrase;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{LitStr, ReturnType, Type};

use crate::errors::Mistakes;
use crate::function::Function;
use crate::item::Macro;
use crate::options::{Known, Options};
use crate::paths::Root;
use crate::signature::{self, Parameter};

/// The attribute.
pub(crate) const MACRO: Macro = Macro {
    name: "cond",
    expand,
    fallback,
};

const KNOWN: Known = Known {
    macro_name: "cond",
    keys: &["crate"],
    flags: &[],
    lists: &[],
    positional: "phrase",
};

/// A custom condition.
struct Cond {
    function: Function,
    /// The parameters, in the order of the signature.
    slots: Vec<Slot>,
    phrase: Option<LitStr>,
    /// The names of the captures, in the order of the phrase.
    captures: Vec<String>,
    root: Root,
}

/// A parameter, and whether it is free.
struct Slot {
    parameter: Parameter,
    free: bool,
}

fn expand(attr: &TokenStream, mut function: Function, mistakes: &mut Mistakes) -> TokenStream {
    function.check_shape(MACRO.name, mistakes);
    function.check_sync(
        MACRO.name,
        "the scheduler evaluates it between two decisions",
        mistakes,
    );
    check_truth(&function, mistakes);
    let parameters = signature::read(&mut function, mistakes);
    let mut options = Options::read(attr.clone(), &KNOWN, mistakes);
    let root = options.root(mistakes);
    let phrase = phrase::literal(options.positional.take(), mistakes);
    let captures = phrase
        .as_ref()
        .and_then(|phrase| phrase::captures(phrase, mistakes));
    phrase::check(captures.as_deref(), phrase.as_ref(), &parameters, mistakes);
    Cond::new(function, parameters, phrase, captures.unwrap_or_default(), root).expand()
}

/// A condition with the same shape, so that statements that use it cause no follow-up errors.
fn fallback(attr: &TokenStream, mut function: Function) -> TokenStream {
    let mut ignored = Mistakes::default();
    let parameters = signature::read(&mut function, &mut ignored);
    if function.is_in_block(MACRO.name) {
        return quote!(#function);
    }
    let mut options = Options::read(attr.clone(), &KNOWN, &mut ignored);
    let root = options.root(&mut ignored);
    let phrase = phrase::literal(options.positional.take(), &mut ignored);
    let captures = phrase
        .map(|phrase| phrase::braced(&phrase.value()))
        .unwrap_or_default();
    Cond::new(function, parameters, None, captures, root).expand_shape_only()
}

impl Cond {
    fn new(
        function: Function,
        parameters: Vec<Parameter>,
        phrase: Option<LitStr>,
        captures: Vec<String>,
        root: Root,
    ) -> Self {
        let slot = |parameter: Parameter| {
            let free = parameter.given.is_some() || captures.iter().any(|name| parameter.name() == name);
            Slot { parameter, free }
        };
        let slots = parameters.into_iter().map(slot).collect();
        Cond {
            function,
            slots,
            phrase,
            captures,
            root,
        }
    }

    /// The free parameters, whose values the statement provides.
    fn free(&self) -> impl Iterator<Item = &Parameter> {
        self.slots
            .iter()
            .filter(|slot| slot.free)
            .map(|slot| &slot.parameter)
    }

    /// The parameters that are resolved when the condition is evaluated.
    fn resolved(&self) -> impl Iterator<Item = &Parameter> {
        self.slots
            .iter()
            .filter(|slot| !slot.free)
            .map(|slot| &slot.parameter)
    }

    fn is_word(&self) -> bool {
        self.free().next().is_none()
    }
}

/// Rejects return types that are certainly not `bool`. The compiler checks named types.
fn check_truth(function: &Function, mistakes: &mut Mistakes) {
    let message = "a condition returns `bool` or `Result<bool, E>`";
    match &function.sig.output {
        ReturnType::Default => mistakes.at(&function.sig.ident, message),
        ReturnType::Type(_, ty)
            if !matches!(
                &**ty,
                Type::Path(_) | Type::Paren(_) | Type::Group(_) | Type::Macro(_)
            ) =>
        {
            mistakes.at(ty, message);
        }
        ReturnType::Type(..) => {}
    }
}
