//! How many processes there are at a time.

use std::time::Duration;

use rocketry_core::{Action, Config, Params, Task};

use crate::app::with;
use crate::pipe::Witness;
use crate::post::Post;
use crate::runner::Case;

pub(crate) const CASES: &[Case] = &[("no_more_processes_at_a_time_than_are_allowed", limit)];

/// Three runs of different tasks, and room for two.
fn limit() {
    let posts = [Post::new(), Post::new(), Post::new()];
    let config = Config {
        max_process_count: Some(2),
        kill_grace: Duration::from_millis(20),
        ..Config::default()
    };
    with(config, async |session| {
        let tasks = ["spin", "sleep", "heed"].map(|name| session.task(name).unwrap());
        let ask = |index: usize| tasks[index].run(Params::new().with("post", posts[index].path()));
        let wait = |index: usize| tokio::task::block_in_place(|| posts[index].wait());
        let runs = [ask(0), ask(1), ask(2)];
        let mut witnesses: Vec<Witness> = vec![wait(0), wait(1)];
        assert_eq!(tasks.each_ref().map(Task::is_running), [true, true, false]);
        // A run elsewhere needs no room among the processes.
        let tick = session.task("tick").unwrap();
        assert_eq!(tick.run(Params::new()).await.unwrap().action, Action::Success);
        assert_eq!(tasks.each_ref().map(Task::is_running), [true, true, false]);
        tasks[0].terminate();
        witnesses.push(wait(2));
        assert_eq!(tasks.each_ref().map(Task::is_running), [false, true, true]);
        for task in &tasks {
            task.terminate();
        }
        for run in runs {
            assert_eq!(run.await.unwrap().action, Action::Terminate);
        }
        tokio::task::block_in_place(|| witnesses.into_iter().for_each(Witness::sees_the_end));
    });
}
