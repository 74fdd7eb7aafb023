//! Calls of annotated functions in generated code.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, ReturnType, Signature};

use crate::signature::Parameter;

/// The parameters as the runtime keeps them: `(__r::param!(a: A), __r::param!(b: B))`.
pub(crate) fn params<'p>(parameters: impl IntoIterator<Item = &'p Parameter>) -> TokenStream {
    let extractors: Vec<TokenStream> = parameters.into_iter().map(Parameter::extractor).collect();
    tuple(&extractors)
}

/// The pattern that binds their values: `(a, b)`.
pub(crate) fn pattern<'p>(parameters: impl IntoIterator<Item = &'p Parameter>) -> TokenStream {
    let locals: Vec<TokenStream> = parameters.into_iter().map(local).collect();
    tuple(&locals)
}

/// `function(a, b)`, in a runtime macro that inspects the return value: `__r::outcome!(function(a, b))`.
///
/// The tokens have the span of the return type, because errors are about that type.
pub(crate) fn returned(sig: &Signature, taker: &str, arguments: &[TokenStream]) -> TokenStream {
    let span = match &sig.output {
        ReturnType::Default => sig.ident.span(),
        ReturnType::Type(_, ty) => ty.span(),
    };
    let (mut name, taker) = (sig.ident.clone(), Ident::new(taker, span));
    name.set_span(span);
    let wait = sig.asyncness.iter().map(|_| quote_spanned!(span=> .await));
    quote_spanned!(span=> __r::#taker!(#name(#(#arguments),*) #(#wait)*))
}

/// The same call, with each parameter's value passed unchanged.
pub(crate) fn plainly(sig: &Signature, taker: &str, parameters: &[Parameter]) -> TokenStream {
    let locals: Vec<TokenStream> = parameters.iter().map(local).collect();
    returned(sig, taker, &locals)
}

/// The compile-time checks of `Return(…)` for all parameters.
pub(crate) fn assertions(parameters: &[Parameter]) -> TokenStream {
    parameters.iter().flat_map(Parameter::assertions).collect()
}

fn local(parameter: &Parameter) -> TokenStream {
    parameter.local().into_token_stream()
}

/// A tuple or tuple pattern; a single member is followed by a comma.
fn tuple(items: &[TokenStream]) -> TokenStream {
    if let [one] = items {
        return quote!((#one,));
    }
    quote!((#(#items),*))
}
