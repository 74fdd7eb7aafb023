//! The command-line options that arguments read.

use std::collections::BTreeSet;

use super::evaluation::{Argument, Origin, ParamSpec, Params};

/// Collects the command-line options behind parameters.
pub(crate) fn of_params(params: &Params, into: &mut BTreeSet<String>) {
    for (_, entry) in params.iter() {
        of_argument(entry.as_argument(), into);
    }
}

/// Collects the command-line options behind the parameters of a function.
pub(crate) fn of_function(specs: &[ParamSpec], into: &mut BTreeSet<String>) {
    for source in specs.iter().filter_map(ParamSpec::source) {
        of_argument(source, into);
    }
}

fn of_argument(argument: &dyn Argument, into: &mut BTreeSet<String>) {
    for origin in argument.origins() {
        match origin {
            Origin::CommandLine(option) => drop(into.insert(option.to_owned())),
            Origin::Function(specs) => of_function(specs, into),
            Origin::Value(_) | Origin::Param(_) => {}
        }
    }
}
