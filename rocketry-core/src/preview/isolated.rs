//! Compiles the statement of a task in isolation: other tasks can't be predicted.

use std::collections::BTreeMap;
use std::sync::Arc;

use rocketry_syntax::ast::CondExpr;

use crate::cond::foreseen::{replace, tasks_of, unforeseen};
use crate::cond::{CondCall, Condition, Custom, Plan, Resolve};
use crate::drops::Lent;
use crate::engine::spec::Statement;
use crate::engine::state_copy::ALONE;
use crate::error::{Error, Kind, Problem, Result};
use crate::param::{Entry, Params};
use crate::task_id::TaskId;
use crate::time::Dates;

type Expr = CondExpr<Custom>;

/// What the statement of an isolated task may refer to.
pub(crate) struct Isolated {
    /// The names with which the statement may refer to its own task.
    own_names: Vec<String>,
    /// The parameters of the session, if they are known.
    params: Option<Lent<Params>>,
    calendars: BTreeMap<String, Dates>,
}

impl Isolated {
    /// A statement outside of an app.
    pub(crate) fn outside() -> Self {
        Isolated {
            own_names: Vec::new(),
            params: None,
            calendars: BTreeMap::new(),
        }
    }

    /// A statement of a task of an app.
    pub(crate) fn in_app(
        own_names: Vec<String>,
        params: Lent<Params>,
        calendars: BTreeMap<String, Dates>,
    ) -> Self {
        Isolated {
            own_names,
            params: Some(params),
            calendars,
        }
    }

    /// Compiles a condition.
    ///
    /// # Errors
    ///
    /// Returns all mistakes of the condition.
    pub(crate) fn statement(&self, condition: &Condition) -> Result<Arc<Statement>> {
        let plan = self.plan(&condition.expr());
        let plan = plan.map_err(|problems| Error::build(Kind::Build, problems))?;
        let condition = condition.clone();
        Ok(Arc::new(Statement { condition, plan }))
    }

    /// Compiles a part of a condition.
    pub(super) fn plan(&self, expr: &Expr) -> Result<Plan, Vec<Problem>> {
        Plan::compile(&replace(expr, &|part| self.instead_of(part)), self)
    }

    /// A placeholder for a part of a condition that can't be predicted.
    fn instead_of(&self, part: &Expr) -> Option<Expr> {
        let can_be_foreseen = match part {
            CondExpr::Custom(Custom::Invalid(_)) => true,
            CondExpr::Custom(_) | CondExpr::SchedulerCycles(_) => false,
            CondExpr::Env(_) | CondExpr::ParamExists(_) | CondExpr::ParamIs { .. } => self.params.is_some(),
            part => tasks_of(part).iter().all(|task| self.is_own(task)),
        };
        (!can_be_foreseen).then(|| unforeseen(part))
    }

    fn is_own(&self, task: &str) -> bool {
        self.own_names.iter().any(|own| own == task)
    }
}

impl Resolve for Isolated {
    fn task(&self, _: &str) -> Result<TaskId, String> {
        Ok(ALONE)
    }

    fn phrase(&self, phrase: &str) -> Result<Arc<CondCall>, String> {
        Ok(Arc::new(CondCall::unforeseen(phrase.to_owned())))
    }

    fn calendar(&self, name: &str) -> Result<Dates, String> {
        let calendar = self.calendars.get(name).cloned();
        calendar.ok_or_else(|| {
            format!("there is no calendar '{name}': only an app has calendars; preview the task in its app")
        })
    }

    fn is_made(&self, param: &str) -> bool {
        let params = self.params.as_ref();
        params
            .and_then(|params| params.get(param))
            .is_some_and(Entry::is_made)
    }
}
