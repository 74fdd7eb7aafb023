//! The code of a task: the function, a type of its name, and the registration.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{ReturnType, Type};

use super::Task;
use crate::call;
use crate::signature::{Parameter, mentions_impl};
use crate::statement::Statement;

impl Task {
    /// The function, its type, and its registration.
    pub(super) fn expand(mut self) -> TokenStream {
        let ident = &self.function.sig.ident;
        let cfgs = self.function.cfgs();
        let builder = self.builder();
        let implementation = self.implementation(&builder);
        let assertions = call::assertions(&self.parameters);
        let crossings = self.crossings();
        let private = self.settings.root.private();
        let hidden_type = self.hidden_type();
        let statements = self.settings.start.iter().chain(&self.settings.end);
        let warnings: TokenStream = statements.map(Statement::warnings).collect();
        let registered = quote! {
            #hidden_type
            #(#cfgs)*
            const _: () = {
                use #private as __r;
                #implementation
                __r::inventory::submit! { __r::Registration::task::<#ident>(__r::location!()) }
                __r::inventory::submit! {
                    __r::NamedFunction::new(|| __r::type_id(&#ident), <#ident as __r::TaskType>::NAME)
                }
                #assertions
                #crossings
                #warnings
            };
        };
        self.function.allow_its_shape();
        let function = &self.function;
        quote!(#function #registered)
    }

    /// The function and its type, without a registration.
    pub(super) fn expand_type_only(&self) -> TokenStream {
        let (function, hidden_type, private) =
            (&self.function, self.hidden_type(), self.settings.root.private());
        let cfgs = function.cfgs();
        let implementation =
            self.implementation(&quote!(__r::TaskBuilder::new(Self::NAME, __r::location!())));
        quote! {
            #function
            #hidden_type
            #(#cfgs)*
            const _: () = {
                use #private as __r;
                #implementation
            };
        }
    }

    /// A type with the function's name. Its braces keep it out of the value namespace, which contains the function.
    fn hidden_type(&self) -> TokenStream {
        let (vis, ident, cfgs) = (&self.function.vis, &self.function.sig.ident, self.function.cfgs());
        quote! {
            #(#cfgs)*
            #[doc(hidden)]
            #[allow(non_camel_case_types, unreachable_pub)]
            #[derive(Clone, Copy)]
            #vis struct #ident {}
        }
    }

    fn implementation(&self, builder: &TokenStream) -> TokenStream {
        let (ident, output, name) = (&self.function.sig.ident, self.output(), self.name());
        quote! {
            impl __r::TaskType for #ident {
                type Output = #output;
                const NAME: &'static str = #name;
                fn task() -> __r::TaskBuilder {
                    #builder
                }
            }
        }
    }

    fn builder(&self) -> TokenStream {
        let (handler, settings) = (self.handler(), &self.settings);
        let start = settings
            .start
            .iter()
            .map(|statement| statement.tokens(&settings.root));
        let end = settings
            .end
            .iter()
            .map(|statement| statement.tokens(&settings.root));
        let calls = &settings.calls;
        quote! {
            __r::TaskBuilder::new(Self::NAME, __r::location!())
                .handler(#handler)
                #(.start(#start))*
                #(.end(#end))*
                #(#calls)*
        }
    }

    fn handler(&self) -> TokenStream {
        let (params, pattern) = (call::params(&self.parameters), call::pattern(&self.parameters));
        let outcome = call::plainly(&self.function.sig, "outcome", &self.parameters);
        if self.function.sig.asyncness.is_some() {
            quote!(__r::asynchronous(#params, |#pattern| async move { #outcome }))
        } else {
            quote!(__r::blocking(#params, |#pattern| #outcome))
        }
    }

    /// Compile-time checks of the values sent between the app and a child process.
    fn crossings(&self) -> TokenStream {
        if !self.settings.apart {
            return TokenStream::new();
        }
        let parameters = self.parameters.iter().map(Parameter::crossing);
        let output = self.output();
        let span = match &self.function.sig.output {
            ReturnType::Default => self.function.sig.ident.span(),
            ReturnType::Type(_, ty) => ty.span(),
        };
        let leaves = quote_spanned!(span=> __r::leaves!(#output));
        quote!(#(#parameters)* const _: fn() = || #leaves;)
    }

    fn name(&self) -> TokenStream {
        if let Some(name) = &self.settings.name {
            return quote!(#name);
        }
        let path = format!("::{}", self.function.name());
        quote!(__r::task_name(concat!(module_path!(), #path)))
    }

    /// The task's result for others: the `Ok` type of a `Result`, or the return type.
    fn output(&self) -> TokenStream {
        let sig = &self.function.sig;
        let ReturnType::Type(_, ty) = &sig.output else {
            return quote!(());
        };
        if !sig.generics.params.is_empty() || !is_named(ty) {
            quote!(())
        } else if is_result(ty) {
            quote!(<#ty as __r::ResultType>::Ok)
        } else {
            quote!(#ty)
        }
    }
}

fn is_named(ty: &Type) -> bool {
    !matches!(ty, Type::Never(_)) && !mentions_impl(quote!(#ty))
}

/// Returns true if the type's name ends with `Result`: `Result`, `anyhow::Result`, `IoResult`.
fn is_result(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident.to_string().ends_with("Result")),
        Type::Paren(inner) => is_result(&inner.elem),
        Type::Group(inner) => is_result(&inner.elem),
        _ => false,
    }
}
