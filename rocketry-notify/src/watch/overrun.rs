//! Detects runs that take much longer than usual.

use std::sync::Arc;
use std::time::Duration;

use rocketry_core::{Record, RunId, Task};

use super::incidents::{Key, News};
use super::timers::Alarm;
use super::{Moment, Watch};
use crate::rule::Trouble;
use crate::words::length;

/// Shorter runs never overrun.
const SHORTEST: Duration = Duration::from_secs(10);

impl Watch {
    /// Watches a run that has started.
    pub(super) fn begin_run(&mut self, start: &Record, moment: Moment) {
        if let Some(longest) = self.longest(&start.task) {
            let alarm = Alarm::Overrun(start.task.clone(), start.run_id.clone());
            self.timers.set(alarm, moment.after(start.start, longest));
        }
    }

    /// The maximum duration of a run of the task.
    fn longest(&self, task: &Arc<str>) -> Option<Duration> {
        let watched = self.tasks.get(task)?;
        let times = watched.limits.overrun?;
        let usual = watched.past.as_ref()?.usual()?;
        let longest = Duration::try_from_secs_f64(usual.as_secs_f64() * times).unwrap_or(Duration::MAX);
        Some(longest.clamp(SHORTEST, Duration::from_secs(1 << 32)))
    }

    pub(super) fn check_overrun(&mut self, name: &Arc<str>, run: &RunId, moment: Moment) {
        let Ok(task) = self.session.task(&**name) else {
            return;
        };
        let runs = task.under_way();
        let Some(start) = runs.iter().find(|start| start.run_id == *run) else {
            return;
        };
        let watched = self.tasks.get(name);
        let usual = watched.and_then(|watched| watched.past.as_ref()?.usual());
        let (since, usual) = (
            length(moment.now.since(start.start)),
            length(usual.unwrap_or_default()),
        );
        let news = News {
            message: format!("`{name}` runs for {since}; it usually takes {usual}"),
            run_id: Some(run.clone()),
            times: 1,
            ..News::default()
        };
        self.incidents
            .open(Key::of(Trouble::Overrun, name), moment.now, news);
    }

    /// Ends the incident with the run.
    pub(super) fn close_overrun(&mut self, end: &Record) {
        let name = &end.task;
        let key = Key::of(Trouble::Overrun, name);
        let is_it = |run: Option<&RunId>| run == Some(&end.run_id);
        if self
            .incidents
            .get(&key)
            .is_some_and(|open| is_it(open.run_id.as_ref()))
        {
            let took = length(end.runtime().unwrap_or_default());
            self.incidents.close(&key, end.created, |_| {
                format!("the run of `{name}` has ended after {took}")
            });
        }
    }

    pub(super) fn look_at_overrun(&mut self, task: &Task, moment: Moment) {
        let name = task.name();
        let key = Key::of(Trouble::Overrun, &name.into());
        let run = self.incidents.get(&key).and_then(|open| open.run_id.clone());
        let goes_on = task
            .under_way()
            .iter()
            .any(|start| Some(&start.run_id) == run.as_ref());
        if !goes_on {
            self.incidents
                .close(&key, moment.now, |_| format!("the run of `{name}` has ended"));
        }
    }
}
