//! The parameters of an annotated function: their names and the sources of their values.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, FnArg, Ident, Meta, Pat, PatType, Type, TypeReference};

use crate::errors::Mistakes;
use crate::function::Function;
use crate::source::Source;

/// The runtime stores parameters in a tuple, with implementations for tuples up to this length.
const MOST: usize = 12;

/// One parameter of an annotated function.
pub(crate) struct Parameter {
    /// Its name in the source.
    ident: Ident,
    /// Its type.
    pub(crate) ty: Type,
    /// The arguments of `#[arg(…)]`.
    source: Option<Source>,
    /// The attribute `#[given]`: a free parameter of a condition.
    pub(crate) given: Option<Attribute>,
}

impl Parameter {
    /// Its name, without `r#`.
    pub(crate) fn name(&self) -> Ident {
        self.ident.unraw()
    }

    /// The name of a local variable in generated code, hygienic with respect to the user's names.
    pub(crate) fn local(&self) -> Ident {
        let mut local = self.ident.clone();
        local.set_span(Span::mixed_site().located_at(self.ident.span()));
        local
    }

    /// The source in `#[arg(…)]`, if the parameter has one.
    pub(crate) fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }

    /// The expression that resolves its value: `__r::param!(name: Type)`.
    pub(crate) fn extractor(&self) -> TokenStream {
        let (name, ty) = (self.name(), &self.ty);
        let source = self.source.iter();
        quote_spanned!(ty.span()=> __r::param!(#name: #ty #(= #source)*))
    }

    /// Asserts that the value can be sent to a child process.
    pub(crate) fn crossing(&self) -> TokenStream {
        let ty = &self.ty;
        let arrives = quote_spanned!(ty.span()=> __r::arrives!(#ty));
        quote!(const _: fn() = || #arrives;)
    }

    /// Asserts that each task in `Return(…)` returns the parameter's type.
    pub(crate) fn assertions(&self) -> impl Iterator<Item = TokenStream> {
        let ty = &self.ty;
        self.source.iter().flat_map(Source::returns).map(move |task| {
            let fits = quote_spanned!(ty.span()=> fits::<<#task as __r::TaskType>::Output, #ty>());
            quote!(const _: () = __r::#fits;)
        })
    }
}

/// Removes our attributes from the parameters and parses them.
pub(crate) fn read(function: &mut Function, mistakes: &mut Mistakes) -> Vec<Parameter> {
    let inputs = &mut function.sig.inputs;
    if let Some(extra) = inputs.iter().nth(MOST) {
        mistakes.at(
            extra,
            format!("an annotated function can have {MOST} parameters at most"),
        );
    }
    let typed = inputs.iter_mut().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    });
    typed.filter_map(|input| parameter(input, mistakes)).collect()
}

/// Rejects `#[given]` on functions other than conditions.
pub(crate) fn refuse_given(parameters: &[Parameter], mistakes: &mut Mistakes) {
    for given in parameters.iter().filter_map(|parameter| parameter.given.as_ref()) {
        mistakes.at(
            given,
            "`#[given]` belongs to `#[cond]`: only a condition is called with arguments",
        );
    }
}

/// Removes our attributes from the parameters without parsing them.
pub(crate) fn strip(function: &mut Function) {
    for input in &mut function.sig.inputs {
        if let FnArg::Typed(input) = input {
            input.attrs.retain(|attr| !is_ours(attr));
        }
    }
}

fn parameter(input: &mut PatType, mistakes: &mut Mistakes) -> Option<Parameter> {
    let ours: Vec<Attribute> = input.attrs.extract_if(.., |attr| is_ours(attr)).collect();
    let (args, given): (Vec<_>, Vec<_>) = ours.into_iter().partition(|attr| attr.path().is_ident("arg"));
    let source = source(&args, mistakes);
    check_given(&given, &args, mistakes);
    check_type(&input.ty, mistakes);
    let ident = mistakes.keep(plain_name(&input.pat))?;
    Some(Parameter {
        ident,
        ty: (*input.ty).clone(),
        source,
        given: given.into_iter().next(),
    })
}

fn is_ours(attr: &Attribute) -> bool {
    attr.path().is_ident("arg") || attr.path().is_ident("given")
}

fn source(args: &[Attribute], mistakes: &mut Mistakes) -> Option<Source> {
    if let [first, .., last] = args {
        mistakes.at(
            quote!(#first #last),
            "a parameter takes one `#[arg(…)]`; join several with `>>`: the first that has a value is used",
        );
    }
    let attr = args.first()?;
    match &attr.meta {
        Meta::List(list) if !list.tokens.is_empty() => Source::read(list.tokens.clone(), mistakes),
        _ => {
            mistakes.at(attr, "`#[arg(…)]` says where the value comes from, such as `#[arg(\"key\")]` or `#[arg(Return(task))]`");
            None
        }
    }
}

fn check_given(given: &[Attribute], args: &[Attribute], mistakes: &mut Mistakes) {
    if let Some(attr) = given.iter().find(|attr| attr.meta.require_path_only().is_err()) {
        mistakes.at(attr, "`#[given]` takes no arguments");
    }
    if let [first, .., last] = given {
        mistakes.at(quote!(#first #last), "`#[given]` is given twice");
    }
    if let (Some(given), Some(arg)) = (given.first(), args.first()) {
        mistakes.at(
            quote!(#given #arg),
            "`#[given]` takes the value from the statement, `#[arg(…)]` from somewhere else: choose one",
        );
    }
}

fn check_type(ty: &Type, mistakes: &mut Mistakes) {
    if mentions_impl(ty.to_token_stream()) {
        mistakes.at(
            ty,
            "a parameter's type has to be named: `impl Trait` leaves it open which value to look for",
        );
    }
    if let Type::Reference(reference) = ty {
        check_reference(reference, mistakes);
    }
}

/// Handles of the runtime, which are cheap to clone.
const HANDLES: [&str; 3] = ["Session", "Task", "TerminationFlag"];

/// Rejects borrowed parameters, because the function owns its values. `'static` references are allowed, except for
/// `&'static str`.
fn check_reference(reference: &TypeReference, mistakes: &mut Mistakes) {
    let is_static = reference
        .lifetime
        .as_ref()
        .is_some_and(|lifetime| lifetime.ident == "static");
    let borrowed = reference.elem.to_token_stream();
    let name = borrowed.to_string();
    let owned = match &*reference.elem {
        Type::Slice(slice) => Some(format!("Vec<{}>", slice.elem.to_token_stream())),
        _ if name == "str" => Some("String".to_owned()),
        Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Path") => {
            Some("PathBuf".to_owned())
        }
        Type::Path(path) => path
            .path
            .get_ident()
            .map(ToString::to_string)
            .filter(|ident| HANDLES.contains(&&**ident)),
        _ => None,
    };
    let message = match (owned, is_static) {
        (Some(owned), false) => format!("a parameter is passed by value: take `{owned}`"),
        (Some(owned), true) if name == "str" => {
            format!("a parameter is made while the program runs, and a `&'static str` before: take `{owned}`")
        }
        (None, false) => {
            format!("a parameter is passed by value: take `{borrowed}`, or `Arc<{borrowed}>` to share it")
        }
        _ => return,
    };
    mistakes.at(reference, message);
}

/// Returns true if a type contains `impl Trait`.
pub(crate) fn mentions_impl(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Ident(word) => word == "impl",
        TokenTree::Group(group) => mentions_impl(group.stream()),
        _ => false,
    })
}

fn plain_name(pat: &Pat) -> syn::Result<Ident> {
    match pat {
        Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none() => Ok(name.ident.clone()),
        Pat::Wild(_) => Err(syn::Error::new_spanned(
            pat,
            "give the parameter a name: its value is looked up by it",
        )),
        _ => Err(syn::Error::new_spanned(
            pat,
            "give the parameter a plain name, by which its value is looked up, and take it apart in the body",
        )),
    }
}
