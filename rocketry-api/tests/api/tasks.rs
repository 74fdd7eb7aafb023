//! The app and its tasks.

use rocketry_api::{Api, CheckFilter, ProblemKind, TaskFilter, client::Client, router};
use rocketry_core::{Action, Phase, Status};

use super::support::{app, client, problem, started, wait};

fn names(filter: TaskFilter, client: &Client) -> Vec<String> {
    let tasks = wait(client.tasks(&filter)).unwrap();
    tasks.iter().map(|task| task.name.to_string()).collect()
}

#[test]
fn an_app_describes_itself() {
    let app = started();
    let info = wait(client(&app).app()).unwrap();
    assert_eq!(
        (info.name.as_str(), info.version.as_deref()),
        ("shop", Some("1.2"))
    );
    assert_eq!((info.running, info.phase), (true, Some(Phase::Up)));
    assert_eq!((info.tasks, info.runs, info.log), (5, 0, None));
    assert_eq!(info.now, app.now());
}

#[test]
fn a_task_comes_back_as_its_view() {
    let mut app = started();
    app.run_until("2026-01-01T00:30:00Z");
    let found = wait(client(&app).task("fetch")).unwrap();
    assert_eq!(found, app.session().task("fetch").unwrap().info());
    assert_eq!(found.status, Status::Ended(Action::Success));
}

#[test]
fn a_name_may_hold_any_character() {
    let app = started();
    assert_eq!(&*wait(client(&app).task("a/b c")).unwrap().name, "a/b c");
}

#[test]
fn an_unknown_task_gets_the_nearest_name() {
    let app = started();
    let problem = problem(wait(client(&app).task("fetsh")));
    assert_eq!(problem.kind, ProblemKind::NotFound);
    assert_eq!(problem.nearest.as_deref(), Some("fetch"));
    assert_eq!(problem.detail, "there is no task `fetsh`; did you mean `fetch`?");
}

#[test]
fn tasks_are_found_by_status_and_by_when_they_are_due() {
    let mut app = started();
    app.session().task("rest").unwrap().disable();
    app.run_until("2026-01-01T07:30:00Z");
    let client = client(&app);
    let status = |words: &str| TaskFilter {
        status: Some(words.into()),
        ..TaskFilter::default()
    };
    assert_eq!(names(status("fail"), &client), ["break"]);
    assert_eq!(names(status("never, disabled"), &client), ["rest", "a/b c"]);
    let soon = TaskFilter {
        due_within: Some("1h".into()),
        ..TaskFilter::default()
    };
    assert_eq!(names(soon, &client), ["fetch"]);
    let named = TaskFilter {
        name: Some("re".into()),
        ..TaskFilter::default()
    };
    assert_eq!(names(named, &client), ["report", "break", "rest"]);

    let wrong = problem(wait(client.tasks(&status("failed"))));
    assert_eq!(
        (wrong.kind, wrong.nearest.as_deref()),
        (ProblemKind::Invalid, Some("fail"))
    );
    let soon = TaskFilter {
        due_within: Some("sooon".into()),
        ..TaskFilter::default()
    };
    assert!(
        problem(wait(client.tasks(&soon)))
            .detail
            .contains("`sooon` is not an instant")
    );
}

#[test]
fn pages_follow_each_other() {
    let app = started();
    let filter = TaskFilter {
        limit: Some(2),
        ..TaskFilter::default()
    };
    assert_eq!(
        names(filter, &client(&app)),
        ["fetch", "report", "break", "rest", "a/b c"]
    );
}

#[test]
fn tasks_are_sorted_and_searched() {
    let mut app = started();
    app.session().task("rest").unwrap().set_priority(7);
    app.run_until("2026-01-01T07:30:00Z");
    let client = client(&app);
    let sorted = |by: &str| TaskFilter {
        sort: Some(by.into()),
        limit: Some(2),
        ..TaskFilter::default()
    };
    // The client reads all pages, so the cursors are tried as well.
    assert_eq!(
        names(sorted("name"), &client),
        ["a/b c", "break", "fetch", "report", "rest"]
    );
    assert_eq!(
        names(sorted("-name"), &client),
        ["rest", "report", "fetch", "break", "a/b c"]
    );
    assert_eq!(names(sorted("-priority"), &client)[0], "rest");
    assert_eq!(names(sorted("-priority"), &client).len(), 5);
    assert_eq!(names(sorted("status"), &client)[..2], ["break", "a/b c"]);
    assert_eq!(names(sorted("next_due"), &client)[0], "fetch");
    assert_eq!(names(sorted("last"), &client).len(), 5);
    let search = |text: &str| TaskFilter {
        search: Some(text.into()),
        ..TaskFilter::default()
    };
    assert_eq!(names(search("FETCH"), &client), ["fetch", "report"]);
    assert_eq!(names(search("hourly"), &client), ["fetch"]);
    let wrong = problem(wait(client.tasks(&sorted("nmae"))));
    assert_eq!(wrong.nearest.as_deref(), Some("name"));
    let wrong = TaskFilter {
        cursor: Some("7".into()),
        ..sorted("name")
    };
    assert_eq!(problem(wait(client.tasks(&wrong))).kind, ProblemKind::Invalid);
}

#[test]
fn an_app_that_does_not_run_is_shown_and_not_steered() {
    let session = app().inspect().unwrap();
    let client = Client::in_process(router(Api::of_stopped("shop", session)));
    assert_eq!(names(TaskFilter::default(), &client).len(), 5);
    assert!(!wait(client.app()).unwrap().running);
    let refused = problem(wait(client.disable("fetch")));
    assert_eq!(refused.kind, ProblemKind::NotRunning);
    assert_eq!(refused.detail, "`shop` does not run: start it, then try again");
}

#[test]
fn an_app_and_a_statement_are_checked() {
    let app = started();
    let found = wait(client(&app).check(&CheckFilter::default())).unwrap();
    assert_eq!(found, app.session().check().unwrap());
    let filter = CheckFilter {
        statement: Some("cron 0 9 13 * Fri".to_owned()),
        zone: None,
    };
    let found = wait(client(&app).check(&filter)).unwrap();
    assert_eq!(found[0].lint.name(), "both_day_fields");
    for wrong in [
        CheckFilter {
            statement: Some("dayly".to_owned()),
            zone: None,
        },
        CheckFilter {
            zone: Some("Mars/Olympus".to_owned()),
            ..filter
        },
        CheckFilter {
            zone: Some("UTC".to_owned()),
            ..CheckFilter::default()
        },
    ] {
        assert_eq!(
            problem(wait(client(&app).check(&wrong))).kind,
            ProblemKind::Invalid
        );
    }
}
