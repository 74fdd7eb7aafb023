//! The lints of one task.

use std::time::Duration;

use rocketry_syntax::Lint;
use rocketry_syntax::ast::{CondExpr, Delta, PeriodExpr};

use super::finding::{Finding, Severity};
use super::tasks::{Checked, Start};
use crate::cond::{Custom, unlabelled};
use crate::error::Result;
use crate::preview::{Isolated, preview_with};
use crate::session::Session;
use crate::simulate::median_length;
use crate::task::{FirstRun, Overlap};
use crate::time::Timestamp;

/// The minimum number of runs that show how long a task usually takes.
const FEW_RUNS: u64 = 5;

/// The number of starts of a cron expression to compare.
const STARTS: usize = 60;

/// The findings about a single task.
///
/// # Errors
///
/// Returns an error if the run log can't be read.
pub(super) fn findings(session: &Session, task: &Checked) -> Result<Vec<Finding>> {
    let mut findings: Vec<Finding> = of_end(task);
    let Some(start) = task.start.as_deref() else {
        return Ok(findings);
    };
    findings.extend(start.findings.iter().map(|finding| task.own(finding.clone())));
    findings.extend(never_again(task, start));
    findings.extend(interval_too_short(session, task, start)?);
    findings.extend(timeout_over_interval(session, task, start));
    findings.extend(grace_over_period(task, start, session.now()));
    Ok(findings)
}

/// The findings about the end condition.
fn of_end(task: &Checked) -> Vec<Finding> {
    let Some(end) = &task.spec.rare.end else {
        return Vec::new();
    };
    let expr = unlabelled(end.condition.expr().into_owned());
    let remarks = expr.remarks().into_iter();
    let concerns_ends = |lint| lint != Lint::OnceAWindow;
    remarks
        .filter(|remark| concerns_ends(remark.lint))
        .map(|remark| task.own(Finding::of_remark(remark, &expr.to_string())))
        .collect()
}

/// A start condition whose last start has passed, of a task that has never run.
fn never_again(task: &Checked, start: &Start) -> Option<Finding> {
    let why = start.outlook.never.as_ref()?;
    let is_known = start
        .findings
        .iter()
        .any(|finding| finding.lint == Lint::NeverTrue);
    let is_constant = matches!(start.expr, CondExpr::Constant(_));
    if is_known || is_constant || task.runs > 0 {
        return None;
    }
    let help = "if its time has passed, remove the task; otherwise correct the date";
    let finding = Finding {
        severity: Severity::Warning,
        ..Finding::new(Lint::NeverTrue, why.clone(), help)
    };
    Some(task.own_start(finding, None))
}

/// An interval that is shorter than the task usually takes.
fn interval_too_short(session: &Session, task: &Checked, start: &Start) -> Result<Option<Finding>> {
    let Some(interval) = start.outlook.interval().filter(|_| task.runs >= FEW_RUNS) else {
        return Ok(None);
    };
    let spec = &task.spec;
    let Some(length) = median_length(session, &spec.name)? else {
        return Ok(None);
    };
    if length <= interval.saturating_mul(spec.max_running) {
        return Ok(None);
    }
    let consequence = match spec.overlap {
        Overlap::Skip => "starts that fall into a run are skipped",
        Overlap::Queue => "starts queue up and are ever later",
        Overlap::Replace => "each start terminates the run before it",
    };
    let (length, interval) = (rounded(length), Delta::from(interval));
    let message = format!(
        "the task starts every {interval}, but its runs take {length} in the median of the run log: {consequence}"
    );
    let help = format!(
        "let it start less often than every {length}, make it faster, or let several runs overlap with `max_running`"
    );
    let finding = Finding::new(Lint::IntervalTooShort, message, help);
    Ok(Some(task.own_start(finding, None)))
}

/// A timeout of the task itself that is longer than its interval, if starts are skipped while the task runs.
fn timeout_over_interval(session: &Session, task: &Checked, start: &Start) -> Option<Finding> {
    let spec = &task.spec;
    let is_own = spec.timeout != session.0.compiler.default_timeout() && spec.timeout != Delta(u64::MAX);
    if !is_own || spec.overlap != Overlap::Skip || spec.max_running > 1 {
        return None;
    }
    let interval = Delta::from(start.outlook.interval()?);
    if spec.timeout <= interval {
        return None;
    }
    let timeout = spec.timeout;
    let message = format!(
        "the timeout of {timeout} is longer than the {interval} between two starts: a run that hangs has later starts skipped \
         until it is terminated"
    );
    let help = format!(
        "set a timeout of at most {interval}, or choose with `overlap` what becomes of starts during a run"
    );
    Some(task.own_start(Finding::new(Lint::TimeoutOverInterval, message, help), None))
}

/// A cron expression whose grace lasts until after the next start.
fn grace_over_period(task: &Checked, start: &Start, now: Timestamp) -> Option<Finding> {
    let mut found = None;
    start.expr.for_each_leaf(&mut |leaf| {
        if found.is_none() {
            found = grace_of(task, leaf, now);
        }
    });
    found
}

fn grace_of(task: &Checked, leaf: &CondExpr<Custom>, now: Timestamp) -> Option<Finding> {
    let CondExpr::Once(once) = leaf else { return None };
    let (cron, grace) = match &once.period {
        PeriodExpr::Cron(cron) => (cron, cron.grace()?),
        PeriodExpr::Zoned(zoned) => match &zoned.period {
            PeriodExpr::Cron(cron) => (cron, cron.grace()?),
            _ => return None,
        },
        _ => return None,
    };
    let plain = PeriodExpr::Cron(cron.clone().without_grace());
    let mut once = once.clone();
    once.period = plain;
    let condition = CondExpr::Once(once).into();
    let preview = preview_with(
        condition,
        Isolated::outside(),
        task.spec.zone,
        now,
        FirstRun::Wait,
    )
    .ok()?;
    let starts: Vec<Timestamp> = preview.take(STARTS).map(|start| start.at).collect();
    let shortest = starts.windows(2).map(|pair| pair[1].since(pair[0])).min()?;
    if grace <= Delta::from(shortest) {
        return None;
    }
    let shortest = Delta::from(shortest);
    let message = format!(
        "the grace of {grace} is longer than the {shortest} between two starts: a missed start is made up for until the next \
         one at most"
    );
    let help = format!("write a grace of at most {shortest}");
    let finding = Finding::new(Lint::GraceOverPeriod, message, help);
    Some(task.own_start(finding, Some(leaf.to_string())))
}

/// A rounded duration, as a person would say it: without units below a hundredth of it.
fn rounded(length: Duration) -> Delta {
    let micros = Delta::from(length).0;
    let unit = [1_000_000, 100_000, 1_000, 1]
        .into_iter()
        .find(|unit| micros >= unit * 100)
        .unwrap_or(1);
    Delta((micros / unit).max(1) * unit)
}
