//! Finds plain values that do not fit the type of a parameter, before anything runs.

use super::evaluation::{Argument, Entry, Origin, ParamSpec, Params};
use super::value::{Mismatch, Value};
use crate::error::{Location, Problem};

/// The values that are available to functions.
#[derive(Clone, Copy)]
pub(crate) struct Supply<'a> {
    /// The parameters of the task, if the functions belong to one.
    pub(crate) own: Option<&'a Params>,
    /// The parameters of the session.
    pub(crate) session: &'a Params,
    /// The names of secret parameters.
    pub(crate) secrets: &'a [String],
}

/// A plain value that does not fit, with the place of its declaration.
type Misfit = (Mismatch, Option<Location>);

impl<'a> Supply<'a> {
    /// Creates the supply for functions that do not belong to a task.
    pub(crate) fn by_session(session: &'a Params, secrets: &'a [String]) -> Self {
        Supply {
            own: None,
            session,
            secrets,
        }
    }

    /// Returns the plain values that a function can't take; `what` names the owner of the parameters.
    pub(crate) fn misfits(&self, what: &str, specs: &[ParamSpec]) -> Vec<Problem> {
        specs
            .iter()
            .flat_map(|spec| {
                let own = self.misfit(spec).map(|misfit| problem(what, spec, misfit));
                let inner = spec.source().map(|source| self.in_functions(what, source));
                own.into_iter().chain(inner.into_iter().flatten())
            })
            .collect()
    }

    /// Returns the plain values that the functions behind these parameters can't take; `whose` names the owner of the
    /// parameters.
    pub(crate) fn misfits_behind(&self, whose: &str, params: &Params) -> Vec<Problem> {
        let behind = |(key, entry): (&str, &Entry)| {
            let what = format!("{whose} `{key}`");
            self.in_functions(&what, entry.as_argument())
        };
        params.iter().flat_map(behind).collect()
    }

    fn in_functions(&self, what: &str, argument: &dyn Argument) -> Vec<Problem> {
        let origins = argument.origins();
        let functions = origins.into_iter().filter_map(|origin| match origin {
            Origin::Function(specs) => Some(specs),
            Origin::Value(_) | Origin::Param(_) | Origin::CommandLine(_) => None,
        });
        functions.flat_map(|specs| self.misfits(what, specs)).collect()
    }

    /// Returns the first plain value that does not fit a parameter.
    fn misfit(&self, spec: &ParamSpec) -> Option<Misfit> {
        let mut path = Vec::new();
        if let Some(entry) = self.own.and_then(|own| own.get(&spec.name)) {
            return self.in_entry(spec, entry, &mut path);
        }
        if let Some(source) = spec.source() {
            return self.among(spec, source, None, &mut path);
        }
        if spec.brings_itself() {
            return None;
        }
        self.of_session(spec, &spec.name, &mut path)
    }

    fn misfit_of(&self, spec: &ParamSpec, value: &Value) -> Option<Mismatch> {
        if self.secrets.iter().any(|secret| *secret == spec.name) {
            return spec.misfit(&value.clone().into_secret());
        }
        spec.misfit(value)
    }

    fn of_session<'p>(&'p self, spec: &ParamSpec, key: &'p str, path: &mut Vec<&'p str>) -> Option<Misfit> {
        // Cycles are reported elsewhere.
        if path.contains(&key) {
            return None;
        }
        path.push(key);
        self.in_entry(spec, self.session.get(key)?, path)
    }

    fn in_entry<'p>(&'p self, spec: &ParamSpec, entry: &'p Entry, path: &mut Vec<&'p str>) -> Option<Misfit> {
        let (mismatch, place) = self.among(spec, entry.as_argument(), entry.location(), path)?;
        Some(if entry.is_secret() {
            (mismatch.of_secret(), place)
        } else {
            (mismatch, place)
        })
    }

    fn among<'p>(
        &'p self,
        spec: &ParamSpec,
        argument: &'p dyn Argument,
        place: Option<Location>,
        path: &mut Vec<&'p str>,
    ) -> Option<Misfit> {
        argument.origins().into_iter().find_map(|origin| match origin {
            Origin::Value(value) => Some((self.misfit_of(spec, value)?, place)),
            Origin::Param(key) => self.of_session(spec, key, path),
            Origin::Function(_) | Origin::CommandLine(_) => None,
        })
    }
}

fn problem(what: &str, spec: &ParamSpec, (mismatch, place): Misfit) -> Problem {
    let declared = place.map_or_else(String::new, |place| {
        format!("\n  the value is declared at {place}")
    });
    Problem {
        message: format!("parameter `{}` of {what}: {mismatch}{declared}", spec.name),
        location: Some(spec.location),
    }
}
