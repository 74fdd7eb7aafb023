//! The tasks of an app, as the lints see them.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use rocketry_syntax::Lints;
use rocketry_syntax::ast::CondExpr;

use super::finding::{Finding, Place};
use super::outlook::Outlook;
use super::statement;
use crate::cond::{Custom, unlabelled};
use crate::drops::Lent;
use crate::engine::spec::{Spec, Statement};
use crate::log::Action;
use crate::preview::Isolated;
use crate::session::Session;
use crate::task_id::TaskId;
use crate::time::{Timestamp, Zone};

/// The maximum number of starts to search in total, for any number of statements.
const STARTS: usize = 200_000;

/// A task.
pub(super) struct Checked {
    pub(super) id: TaskId,
    pub(super) spec: Lent<Arc<Spec>>,
    pub(super) place: Option<Place>,
    /// The module in which it is declared, as far as that is known.
    pub(super) module: Option<&'static str>,
    pub(super) disabled: bool,
    /// The number of its runs so far.
    pub(super) runs: u64,
    /// Its start condition, if it has one.
    pub(super) start: Option<Rc<Start>>,
}

/// A start condition in a time zone. Tasks with equal ones share it.
pub(super) struct Start {
    pub(super) expr: CondExpr<Custom>,
    pub(super) text: String,
    /// The findings about the condition itself.
    pub(super) findings: Vec<Finding>,
    pub(super) outlook: Outlook,
}

impl Checked {
    /// The lints that are silenced for the task.
    pub(super) fn allowed(&self) -> Lints {
        self.spec.rare.allowed
    }

    /// A finding as one of this task.
    pub(super) fn own(&self, finding: Finding) -> Finding {
        Finding {
            task: Some(self.spec.name.clone()),
            place: self.place.clone(),
            ..finding
        }
    }

    /// A finding about its start condition.
    pub(super) fn own_start(&self, finding: Finding, part: Option<String>) -> Finding {
        let finding = match &self.start {
            Some(start) => finding.about(&start.text, part),
            None => finding,
        };
        self.own(finding)
    }
}

/// The tasks of an app, in the order of their declaration.
pub(super) fn tasks(session: &Session) -> Vec<Checked> {
    let mut tasks = known(session);
    let specs: Vec<Arc<Spec>> = tasks.iter().map(|task| Arc::clone(&task.spec)).collect();
    let mut starts = Starts::new(session, &specs);
    for (task, spec) in tasks.iter_mut().zip(&specs) {
        task.start = spec.start.as_ref().map(|start| starts.of(start, spec.zone));
    }
    tasks
}

/// The tasks without the parts that have to be computed.
fn known(session: &Session) -> Vec<Checked> {
    let state = session.state();
    let ids = state.ids().filter(|id| !state.task(*id).deleted);
    let tasks = ids.map(|id| {
        let entry = state.task(id);
        let place = session.0.compiler.place(entry.spec.place);
        Checked {
            id,
            spec: Lent::new(entry.spec.clone()),
            place: place.map(Place::from),
            module: place.map(|place| place.module),
            disabled: entry.disabled,
            runs: entry.runs.history.total(Action::Run),
            start: None,
        }
    });
    tasks.collect()
}

/// The start conditions that were already checked.
struct Starts<'a> {
    session: &'a Session,
    from: Timestamp,
    /// The maximum number of starts to search for each condition.
    most: usize,
    known: HashMap<(*const Statement, Zone), Rc<Start>>,
}

impl<'a> Starts<'a> {
    fn new(session: &'a Session, specs: &[Arc<Spec>]) -> Self {
        Starts {
            session,
            from: session.now(),
            most: (STARTS / specs.len().max(1)).max(2),
            known: HashMap::new(),
        }
    }

    fn of(&mut self, start: &Arc<Statement>, zone: Zone) -> Rc<Start> {
        let key = (Arc::as_ptr(start), zone);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let made = Rc::new(self.make(start, zone));
        self.known.insert(key, made.clone());
        made
    }

    fn make(&self, start: &Statement, zone: Zone) -> Start {
        let expr = unlabelled(start.condition.expr().into_owned());
        let lone = || {
            let calendars = self.session.0.compiler.calendars().clone();
            Isolated::in_app(Vec::new(), self.session.lent_params(), calendars)
        };
        Start {
            text: expr.to_string(),
            findings: statement::of_start(&expr, &lone, zone, self.from),
            outlook: Outlook::of(&expr, lone(), zone, self.from, self.most),
            expr,
        }
    }
}
