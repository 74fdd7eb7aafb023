//! `#[task]`: parse → model → validate → expand.

mod allow;
mod expand;
mod settings;

use proc_macro2::TokenStream;
use quote::quote;

use crate::errors::Mistakes;
use crate::function::Function;
use crate::item::Macro;
use crate::signature::{self, Parameter};
use settings::Settings;

pub(crate) use settings::is_option;

/// The attribute.
pub(crate) const MACRO: Macro = Macro {
    name: "task",
    expand,
    fallback,
};

/// A task: a function, the sources of its parameters, its statement and its options.
struct Task {
    function: Function,
    parameters: Vec<Parameter>,
    settings: Settings,
}

fn expand(attr: &TokenStream, mut function: Function, mistakes: &mut Mistakes) -> TokenStream {
    function.check_shape(MACRO.name, mistakes);
    let parameters = signature::read(&mut function, mistakes);
    signature::refuse_given(&parameters, mistakes);
    let settings = Settings::read(attr.clone(), &function, mistakes);
    Task {
        function,
        parameters,
        settings,
    }
    .expand()
}

/// The function, and the type that represents it in the statements of other tasks.
fn fallback(attr: &TokenStream, mut function: Function) -> TokenStream {
    signature::strip(&mut function);
    if function.is_in_block(MACRO.name) {
        return quote!(#function);
    }
    let settings = Settings::read(attr.clone(), &function, &mut Mistakes::default());
    Task {
        function,
        parameters: Vec::new(),
        settings,
    }
    .expand_type_only()
}
