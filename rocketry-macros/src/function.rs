//! The parsed form of an annotated function.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Expr, Ident, Lit, Meta, Signature, Visibility, parse_quote};

use crate::errors::Mistakes;
use crate::place;

/// A function. The body is kept as tokens, so an incomplete body causes no other errors while the user types.
#[derive(Clone)]
pub(crate) struct Function {
    /// Its attributes, without the one being expanded.
    pub(crate) attrs: Vec<Attribute>,
    /// The visibility.
    pub(crate) vis: Visibility,
    /// Everything from `async` to the return type.
    pub(crate) sig: Signature,
    /// The block.
    body: TokenTree,
}

impl Function {
    /// Parses the item below `#[macro_name]`.
    pub(crate) fn read(macro_name: &str, item: TokenStream) -> syn::Result<Self> {
        let is_function = item
            .clone()
            .into_iter()
            .any(|tree| matches!(&tree, TokenTree::Ident(word) if word == "fn"));
        syn::parse2(item).map_err(|error| {
            if is_function {
                return error;
            }
            syn::Error::new(error.span(), format!("`#[{macro_name}]` belongs on a function"))
        })
    }

    /// The name without `r#`.
    pub(crate) fn name(&self) -> Ident {
        self.sig.ident.unraw()
    }

    /// The `#[cfg(…)]` attributes.
    pub(crate) fn cfgs(&self) -> Vec<&Attribute> {
        self.attrs.iter().filter(|attr| is_cfg(attr)).collect()
    }

    /// The documentation, line by line, without the leading space of each line.
    pub(crate) fn docs(&self) -> Option<String> {
        let lines: Vec<String> = self.attrs.iter().filter_map(doc_line).collect();
        let text = lines.join("\n").trim().to_owned();
        (!text.is_empty()).then_some(text)
    }

    /// Silences lints that do not apply to annotated functions: they own their parameters, and `async` selects where
    /// they run.
    pub(crate) fn allow_its_shape(&mut self) {
        let mut lints: Vec<syn::Path> = Vec::new();
        if !self.sig.inputs.is_empty() {
            lints.push(parse_quote!(clippy::needless_pass_by_value));
        }
        if self.sig.asyncness.is_some() {
            lints.push(parse_quote!(clippy::unused_async));
        }
        if !lints.is_empty() {
            self.attrs.push(parse_quote!(#[allow(#(#lints),*)]));
        }
    }

    /// Rejects unsupported functions: `const`, `unsafe`, `extern`, generic, variadic, inside an `impl`.
    pub(crate) fn check_shape(&self, macro_name: &str, mistakes: &mut Mistakes) {
        let sig = &self.sig;
        let mut refuse = |tokens: &dyn ToTokens, what: &str| {
            mistakes.push(syn::Error::new_spanned(
                tokens,
                format!("a `#[{macro_name}]` function {what}"),
            ));
        };
        if let Some(token) = &sig.constness {
            refuse(token, "can't be `const`: it runs while the app does");
        }
        if let syn::Safety::Unsafe(token) = &sig.safety {
            refuse(
                token,
                "can't be `unsafe`: the scheduler can't uphold its safety contract",
            );
        }
        if let Some(abi) = &sig.abi {
            refuse(abi, "can't be `extern`: call the foreign function from its body");
        }
        if let Some(variadic) = &sig.variadic {
            refuse(variadic, "can't be variadic");
        }
        if !sig.generics.params.is_empty() {
            refuse(
                &sig.generics,
                "can't be generic: its type parameters can't be inferred",
            );
        } else if let Some(clause) = &sig.generics.where_clause {
            refuse(clause, "can't have a `where` clause");
        }
        if let Some(receiver) = sig.receiver() {
            refuse(receiver, "can't be a method: there is no `self` to call it with");
        } else if let Some(block) = place::block_around(macro_name, &sig.ident) {
            refuse(
                &sig.ident,
                &format!("can't be inside `{block}`: move it out of the block"),
            );
        }
    }

    /// Returns true inside an `impl` block or a trait, where only functions can be.
    pub(crate) fn is_in_block(&self, macro_name: &str) -> bool {
        self.sig.receiver().is_some() || place::block_around(macro_name, &self.sig.ident).is_some()
    }

    /// Rejects `async` where the caller can't await.
    pub(crate) fn check_sync(&self, macro_name: &str, why: &str, mistakes: &mut Mistakes) {
        if let Some(token) = &self.sig.asyncness {
            mistakes.at(
                token,
                format!("a `#[{macro_name}]` function can't be `async`: {why}"),
            );
        }
    }
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let sig = input.parse()?;
        let body: TokenTree = input.parse()?;
        match &body {
            TokenTree::Group(block) if block.delimiter() == Delimiter::Brace => Ok(Function {
                attrs,
                vis,
                sig,
                body,
            }),
            other => Err(syn::Error::new(
                other.span(),
                "an annotated function needs a body",
            )),
        }
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.attrs);
        self.vis.to_tokens(tokens);
        self.sig.to_tokens(tokens);
        self.body.to_tokens(tokens);
    }
}

/// Returns true for `#[cfg(…)]`.
pub(crate) fn is_cfg(attr: &Attribute) -> bool {
    attr.path().is_ident("cfg")
}

fn doc_line(attr: &Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attr.meta else {
        return None;
    };
    let Expr::Lit(value) = &meta.value else {
        return None;
    };
    match &value.lit {
        Lit::Str(text) if meta.path.is_ident("doc") => {
            let text = text.value();
            Some(text.strip_prefix(' ').unwrap_or(&text).to_owned())
        }
        _ => None,
    }
}
