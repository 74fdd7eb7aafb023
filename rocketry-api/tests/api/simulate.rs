//! Simulations: whole, as totals, and run by run.

use rocketry_api::client::{Client, ClientError};
use rocketry_api::{Api, ProblemKind, SimulateFilter, SimulatedRun, router};
use rocketry_core::conds::always;
use rocketry_core::testing::TestApp;
use rocketry_core::{Rocketry, Task};

use super::support::{START, client, problem, started, wait};

fn until(to: &str) -> SimulateFilter {
    SimulateFilter {
        to: Some(to.to_owned()),
        ..SimulateFilter::default()
    }
}

fn streamed(client: &Client, filter: &SimulateFilter) -> Result<Vec<SimulatedRun>, ClientError> {
    wait(async {
        let mut stream = client.simulate_runs(filter).await?;
        let mut runs = Vec::new();
        while let Some(run) = stream.next().await? {
            runs.push(run);
        }
        assert_eq!(stream.next().await?, None, "the end is the end");
        Ok(runs)
    })
}

#[test]
fn the_runs_come_one_by_one_and_are_those_of_the_whole() {
    let app = started();
    let client = client(&app);
    // Some hundred kilobytes of them.
    let filter = until("60d");
    let whole = wait(client.simulate(&filter)).unwrap();
    assert!(whole.runs.len() > 2_000, "{}", whole.runs.len());
    let mut runs = streamed(&client, &filter).unwrap();
    assert!(runs.is_sorted_by_key(|run| run.end), "each comes when it ends");
    let order = |run: &SimulatedRun| (run.start, run.task.clone());
    runs.sort_by_key(order);
    let mut expected = whole.runs;
    expected.sort_by_key(order);
    assert_eq!(runs, expected);
    assert_eq!(wait(client.simulate_summary(&filter)).unwrap(), whole.summary);
}

#[test]
fn a_simulation_without_runs_has_an_end() {
    let app = TestApp::start(Rocketry::builder(), START).unwrap();
    assert_eq!(streamed(&client(&app), &until("1d")).unwrap(), []);
}

#[test]
fn a_simulation_that_fails_is_reported_at_its_end() {
    let app = Rocketry::builder()
        .task(Task::func("first", || async {}).start("every 1 second"))
        .task(Task::func("busy", || async {}).start(always));
    let session = app.inspect().unwrap();
    let client = Client::in_process(router(Api::of_stopped("shop", session)));
    let refused = problem(streamed(&client, &until("1d")));
    assert_eq!(refused.kind, ProblemKind::Refused, "{refused}");
    assert!(refused.detail.contains("never gets past"), "{refused}");
    let wrong = problem(streamed(&client, &until("yesterday")));
    assert_eq!(wrong.kind, ProblemKind::Invalid, "{wrong}");
}

#[test]
fn a_simulation_is_limited() {
    let app = TestApp::start(
        Rocketry::builder().func("often", "every 1 second", || async {}),
        START,
    )
    .unwrap();
    let client = client(&app);
    let whole = wait(client.simulate(&until("2d"))).unwrap();
    assert_eq!(whole.runs.len(), 100_000);
    assert!(
        whole.summary.to < "2026-01-03T00:00:00Z".parse().unwrap(),
        "{:?}",
        whole.summary
    );
    let endless = problem(wait(client.simulate_summary(&until("9999-12-31"))));
    assert!(endless.detail.contains("at most 400 days are simulated"));
}
