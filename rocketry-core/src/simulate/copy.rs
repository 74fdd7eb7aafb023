//! Copies an app to simulate it, with fixed results for its custom conditions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rocketry_syntax::ast::CondExpr;

use crate::cond::foreseen::replace;
use crate::cond::{CondCall, Condition, Custom, Plan, Resolve};
use crate::drops::Lent;
use crate::engine::spec::{Spec, Statement};
use crate::engine::state::{Phase, State};
use crate::error::{Error, Kind, Result, did_you_mean};
use crate::param::{Entry, Params};
use crate::session::Session;
use crate::task_id::TaskId;
use crate::time::{Dates, Timestamp};

type Expr = CondExpr<Custom>;

/// Copies an app. Returns the copy, the instant at which it begins, and the custom conditions that are
/// assumed to be true.
pub(super) fn copy(
    session: &Session,
    from: Timestamp,
    answers: &BTreeMap<String, bool>,
) -> Result<(State, Timestamp, Vec<String>)> {
    let (statements, mut asked) = answered(session, answers)?;
    if let Some(unknown) = answers.keys().find(|text| !asked.contains(*text)) {
        let near = did_you_mean(unknown, asked.iter().map(String::as_str));
        let message = format!("no statement of the app has the custom condition `{unknown}`{near}");
        return Err(Error::new(Kind::NotFound, message));
    }
    asked.retain(|text| !answers.contains_key(text));
    let state = session.state();
    let begin = match state.phase {
        Phase::Standby | Phase::Starting => from,
        _ => from.min(session.now()),
    };
    let mut copy = state.copy(|spec| edit(spec, &statements, begin), begin);
    drop(state);
    for entry in copy.tasks.iter_mut() {
        // Later actions of the app have not happened yet.
        if let Some(runs) = entry.runs.get_mut() {
            runs.history.follow_step(0, begin);
        }
    }
    Ok((copy, begin, asked.into_iter().collect()))
}

/// Statements with custom conditions, each with its replacement.
type Replaced = Vec<(Arc<Statement>, Arc<Statement>)>;

fn edit(spec: &mut Spec, statements: &Replaced, begin: Timestamp) {
    let replace = |statement: &mut Arc<Statement>| {
        if let Some((_, answered)) = statements.iter().find(|(old, _)| Arc::ptr_eq(old, statement)) {
            *statement = answered.clone();
        }
    };
    spec.start.as_mut().map(replace);
    if spec.rare.end.is_some() {
        spec.rare.end.as_mut().map(replace);
    }
    if spec.rare.waits_since.is_some_and(|since| since > begin) {
        spec.rare.waits_since = Some(begin);
    }
}

/// Recompiles the statements that have custom conditions, with fixed results in their place. Also returns the
/// texts of the conditions.
fn answered(session: &Session, answers: &BTreeMap<String, bool>) -> Result<(Replaced, BTreeSet<String>)> {
    let names = Names {
        session,
        params: session.lent_params(),
    };
    let mut asked = BTreeSet::new();
    let mut replaced = Replaced::new();
    for statement in with_custom_conditions(session) {
        let calls = statement.plan.customs().iter();
        asked.extend(calls.map(ToString::to_string));
        let constant = |part: &Expr| {
            let text = names.is_asked(part).then(|| part.to_string())?;
            Some(CondExpr::Constant(answers.get(&text).copied().unwrap_or(true)))
        };
        let condition = Condition::from(replace(&statement.condition.expr(), &constant));
        let plan = Plan::compile(&condition.expr(), &names);
        let plan = plan.map_err(|problems| Error::build(Kind::Build, problems))?;
        replaced.push((statement, Arc::new(Statement { condition, plan })));
    }
    Ok((replaced, asked))
}

fn with_custom_conditions(session: &Session) -> Vec<Arc<Statement>> {
    let state = session.state();
    let mut found: Vec<Arc<Statement>> = Vec::new();
    for entry in state.tasks.iter() {
        for statement in [&entry.spec.start, &entry.spec.rare.end].into_iter().flatten() {
            let is_new = found.iter().all(|known| !Arc::ptr_eq(known, statement));
            if !statement.plan.customs().is_empty() && is_new {
                found.push(statement.clone());
            }
        }
    }
    found
}

/// The names of an app, for statements without custom conditions.
struct Names<'a> {
    session: &'a Session,
    params: Lent<Params>,
}

impl Names<'_> {
    /// Returns true if a part of a statement is a custom condition, or a parameter that is provided by a
    /// function.
    fn is_asked(&self, part: &Expr) -> bool {
        match part {
            CondExpr::Custom(_) => true,
            CondExpr::ParamIs { name, .. } => self.is_made(name),
            CondExpr::Env(_) => self.is_made("env"),
            _ => false,
        }
    }
}

impl Resolve for Names<'_> {
    fn task(&self, name: &str) -> Result<TaskId, String> {
        self.session.state().find(name)
    }

    fn phrase(&self, phrase: &str) -> Result<Arc<CondCall>, String> {
        Ok(Arc::new(CondCall::unforeseen(phrase.to_owned())))
    }

    fn calendar(&self, name: &str) -> Result<Dates, String> {
        let calendar = self.session.0.compiler.calendars().get(name).cloned();
        calendar.ok_or_else(|| format!("there is no calendar '{name}'"))
    }

    fn is_made(&self, param: &str) -> bool {
        self.params.get(param).is_some_and(Entry::is_made)
    }
}
