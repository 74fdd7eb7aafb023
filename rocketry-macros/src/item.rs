//! Common steps of all attributes: parse the function, expand it, and keep the function in place if that fails.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, FnArg, Meta, parse_quote};

use crate::debug;
use crate::errors::Mistakes;
use crate::function::{Function, is_cfg};
use crate::signature;

/// One attribute macro.
pub(crate) struct Macro {
    /// Its name.
    pub(crate) name: &'static str,
    /// Generates the code for a function, or reports errors.
    pub(crate) expand: fn(&TokenStream, Function, &mut Mistakes) -> TokenStream,
    /// Generates the code for a function whose attribute has errors, to avoid follow-up errors.
    pub(crate) fallback: fn(&TokenStream, Function) -> TokenStream,
}

impl Macro {
    /// Expands the attribute on an item.
    pub(crate) fn apply(&self, attr: &TokenStream, item: &TokenStream) -> TokenStream {
        match Function::read(self.name, item.clone()) {
            Ok(function) => {
                let name = function.name();
                let variants = variants(function);
                let expanded = variants
                    .into_iter()
                    .map(|function| self.apply_to(attr, function))
                    .collect();
                debug::show(&name, &expanded);
                expanded
            }
            Err(error) => {
                let error = error.into_compile_error();
                quote!(#item #error)
            }
        }
    }

    fn apply_to(&self, attr: &TokenStream, function: Function) -> TokenStream {
        let mut mistakes = Mistakes::default();
        let expanded = (self.expand)(attr, function.clone(), &mut mistakes);
        if mistakes.is_empty() {
            return expanded;
        }
        let kept = (self.fallback)(attr, function);
        let errors = mistakes.into_tokens();
        quote!(#kept #errors)
    }
}

/// The unchanged function, as a fallback.
pub(crate) fn keep(_: &TokenStream, mut function: Function) -> TokenStream {
    signature::strip(&mut function);
    quote!(#function)
}

/// Returns one variant of the function for each combination of parameters with `#[cfg(…)]`. Each variant needs
/// different generated code, because that code names every parameter.
fn variants(function: Function) -> Vec<Function> {
    let conditional = function.sig.inputs.iter().enumerate().find_map(|(index, input)| {
        let predicate = attrs(input)
            .iter()
            .find(|attr| is_cfg(attr))
            .and_then(predicate)?;
        Some((index, predicate))
    });
    let Some((index, predicate)) = conditional else {
        return vec![function];
    };
    let (mut with, mut without) = (function.clone(), function);
    with.attrs.push(parse_quote!(#[cfg(#predicate)]));
    without.attrs.push(parse_quote!(#[cfg(not(#predicate))]));
    remove_one_cfg(&mut with.sig.inputs[index]);
    let others = without
        .sig
        .inputs
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != index);
    without.sig.inputs = others.map(|(_, input)| input.clone()).collect();
    [with, without].into_iter().flat_map(variants).collect()
}

fn attrs(input: &FnArg) -> &[Attribute] {
    match input {
        FnArg::Receiver(receiver) => &receiver.attrs,
        FnArg::Typed(typed) => &typed.attrs,
    }
}

fn remove_one_cfg(input: &mut FnArg) {
    let attrs = match input {
        FnArg::Receiver(receiver) => &mut receiver.attrs,
        FnArg::Typed(typed) => &mut typed.attrs,
    };
    if let Some(at) = attrs.iter().position(is_cfg) {
        attrs.remove(at);
    }
}

/// The predicate of `#[cfg(…)]`.
fn predicate(attr: &Attribute) -> Option<TokenStream> {
    match &attr.meta {
        Meta::List(list) => Some(list.tokens.clone()),
        _ => None,
    }
}
