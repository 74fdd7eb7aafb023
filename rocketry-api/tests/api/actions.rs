//! Steering an app that runs, over its control socket.

use std::time::Duration;

use rocketry_api::client::{Client, ClientError};
use rocketry_api::socket::ControlSocket;
use rocketry_api::{Api, AuditFilter, ProblemKind, RunRequest};
use rocketry_core::{Action, App, Config, Event, Rocketry, Session, Task};

use super::support::{problem, wait};

/// An app that waits to be steered. `add` needs two numbers.
fn app() -> App {
    let add = rocketry_core::task::func(
        "add",
        rocketry_core::func!(|a: u32, b: u32| async move { Ok::<u32, String>(a + b) }),
    );
    let quiet = Config {
        console: false,
        ..Config::default()
    };
    let app = Rocketry::builder()
        .config(quiet)
        .task(add.parameter("b", 2_u32))
        .task(Task::func("endless", std::future::pending::<()>))
        .task(Task::func("single", std::future::pending::<()>).unique(true));
    app.build().unwrap()
}

/// Serves an app over a socket while a client steers it.
fn steered<T>(steer: impl AsyncFnOnce(&Client, &Session) -> T) -> T {
    let folder = own_folder();
    let path = folder.join("app.sock");
    let done = wait(async {
        let app = app();
        let session = app.session();
        let socket = ControlSocket::bind(&path).unwrap();
        let serving = tokio::spawn(socket.serve(Api::of_running("steered", session.clone())));
        let running = tokio::spawn(app.serve());
        let done = steer(&Client::over_socket(&path), &session).await;
        session.shut_down_now();
        running.await.unwrap().unwrap();
        serving.abort();
        let _ = serving.await;
        done
    });
    assert!(!path.exists(), "the socket is removed");
    std::fs::remove_dir(&folder).unwrap();
    done
}

