//! Holds explanations against what the scheduler does: at each instant of the grid, what was said of it before against what then
//! happens.

use proptest::prelude::*;
use rocketry_core::explain::{Explanation, Join, Node};
use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Query, Record, Task};

use crate::apps::Case;
use crate::driven::{app, happen};

/// How many steps of a case are looked at.
const MOST_STEPS: u32 = 40;

/// Runs a case step by step, and compares.
pub(crate) fn agree(case: &Case) -> Result<(), TestCaseError> {
    let frame = case.frame;
    let mut app = TestApp::start(app(case), frame.start).expect("the app can be built");
    let mut events = case.events.iter().peekable();
    for step in 0..frame.steps.min(MOST_STEPS) {
        while let Some((_, event)) = events.next_if(|(at, _)| *at <= step) {
            happen(&mut app, frame, *event);
        }
        let next = frame.at(step + 1);
        if app.now() >= next {
            // The clock has jumped.
            continue;
        }
        // One task at each instant, in turn.
        let mut tasks = app.session().tasks();
        let turn = step as usize % tasks.len();
        let tasks = [tasks.swap_remove(turn)];
        let said: Vec<Said> = tasks.iter().map(|task| Said::of(task, next)).collect();
        let of_step = Query::new().created(app.now()..);
        let already = app.records(&of_step).len();
        app.run_until(next);
        let happened = app.records(&of_step).split_off(already);
        for (task, said) in tasks.iter().zip(&said) {
            said.check(task, &happened)?;
        }
    }
    Ok(())
}

/// The explanations of a task: for the present, and for the next instant.
struct Said {
    now: Explanation,
    next: Explanation,
}

impl Said {
    fn of(task: &Task, next: rocketry_core::Timestamp) -> Self {
        Said {
            now: task.explain(),
            next: task.explain_at(next).expect("the future needs no log"),
        }
    }

    /// Returns whether a record may have changed the explanations of the task.
    fn is_disturbed_by(&self, record: &Record) -> bool {
        let mentions = |node: &Option<Node>| {
            node.as_ref()
                .is_some_and(|node| node.text.contains(&*record.task))
        };
        *record.task == *self.now.task || mentions(&self.now.start) || mentions(&self.now.end)
    }

    fn check(&self, task: &Task, happened: &[Record]) -> Result<(), TestCaseError> {
        self.is_consistent()?;
        let is_start = |record: &&Record| *record.task == *self.now.task && record.action == Action::Run;
        let start = happened.iter().position(|record| is_start(&record));
        let before = &happened[..start.unwrap_or(happened.len())];
        if before.iter().any(|record| self.is_disturbed_by(record)) {
            return Ok(());
        }
        let next = &self.next;
        match start {
            Some(place) if happened[place].created == next.at => {
                prop_assert!(next.starts != Some(false), "it starts, but\n{next}");
            }
            Some(_) => {}
            None => {
                prop_assert!(next.starts != Some(true), "it does not start, but\n{next}");
                if next.skips {
                    // It counts as a start, without a record.
                    return Ok(());
                }
                let later = task.explain();
                for (now, later) in [(&self.now.start, &later.start), (&self.now.end, &later.end)] {
                    if let (Some(now), Some(later)) = (now, later) {
                        flips_as_said(now, later, next.at)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// A run starts if and only if it is due and nothing holds it back. The app has come to rest, so none starts at present.
    fn is_consistent(&self) -> Result<(), TestCaseError> {
        prop_assert!(self.now.starts != Some(true), "at rest, but\n{}", self.now);
        for said in [&self.now, &self.next] {
            if let (Some(starts), Some(due)) = (said.starts, said.due) {
                let expected = due && said.holds.is_empty() && !said.skips;
                prop_assert_eq!(starts, expected, "{}", said);
            }
            for node in [&said.start, &said.end].into_iter().flatten() {
                joins_its_members(node)?;
            }
        }
        Ok(())
    }
}

/// Checks that the state of a joined part follows from its members.
fn joins_its_members(node: &Node) -> Result<(), TestCaseError> {
    let truths: Vec<Option<bool>> = node.members.iter().map(|member| member.truth).collect();
    let decisive = match node.join {
        Join::Leaf => return Ok(()),
        Join::Not => {
            prop_assert_eq!(node.truth, truths[0].map(|truth| !truth));
            return joins_its_members(&node.members[0]);
        }
        Join::All => false,
        Join::Any => true,
    };
    let expected = if truths.contains(&Some(decisive)) {
        Some(decisive)
    } else if truths.contains(&None) {
        None
    } else {
        Some(!decisive)
    };
    prop_assert_eq!(node.truth, expected, "{:?}", node);
    node.members.iter().try_for_each(joins_its_members)
}

/// Nothing has happened until an instant: a part has changed then if and only if that was said. The answers of conditions are
/// nothing that time alone changes.
fn flips_as_said(now: &Node, later: &Node, at: rocketry_core::Timestamp) -> Result<(), TestCaseError> {
    if now.text.contains("it is ") {
        return Ok(());
    }
    let flips = now.flips_at.is_some_and(|flips| flips <= at);
    if now.flips_at.is_none_or(|flips| flips >= at) {
        prop_assert_eq!(
            now.truth != later.truth,
            flips,
            "{:?}\nand later\n{:?}",
            now,
            later
        );
    }
    if let Some(since) = later.since {
        prop_assert!(since <= at, "{:?}", later);
    }
    let members = now.members.iter().zip(&later.members);
    members
        .into_iter()
        .try_for_each(|(now, later)| flips_as_said(now, later, at))
}
