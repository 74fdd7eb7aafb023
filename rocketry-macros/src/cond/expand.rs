//! The code of a condition: a constant in place of the function, or a function that returns a condition.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Type, Visibility};

use super::{Cond, Slot};
use crate::call;
use crate::function::is_cfg;
use crate::signature::Parameter;

impl Cond {
    /// The code that replaces the function.
    pub(super) fn expand(mut self) -> TokenStream {
        let outer = self.split_attributes();
        let assertions: TokenStream = self.resolved().flat_map(Parameter::assertions).collect();
        let def = self.def(&self.make());
        let submit = quote!(__r::inventory::submit! { __r::Registration::cond(&__DEF) });
        let body = quote!(#def #submit #assertions);
        if self.is_word() {
            self.word(&outer, &body)
        } else {
            self.function_of_free(&outer, &body)
        }
    }

    /// A placeholder with the same shape, which other statements can use but the runtime can't evaluate.
    pub(super) fn expand_shape_only(mut self) -> TokenStream {
        let outer = self.split_attributes();
        let def = self.def(&quote!(|_| ::core::result::Result::Err(
            ::std::string::String::new()
        )));
        if self.is_word() {
            return self.word(&outer, &def);
        }
        let made = quote!(::core::convert::Into::into(__r::CondWord::new(&__DEF)));
        self.outer_function(&outer, &def, &made)
    }

    /// Moves the attributes of the public item off the function, which becomes an inner item.
    fn split_attributes(&mut self) -> Vec<Attribute> {
        let outside = |attr: &mut Attribute| {
            is_cfg(attr)
                || ["doc", "deprecated"]
                    .iter()
                    .any(|name| attr.path().is_ident(name))
        };
        let outer = self.function.attrs.extract_if(.., outside).collect();
        self.function.allow_its_shape();
        outer
    }

    /// The function itself, to be placed inside a block.
    fn inner(&self) -> TokenStream {
        let mut inner = self.function.clone();
        inner.vis = Visibility::Inherited;
        quote!(#inner)
    }

    /// `is_workday`: a constant.
    fn word(&self, outer: &[Attribute], body: &TokenStream) -> TokenStream {
        let (vis, ident, private, inner) = (
            &self.function.vis,
            &self.function.sig.ident,
            self.root.private(),
            self.inner(),
        );
        quote! {
            #(#outer)*
            #[allow(non_upper_case_globals, dead_code)]
            #vis const #ident: #private::CondWord = {
                use #private as __r;
                #inner
                #body
                __r::CondWord::new(&__DEF)
            };
        }
    }

    /// `file_exists("in.csv")`: a function.
    fn function_of_free(&self, outer: &[Attribute], body: &TokenStream) -> TokenStream {
        let prepare = self.prepare();
        let arguments = self.free().map(|parameter| {
            let local = parameter.local();
            if is_string(&parameter.ty) {
                quote!(::core::convert::Into::into(#local))
            } else {
                quote!(#local)
            }
        });
        let made = quote!(__DEF.condition(__call(#(#arguments),*)));
        self.outer_function(outer, &quote!(#prepare #body), &made)
    }

    fn outer_function(&self, outer: &[Attribute], body: &TokenStream, made: &TokenStream) -> TokenStream {
        let (vis, ident, private, inner) = (
            &self.function.vis,
            &self.function.sig.ident,
            self.root.private(),
            self.inner(),
        );
        let arguments = self.free().map(|parameter| {
            let (local, ty) = (parameter.local(), &parameter.ty);
            if is_string(ty) {
                quote!(#local: impl ::core::convert::Into<#ty>)
            } else {
                quote!(#local: #ty)
            }
        });
        quote! {
            #(#outer)*
            #[allow(dead_code, clippy::needless_pass_by_value)]
            #[must_use]
            #vis fn #ident(#(#arguments),*) -> #private::Condition {
                use #private as __r;
                #inner
                #body
                #made
            }
        }
    }

    /// The condition's entry in the runtime.
    fn def(&self, make: &TokenStream) -> TokenStream {
        let (name, captures) = (self.function.name().to_string(), &self.captures);
        let none = || quote!(::core::option::Option::None);
        let phrase = self
            .phrase
            .as_ref()
            .map_or_else(none, |phrase| quote!(::core::option::Option::Some(#phrase)));
        quote! {
            static __DEF: __r::CondDef = __r::CondDef {
                name: #name,
                phrase: #phrase,
                location: __r::location!(),
                captures: &[#(#captures),*],
                make: #make,
            };
        }
    }

    /// The conversion from the texts of the captures to a call.
    fn make(&self) -> TokenStream {
        if self.is_word() {
            let call = self.call();
            return quote!(|_| ::core::result::Result::Ok(#call));
        }
        if self.phrase.is_none() {
            return quote!(|_| ::core::result::Result::Err("it has no phrase".into()));
        }
        let arguments = self.free().map(|parameter| {
            let (name, ty) = (parameter.name().to_string(), &parameter.ty);
            let index = self
                .captures
                .iter()
                .position(|capture| *capture == name)
                .map(syn::Index::from);
            quote_spanned!(ty.span()=> __r::capture::<#ty>(texts[#index], #name)?)
        });
        quote!(|texts| ::core::result::Result::Ok(__call(#(#arguments),*)))
    }

    /// The function that both forms share: it takes the arguments and returns a call.
    fn prepare(&self) -> TokenStream {
        let call = self.call();
        let arguments = self.free().map(|parameter| {
            let (local, ty) = (parameter.local(), &parameter.ty);
            quote!(#local: #ty)
        });
        quote! {
            fn __call(#(#arguments),*) -> __r::CondCall {
                #call
            }
        }
    }

    /// The function with its arguments. Their text is created first, because the closure takes ownership of them.
    fn call(&self) -> TokenStream {
        let (params, pattern) = (call::params(self.resolved()), call::pattern(self.resolved()));
        let arguments: Vec<TokenStream> = self.slots.iter().map(argument).collect();
        let truth = call::returned(&self.function.sig, "truth", &arguments);
        let shown = self.free().map(|parameter| {
            let (name, local) = (parameter.name().to_string(), parameter.local());
            quote_spanned!(local.span()=> (#name, __r::shown(&#local)))
        });
        let shown = quote!(::std::vec![#(#shown),*]);
        if self.is_word() {
            return quote!(__r::cond_call(#params, |#pattern| #truth, #shown));
        }
        quote! {
            let __shown = #shown;
            __r::cond_call(#params, move |#pattern| #truth, __shown)
        }
    }
}

/// The arguments of the call. Free values are cloned, because the condition may be evaluated again.
fn argument(slot: &Slot) -> TokenStream {
    let local = slot.parameter.local();
    if slot.free {
        quote_spanned!(local.span()=> ::core::clone::Clone::clone(&#local))
    } else {
        quote!(#local)
    }
}

/// Returns true for `String`, for which a condition accepts any `Into<String>`.
fn is_string(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path
        .segments
        .last()
        .is_some_and(|last| last.ident == "String" && last.arguments.is_empty())
}