fn own_folder() -> std::path::PathBuf {
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("rocketry-api-{}-{number}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    folder
}

fn request(params: &[(&str, serde_json::Value)], wait: bool) -> RunRequest {
    let params = params
        .iter()
        .map(|(key, value)| ((*key).to_owned(), value.clone()));
    RunRequest {
        params: params.collect(),
        wait,
        by: None,
    }
}

#[test]
fn a_run_takes_parameters_and_can_be_waited_for() {
    steered(async |client, session| {
        let answer = client
            .run_task("add", &request(&[("a", "40".into())], true))
            .await
            .unwrap();
        assert_eq!(answer.end.unwrap().action, Action::Success);
        let sum: u32 = session.task("add").unwrap().result().unwrap().read().unwrap();
        assert_eq!(sum, 42);
    });
}

#[test]
fn a_run_is_terminated_by_its_task_or_by_its_id() {
    steered(async |client, session| {
        let refused = problem(client.terminate_task("endless").await);
        assert_eq!(refused.kind, ProblemKind::Refused);
        let task = session.task("endless").unwrap();
        for by_id in [false, true] {
            let mut events = client.events().await.unwrap();
            client.run_task("endless", &request(&[], false)).await.unwrap();
            let started = loop {
                if let Some(Event::Started(record)) = events.next().await.unwrap() {
                    break record;
                }
            };
            let end = task.next_end();
            if by_id {
                client.terminate_run(&started.run_id.to_string()).await.unwrap();
            } else {
                client.terminate_task("endless").await.unwrap();
            }
            assert_eq!(end.await.unwrap().action, Action::Terminate);
        }
        assert_eq!(
            problem(client.terminate_run("1").await).kind,
            ProblemKind::NotFound
        );
    });
}

#[test]
fn a_request_that_is_refused_at_once_says_why() {
    steered(async |client, session| {
        session.task("single").unwrap().disable();
        client.run_task("single", &request(&[], false)).await.unwrap();
        session
            .task("single")
            .unwrap()
            .wait_for(rocketry_core::Status::Running)
            .await
            .unwrap();
        client.run_task("single", &request(&[], false)).await.unwrap();
        let refused = problem(client.run_task("single", &request(&[], false)).await);
        assert_eq!(refused.kind, ProblemKind::Refused);
    });
}

#[test]
fn a_task_is_disabled_and_enabled() {
    steered(async |client, session| {
        assert_eq!(
            client.disable("add").await.unwrap().message,
            "task `add` is disabled"
        );
        assert!(session.task("add").unwrap().is_disabled());
        client.enable("add").await.unwrap();
        assert!(!session.task("add").unwrap().is_disabled());
    });
}

#[test]
fn events_end_with_the_app() {
    steered(async |client, session| {
        let mut events = client.events().await.unwrap();
        session.shut_down_now();
        let last = tokio::time::timeout(Duration::from_secs(30), async {
            let mut last = None;
            while let Some(event) = events.next().await.unwrap() {
                last = Some(event);
            }
            last
        });
        assert!(matches!(last.await.unwrap(), Some(Event::PhaseChanged { .. })));
    });
}

#[cfg(unix)]
#[test]
fn what_a_run_prints_is_followed_while_it_prints() {
    let gate = own_folder().join("gate");
    let script = format!(
        "echo one; until [ -e '{}' ]; do sleep 0.02; done; echo 'tw\u{f6}'",
        gate.display()
    );
    steered(async |client, session| {
        let printing = Task::command("printing", script).shell(true);
        session.add(printing).unwrap();
        client.run_task("printing", &request(&[], false)).await.unwrap();
        let task = session.task("printing").unwrap();
        task.wait_for(rocketry_core::Status::Running).await.unwrap();
        let run_id = task.under_way()[0].run_id.clone();
        while session.output(&run_id).is_none() {
            tokio::task::yield_now().await;
        }
        let run_id = run_id.to_string();
        let end = task.next_end();
        let mut output = client.follow_output(&run_id).await.unwrap();
        assert_eq!(output.next().await.unwrap().as_deref(), Some("one\n"));
        std::fs::write(&gate, "").unwrap();
        assert_eq!(output.next().await.unwrap().as_deref(), Some("tw\u{f6}\n"));
        assert_eq!(output.next().await.unwrap(), None);
        end.await.unwrap();

        let mut whole = client.follow_output(&run_id).await.unwrap();
        assert_eq!(whole.next().await.unwrap().as_deref(), Some("one\ntw\u{f6}\n"));
        let end = client.run_task("add", &request(&[("a", "1".into())], true)).await;
        let run_id = end.unwrap().end.unwrap().run_id.to_string();
        let refused = problem(client.follow_output(&run_id).await);
        assert_eq!(refused.kind, ProblemKind::NotFound, "{refused}");
    });
    std::fs::remove_dir_all(gate.parent().unwrap()).unwrap();
}

#[test]
fn nothing_listens_where_no_app_runs() {
    let client = Client::over_socket("/nonexistent/app.sock");
    let error = wait(client.app()).unwrap_err();
    assert!(matches!(error, ClientError::Unreachable { .. }), "{error}");
}

#[test]
fn the_audit_record_tells_who_called_through_the_socket() {
    steered(async |client, _| {
        client.disable("add").await.unwrap();
        let request = RunRequest {
            by: Some("ann".into()),
            ..request(&[("a", "1".into())], false)
        };
        client.run_task("add", &request).await.unwrap();
        let limit = |cursor| AuditFilter {
            limit: Some(1),
            cursor,
            ..AuditFilter::default()
        };
        let newest = client.audit(&limit(None)).await.unwrap();
        let [run] = &newest.items[..] else {
            panic!("{newest:?}")
        };
        assert_eq!(&*run.action, "run");
        let by = run.by.as_deref().unwrap();
        assert!(
            !by.is_empty() && by != "ann",
            "a request can't claim a name: {run}"
        );
        let user = run.via.as_deref().unwrap().strip_prefix("socket, user ").unwrap();
        assert_eq!(by == "root", user == "0", "{run}");
        let older = client.audit(&limit(newest.next)).await.unwrap();
        assert_eq!((&*older.items[0].action, older.next), ("disable", None));
        assert_eq!(older.items[0].by, run.by);
        let wrong = problem(client.audit(&limit(Some("x".into()))).await);
        assert_eq!(wrong.kind, ProblemKind::Invalid);
    });
}
