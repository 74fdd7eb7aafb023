//! Paths from generated code to the runtime.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Path;

/// The crate that generated code refers to: `::rocketry`, or the path in `crate = path`.
pub(crate) struct Root(Option<Path>);

impl Root {
    /// Uses the path of the option `crate`, if present.
    pub(crate) fn new(path: Option<Path>) -> Self {
        Root(path)
    }

    /// The module for generated code only.
    pub(crate) fn private(&self) -> TokenStream {
        quote!(#self::__private)
    }

    /// The module with the words of statements.
    pub(crate) fn conds(&self) -> TokenStream {
        quote!(#self::conds)
    }
}

impl ToTokens for Root {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match &self.0 {
            Some(path) => path.to_tokens(tokens),
            None => tokens.extend(quote!(::rocketry)),
        }
    }
}
