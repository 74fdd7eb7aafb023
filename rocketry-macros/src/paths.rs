//! Where generated code finds the runtime.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Path;

/// The crate that generated code refers to: `::rocketry`, or what `crate = path` says.
pub(crate) struct Root(Option<Path>);

impl Root {
    /// The root named by the option `crate`, if there is one.
    pub(crate) fn new(path: Option<Path>) -> Self {
        Root(path)
    }

    /// The module of everything that only generated code names.
    pub(crate) fn private(&self) -> TokenStream {
        quote!(#self::__private)
    }

    /// The module of the words of statements.
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
