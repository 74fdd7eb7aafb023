//! The call of an annotated function from generated code.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{ReturnType, Signature};

use crate::signature::Parameter;

/// The parameters as the runtime keeps them: `(__r::param!(a: A), __r::param!(b: B))`.
pub(crate) fn params<'p>(parameters: impl IntoIterator<Item = &'p Parameter>) -> TokenStream {
    let extractors: Vec<TokenStream> = parameters.into_iter().map(Parameter::extractor).collect();
    tuple(&extractors)
}

/// The pattern that takes their values: `(a, b)`.
pub(crate) fn pattern<'p>(parameters: impl IntoIterator<Item = &'p Parameter>) -> TokenStream {
    let locals: Vec<TokenStream> = parameters.into_iter().map(local).collect();
    tuple(&locals)
}

/// `function(a, b)`. A type that the runtime can't take back is reported where the signature names it.
pub(crate) fn call(sig: &Signature, arguments: &[TokenStream]) -> TokenStream {
    let name = &sig.ident;
    let span = match &sig.output {
        ReturnType::Default => name.span(),
        ReturnType::Type(_, ty) => ty.span(),
    };
    quote_spanned!(span=> #name(#(#arguments),*))
}

/// `function(a, b)` with each parameter's value as it is.
pub(crate) fn plain_call(sig: &Signature, parameters: &[Parameter]) -> TokenStream {
    let locals: Vec<TokenStream> = parameters.iter().map(local).collect();
    call(sig, &locals)
}

/// The checks of what `Return(…)` yields, for all parameters.
pub(crate) fn assertions(parameters: &[Parameter]) -> TokenStream {
    parameters.iter().flat_map(Parameter::assertions).collect()
}

fn local(parameter: &Parameter) -> TokenStream {
    parameter.local().into_token_stream()
}

/// A tuple, or a pattern of one; that of a single member has a comma.
fn tuple(items: &[TokenStream]) -> TokenStream {
    if let [one] = items {
        return quote!((#one,));
    }
    quote!((#(#items),*))
}
