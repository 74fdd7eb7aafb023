//! Parsed code.

use std::path::{Path, PathBuf};

use rhai::{AST, CallFnOptions, Dynamic, Engine, EvalAltResult, ParseErrorType, Scope};

use super::engine::{CodeLimits, reader, runner};
use super::json::Variable;
use super::{json, mistake};
use crate::error::{Location, Result, did_you_mean};
use crate::param::{Context, Param, ParamSpec, TerminationFlag};
use crate::task::Outcome;
use crate::task::work::guarded;

/// The variable that code can set to define its result.
const RESULT: &str = "return_value";

/// Parsed code with its parameters.
pub(super) struct Program {
    ast: AST,
    /// The file of the code, if there is one.
    file: Option<PathBuf>,
    function: Option<Function>,
    /// The variables that the code uses but does not define.
    variables: Vec<Param<Dynamic>>,
}

/// The function to call.
struct Function {
    name: String,
    params: Vec<Param<Dynamic>>,
}

/// The values of the parameters for a run.
pub(super) struct Values {
    variables: Vec<(String, Dynamic)>,
    arguments: Vec<Dynamic>,
}

impl Program {
    /// Parses code from a text.
    ///
    /// # Errors
    ///
    /// Returns a message with the error and its position.
    pub(super) fn of(source: &str, location: Location) -> Result<Self, String> {
        Self::compile(source, None, location)
    }

    /// Reads code from a file and finds a function in it.
    ///
    /// # Errors
    ///
    /// Returns a message with the error in the file or its code, and the position.
    pub(super) fn read(path: &Path, function: Option<&str>, location: Location) -> Result<Self, String> {
        let source = std::fs::read_to_string(path).map_err(|cause| unread(path, &cause))?;
        let mut program = Self::compile(&source, Some(path), location)?;
        if let Some(name) = function {
            let found = Function::find(&program.ast, name, location);
            program.function = Some(found.map_err(|mistake| format!("{}: {mistake}", path.display()))?);
        }
        Ok(program)
    }

    /// Parses code. Variables that the code uses but does not define are its parameters; the engine reports them one
    /// by one.
    fn compile(source: &str, file: Option<&Path>, location: Location) -> Result<Self, String> {
        let engine = reader();
        let mut known = Scope::new();
        known.push(RESULT, ());
        let mut variables = Vec::new();
        let ast = loop {
            match engine.compile_with_scope(&known, source) {
                Ok(ast) => break ast,
                Err(error) => match error.err_type() {
                    ParseErrorType::VariableUndefined(name) if !known.contains(name) => {
                        known.push(name.clone(), ());
                        variables.push(Param::named::<Variable>(name.clone(), location));
                    }
                    _ => return Err(mistake::unreadable(file, &error)),
                },
            }
        };
        Ok(Program {
            ast,
            file: file.map(Path::to_owned),
            function: None,
            variables,
        })
    }

    pub(super) fn specs(&self) -> Vec<ParamSpec> {
        let arguments = self.function.iter().flat_map(|function| &function.params);
        let params = self.variables.iter().chain(arguments);
        params.map(|param| param.spec().clone()).collect()
    }

    /// Resolves the values for a run.
    ///
    /// # Errors
    ///
    /// Returns an error that names the first parameter that is not available or that a script can't represent.
    pub(super) fn resolve(&self, context: &Context<'_>) -> Result<Values> {
        let named = |param: &Param<Dynamic>| Ok((param.spec().name.to_string(), param.resolve(context)?));
        let arguments = self.function.iter().flat_map(|function| &function.params);
        Ok(Values {
            variables: self.variables.iter().map(named).collect::<Result<_>>()?,
            arguments: arguments
                .map(|param| param.resolve(context))
                .collect::<Result<_>>()?,
        })
    }

    /// Runs the code until it ends or the flag is set.
    pub(super) fn run(&self, values: Values, flag: TerminationFlag, limits: CodeLimits) -> Outcome {
        let engine = runner(flag, limits);
        guarded(|| match self.evaluate(&engine, values) {
            Ok(value) => json::result(value).map_or_else(|why| Outcome::Fail(why.into()), Outcome::Success),
            Err(error) => mistake::outcome(self.file.as_deref(), *error),
        })
    }

    fn evaluate(&self, engine: &Engine, values: Values) -> Result<Dynamic, Box<EvalAltResult>> {
        let mut scope = Scope::new();
        scope.push(RESULT, ());
        for (name, value) in values.variables {
            scope.push_dynamic(name, value);
        }
        if let Some(Function { name, .. }) = &self.function {
            let options = CallFnOptions::new().eval_ast(true);
            return engine.call_fn_with_options(options, &mut scope, &self.ast, name, values.arguments);
        }
        let last = engine.eval_ast_with_scope(&mut scope, &self.ast)?;
        let set = scope.get_value::<Dynamic>(RESULT);
        Ok(set.filter(|value| !value.is_unit()).unwrap_or(last))
    }
}

impl Function {
    fn find(ast: &AST, name: &str, location: Location) -> Result<Self, String> {
        let mut found = ast.iter_functions().filter(|function| function.name == name);
        let Some(function) = found.next() else {
            let near = did_you_mean(name, ast.iter_functions().map(|function| function.name));
            return Err(format!("there is no function `{name}`{near}"));
        };
        if found.next().is_some() {
            return Err(format!(
                "there is more than one function `{name}`: which is meant?"
            ));
        }
        let param = |name: &&str| Param::named::<Variable>((*name).to_owned(), location);
        Ok(Function {
            name: name.to_owned(),
            params: function.params.iter().map(param).collect(),
        })
    }
}

/// Returns the message for a file that can't be read, with the full path.
fn unread(path: &Path, cause: &std::io::Error) -> String {
    let place = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    format!("`{}` can't be read: {cause}", place.display())
}
