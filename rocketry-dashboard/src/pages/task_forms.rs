//! The actions on a task: a form for each action that the visitor may use.

use maud::{Markup, html};
use rocketry_api::LONGEST_STATEMENT;
use rocketry_core::{Execution, Task, TaskInfo};

use super::form::fields;
use crate::view::Place;

/// Where runs can execute.
const EXECUTIONS: [Execution; 4] = [
    Execution::Main,
    Execution::Async,
    Execution::Thread,
    Execution::Process,
];

/// The forms of a task. `may` returns whether the visitor may use an action.
pub(super) fn actions(place: &Place, task: &Task, info: &TaskInfo, may: &dyn Fn(&str) -> bool) -> Markup {
    let page = place.task(&info.name);
    let forms = Forms { page, info, may };
    html! {
        section.actions aria-label="Actions" {
            @if may("run") {
                form method="post" action=(forms.to("run")) data-confirm=(format!("Run `{}` now?", info.name)) { (fields(task)) button { "Run now" } }
            }
            @if !info.running.is_empty() { (forms.button("terminate", "Terminate", "Terminate the runs of", "risky")) }
            @if info.paused { (forms.button("resume", "Resume", "Resume", "plain")) }
            @if !info.paused { (forms.button("pause", "Pause", "Pause", "plain")) }
            @if !info.skips_next && info.start.is_some() { (forms.button("skip-next", "Skip the next start", "Skip the next start of", "plain")) }
            @if info.disabled { (forms.button("enable", "Enable", "Enable", "plain")) }
            @if !info.disabled { (forms.button("disable", "Disable", "Disable", "risky")) }
            @if info.backfill.is_some() { (forms.button("cancel-backfill", "Cancel the backfill", "Cancel the backfill of", "risky")) }
            @if info.catching_up > 0 { (forms.button("cancel-catch-up", "Cancel the catch-up", "Make none of the missed starts that are left of", "risky")) }
        }
        (forms.changes())
    }
}

/// The state that the forms of a task share.
struct Forms<'a> {
    page: String,
    info: &'a TaskInfo,
    may: &'a dyn Fn(&str) -> bool,
}

impl Forms<'_> {
    fn to(&self, action: &str) -> String {
        format!("{}/{action}", self.page)
    }

    /// A form without fields.
    fn button(&self, action: &str, text: &str, question: &str, class: &str) -> Markup {
        html! {
            @if (self.may)(action) {
                form method="post" action=(self.to(action)) data-confirm=(format!("{question} `{}`?", self.info.name)) {
                    button class=(class) { (text) }
                }
            }
        }
    }

    /// Forms that change the task, or make up for missed runs. They are folded.
    fn changes(&self) -> Markup {
        let names = [
            "set-start",
            "set-end",
            "set-priority",
            "set-timeout",
            "set-max-running",
            "set-execution",
            "pause",
            "backfill",
            "reset",
            "delete",
        ];
        let info = self.info;
        html! {
            @if names.iter().any(|action| (self.may)(action)) {
                details.changes {
                    summary { "Change or backfill it" }
                    (self.statement("set-start", "Starts", info.start.as_deref().unwrap_or_default()))
                    (self.statement("set-end", "Ends", info.end.as_deref().unwrap_or_default()))
                    @if (self.may)("set-priority") { (self.form("set-priority", "Set the priority", html! {
                        label.field { "Priority" input type="number" name="priority" min="-1000000" max="1000000" value=(info.priority) required; }
                    })) }
                    (self.limits())
                    @if (self.may)("pause") { (self.form("pause", "Pause until then", html! {
                        label.field { "Pause until" input type="text" name="until" required placeholder="2h, 18:00 or 2026-12-31" autocomplete="off"; }
                    })) }
                    @if info.backfill.is_none() && (self.may)("backfill") { (self.form("backfill", "Backfill", html! {
                        label.field { "Make up from" input type="text" name="from" required placeholder="7d or 2026-01-31" autocomplete="off"; }
                        label.field { "to" input type="text" name="to" placeholder="now" autocomplete="off"; }
                        label.check { input type="checkbox" name="missed" value="yes"; "only what was missed" }
                    })) }
                    (self.button("reset", "Back to what the code says", "Undo all changes to", "plain"))
                    (self.button("delete", "Delete until the app restarts", "Delete", "risky"))
                }
            }
        }
    }

    /// Forms for the timeout, the maximum number of runs and the execution.
    fn limits(&self) -> Markup {
        let info = self.info;
        html! {
            @if (self.may)("set-timeout") { (self.form("set-timeout", "Set the timeout", html! {
                label.field { "Times out after" input type="text" name="timeout" value=(info.timeout.as_deref().unwrap_or("never")) required placeholder="10 minutes or never" autocomplete="off"; }
            })) }
            @if (self.may)("set-max-running") { (self.form("set-max-running", "Set the limit", html! {
                label.field { "Runs at a time" input type="number" name="count" min="1" max="1000000" value=[info.max_running] required; }
            })) }
            @if (self.may)("set-execution") { (self.form("set-execution", "Set the execution", html! {
                label.field { "Runs as" select name="execution" {
                    @for execution in EXECUTIONS { option value=(execution) selected[execution == info.execution] { (execution) } }
                } }
            })) }
        }
    }

    fn statement(&self, action: &str, label: &str, now: &str) -> Markup {
        html! {
            @if (self.may)(action) { (self.form(action, "Set the statement", html! {
                label.field.wide { (label) input type="text" name="statement" value=(now) maxlength=(LONGEST_STATEMENT) required spellcheck="false" autocomplete="off"; }
            })) }
        }
    }

    fn form(&self, action: &str, text: &str, fields: Markup) -> Markup {
        html! {
            form method="post" action=(self.to(action)) data-confirm=(format!("{text} of `{}`?", self.info.name)) {
                (fields) button.plain { (text) }
            }
        }
    }
}
