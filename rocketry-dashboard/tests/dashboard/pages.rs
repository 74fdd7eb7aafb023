//! What the pages show.

use axum::Router;
use axum::http::StatusCode;
use rocketry_core::testing::TestApp;
use rocketry_core::{Group, Rocketry, Task, func};

use crate::support::{NAMES, dashboard, get, started};

/// All pages that need no task or run.
const PAGES: [&str; 9] = [
    "/now",
    "/tasks",
    "/graph",
    "/log",
    "/failures",
    "/audit",
    "/nodes",
    "/settings",
    "/try",
];

#[test]
fn every_page_is_whole() {
    let app = started();
    let pages = dashboard(&app);
    for address in PAGES.into_iter().chain(["/tasks/fetch"]) {
        let answer = get(&pages, address);
        assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.body);
        assert!(answer.body.ends_with("</html>"), "{address}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    }
}

#[test]
fn the_first_page_tells_what_fails_and_what_runs() {
    let app = started();
    let answer = get(&dashboard(&app), "/now");
    assert!(answer.body.contains("Failing"), "{}", answer.body);
    assert!(answer.body.contains("<bdi>break</bdi>"));
    assert!(answer.body.contains("<bdi>wait</bdi>"));
}

#[test]
fn a_task_shows_its_statement_and_its_runs() {
    let app = started();
    let answer = get(&dashboard(&app), "/tasks/report");
    assert!(answer.body.contains("after task &#39;fetch&#39;") || answer.body.contains("after task 'fetch'"));
    assert!(answer.body.contains("success"));
    assert!(answer.body.contains("class=\"sentence\""), "{}", answer.body);
    assert!(answer.body.contains("may change with"), "{}", answer.body);
}

#[test]
fn a_run_has_a_page() {
    let app = started();
    let run = app
        .session()
        .task("fetch")
        .unwrap()
        .log(rocketry_core::Query::new().last(1))
        .unwrap();
    let address = format!("/runs/{}", run[0].run_id);
    let answer = get(&dashboard(&app), &address);
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains("2026-01-01T06:00:00"), "{}", answer.body);
}

#[test]
fn the_log_is_searched_by_its_query_language() {
    let app = started();
    let pages = dashboard(&app);
    let found = get(&pages, "/log?q=task:break+action:fail");
    assert!(found.body.contains("<bdi>break</bdi>"));
    assert!(!found.body.contains("<bdi>report</bdi>"));
    let mistake = get(&pages, "/log?q=tsk:break");
    assert_eq!(mistake.status, StatusCode::OK);
    assert!(mistake.body.contains("role=\"alert\""), "{}", mistake.body);
    assert!(
        mistake.body.contains("value=\"tsk:break\""),
        "the query can be mended"
    );
}

#[test]
fn a_run_tells_what_made_it_start_and_what_it_let_start() {
    let app = started();
    let pages = dashboard(&app);
    let last = |task: &str| {
        let runs = app
            .session()
            .task(task)
            .unwrap()
            .log(rocketry_core::Query::new().last(1));
        runs.unwrap()[0].run_id.clone()
    };
    let (fetch, report) = (last("fetch"), last("report"));
    let page = get(&pages, &format!("/runs/{report}")).body;
    assert!(
        page.contains("Started by") && page.contains(&format!("href=\"../runs/{fetch}\"")),
        "{page}"
    );
    let page = get(&pages, &format!("/runs/{fetch}")).body;
    assert!(
        page.contains("Let start") && page.contains(&format!("href=\"../runs/{report}\"")),
        "{page}"
    );
}

#[test]
fn a_statement_is_tried_before_it_is_deployed() {
    let app = started();
    let pages = dashboard(&app);
    let found = get(&pages, "/try?statement=daily+at+02:30&zone=Europe/Helsinki").body;
    assert!(found.contains("2026-01-02T00:30:00"), "{found}");
    let mistake = get(&pages, "/try?statement=dialy+at+02:30");
    assert!(
        mistake.body.contains("role=\"alert\"") && mistake.body.contains("daily"),
        "{}",
        mistake.body
    );
    let never = get(&pages, "/try?statement=weekly+on+Monday+%26+weekly+on+Friday");
    assert_eq!(never.status, StatusCode::OK);
    let long = get(&pages, &format!("/try?statement={}", "daily+%26+".repeat(1000)));
    assert!(long.body.contains("at most 2000 are read"));
}

#[test]
fn what_does_not_exist_is_reported_with_the_nearest_name() {
    let app = started();
    let pages = dashboard(&app);
    let task = get(&pages, "/tasks/fetsh");
    assert_eq!(task.status, StatusCode::NOT_FOUND);
    assert!(task.body.contains("did you mean `fetch`?"));
    assert_eq!(get(&pages, "/runs/999").status, StatusCode::NOT_FOUND);
    assert_eq!(get(&pages, "/nowhere").status, StatusCode::NOT_FOUND);
    let api = get(&pages, "/api/nowhere");
    assert_eq!(
        (api.status, api.header("content-type")),
        (StatusCode::NOT_FOUND, "application/problem+json")
    );
}

#[test]
fn every_name_has_a_page_that_the_list_links_to() {
    let app = started();
    let pages = dashboard(&app);
    let list = get(&pages, "/tasks").body;
    for name in NAMES {
        let task = app.session().task(name).unwrap();
        let link = links(&list).into_iter().find(|link| {
            decoded(link) == format!("./tasks/{}", if name == ".." { "~.." } else { task.name() })
        });
        let link = link.unwrap_or_else(|| panic!("a link to {name}"));
        let answer = get(&pages, &link[1..]);
        assert_eq!(answer.status, StatusCode::OK, "{link}");
    }
}

fn links(page: &str) -> Vec<String> {
    let ends = page.split("href=\"").skip(1);
    ends.map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

fn decoded(link: &str) -> String {
    percent_encoding::percent_decode_str(link)
        .decode_utf8()
        .unwrap()
        .into_owned()
}

#[test]
fn the_dashboard_works_below_any_address() {
    let app = started();
    let pages = Router::new().nest("/ops/jobs", dashboard(&app));
    let bare = get(&pages, "/ops/jobs");
    assert_eq!(
        (bare.status, bare.header("location")),
        (StatusCode::SEE_OTHER, "./jobs/now")
    );
    let first = get(&pages, "/ops/jobs/now");
    assert_eq!(first.status, StatusCode::OK);
    for link in links(&first.body).iter().filter(|link| !link.starts_with('#')) {
        assert!(link.starts_with("./"), "{link}");
        let answer = get(&pages, &format!("/ops/jobs/{}", &link[2..]));
        assert_eq!(answer.status, StatusCode::OK, "{link}");
    }
    let task = get(&pages, "/ops/jobs/tasks/fetch");
    assert!(links(&task.body).contains(&"../log".to_owned()));
}

#[test]
fn assets_may_be_kept_for_ever() {
    let app = started();
    let pages = dashboard(&app);
    let page = get(&pages, "/now").body;
    let style = links(&page)
        .into_iter()
        .find(|link| link.contains("assets/style-"))
        .unwrap();
    let answer = get(&pages, &style[1..]);
    assert!(answer.header("cache-control").contains("immutable"));
    assert_eq!(
        get(&pages, "/assets/..%2F..%2FCargo.toml").status,
        StatusCode::NOT_FOUND
    );
}

#[test]
fn the_graph_shows_which_task_waits_for_which() {
    let app = started();
    let pages = dashboard(&app);
    let graph = get(&pages, "/graph").body;
    assert!(graph.contains("aria-label=\"report: success\""), "{graph}");
    assert!(
        graph.contains("</a> refers to <a href=\"./tasks/fetch\">"),
        "{graph}"
    );
    assert!(
        !graph.contains("aria-label=\"bill: never run\""),
        "a task that stands alone is listed"
    );
    let around = get(&pages, "/graph?task=fetch").body;
    assert!(around.contains("aria-label=\"fetch: success\""), "{around}");
    assert_eq!(get(&pages, "/graph?task=fetsh").status, StatusCode::NOT_FOUND);
}

#[test]
fn groups_of_a_large_graph_are_folded_and_unfolded() {
    let task = |name: &str, start: &str| Task::func(name.to_owned(), || async {}).start(start);
    let first = Rocketry::builder()
        .group(Group::new("load"))
        .task(task("load/0", "hourly").group("load"));
    let app = (1..200).fold(first, |app, number| {
        let start = format!("after task 'load/{}'", number - 1);
        app.task(task(&format!("load/{number}"), &start).group("load"))
    });
    let app = app.task(task("end", "after task 'load/199'"));
    let app = TestApp::start(app, "2026-01-01T00:30:00Z").unwrap();
    let pages = dashboard(&app);
    let folded = get(&pages, "/graph").body;
    assert!(folded.contains("group load: 200 tasks"), "{folded}");
    assert!(!folded.contains("load/7:"), "{folded}");
    let unfolded = get(&pages, "/graph?open=load").body;
    assert!(
        unfolded.contains("load/7:") && !unfolded.contains("group load"),
        "{unfolded}"
    );
}

#[test]
fn the_calendar_shows_what_ran_and_what_is_to_come() {
    let app = started();
    let pages = dashboard(&app);
    let month = get(&pages, "/calendar").body;
    assert!(month.contains("<h1>January 2026</h1>"), "{month}");
    // `break` failed at 06:00 today and comes again tomorrow.
    assert!(month.contains("<li class=\"bad\">06:00 "), "{month}");
    assert!(month.contains("<li class=\"planned\">06:00 "), "{month}");
    let week = get(
        &pages,
        "/calendar?view=week&on=2026-03-29&zone=Europe/Helsinki&task=break",
    )
    .body;
    assert!(week.contains("clocks go forward 1 h"), "{week}");
    let file = get(&pages, "/calendar.ics?task=break");
    assert_eq!(file.header("content-type"), "text/calendar; charset=utf-8");
    assert!(file.body.contains("DTSTART:20260102T060000Z"), "{}", file.body);
    for wrong in [
        "/calendar?on=soon",
        "/calendar?view=year",
        "/calendar?zone=Nowhere",
    ] {
        assert_eq!(get(&pages, wrong).status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[test]
fn a_task_that_starts_too_often_is_named_and_shown_alone() {
    let often = Task::func("often", || async {}).start("every 1 minute");
    let app = TestApp::start(Rocketry::builder().task(often), "2026-01-01T00:00:00Z").unwrap();
    let pages = dashboard(&app);
    let month = get(&pages, "/calendar").body;
    assert!(month.contains("Too often for this page"), "{month}");
    let alone = get(&pages, "/calendar?task=often").body;
    assert!(!alone.contains("Too often"), "{alone}");
    assert!(alone.contains("1440"), "{alone}");
}

#[test]
fn the_attempts_of_a_retry_are_listed() {
    let fails = Task::func("fails", || async { Err::<(), _>("away") })
        .start("daily after 06:00 | retry 2 times with backoff 1 minute");
    let mut app = TestApp::start(Rocketry::builder().task(fails), "2026-01-01T05:00:00Z").unwrap();
    app.run_until("2026-01-01T07:00:00Z");
    let pages = dashboard(&app);
    let starts = app.records(&rocketry_core::Query::new().action(rocketry_core::Action::Run));
    assert_eq!(starts.len(), 3);
    for start in starts {
        let page = get(&pages, &format!("/runs/{}", start.run_id)).body;
        let list = page
            .split("<ol class=\"attempts\">")
            .nth(1)
            .unwrap_or_else(|| panic!("{page}"));
        let list = list.split("</ol>").next().unwrap();
        assert_eq!(list.matches("<li>").count(), 3, "{list}");
        assert_eq!(list.matches("this run").count(), 1, "{list}");
    }
}

#[test]
fn fields_are_like_the_signature() {
    let typed = Task::func(
        "typed",
        func!(|count: u32, dry: bool, day: String| (count, dry, day)),
    )
    .parameter("count", 3_u32)
    .parameter("dry", true)
    .parameter("day", "today".to_owned());
    let app = TestApp::start(Rocketry::builder().task(typed), "2026-01-01T00:00:00Z").unwrap();
    let page = get(&dashboard(&app), "/tasks/typed").body;
    assert!(
        page.contains("<input type=\"number\" step=\"1\" min=\"0\" name=\"param.count\" placeholder=\"3\">"),
        "{page}"
    );
    assert!(page.contains("<select name=\"param.dry\">"), "{page}");
    assert!(
        page.contains("<input type=\"text\" name=\"param.day\" placeholder=\"today\""),
        "{page}"
    );
}

#[test]
fn a_statement_is_taken_apart_as_a_new_task_would_see_it() {
    let app = started();
    let pages = dashboard(&app);
    let found = get(&pages, "/try?statement=daily+%26+after+task+'fetch'").body;
    assert!(found.contains("all of"), "{found}");
    assert!(found.contains("no success yet"), "{found}");
    let odd = get(&pages, "/try?statement=cron+0+9+13+*+Fri").body;
    assert!(odd.contains("for days that are both, write"), "{odd}");
}

#[test]
fn a_task_links_to_those_around_it_and_to_its_records() {
    let app = started();
    let pages = dashboard(&app);
    let page = get(&pages, "/tasks/fetch").body;
    assert!(
        page.contains("Refer to it") && page.contains("href=\"../tasks/report\""),
        "{page}"
    );
    for name in NAMES {
        let task = app.session().task(name).unwrap();
        let address = rocketry_api::query::quoted(task.name());
        let log = get(
            &pages,
            &format!(
                "/log?q={}",
                percent_encoding::utf8_percent_encode(
                    &format!("task:{address}"),
                    percent_encoding::NON_ALPHANUMERIC
                )
            ),
        );
        assert!(!log.body.contains("class=\"mistake\""), "{name}: {}", log.body);
    }
}

#[test]
fn columns_of_tasks_are_sorted_by_links() {
    let app = started();
    let pages = dashboard(&app);
    let names = |page: &str| -> Vec<String> {
        let rows = page.split("<th scope=\"row\">").skip(1);
        let name = |row: &str| {
            let rest = row.split("<bdi>").nth(1).unwrap();
            let name = rest.split("</bdi>").next().unwrap();
            name.replace("&lt;", "<")
        };
        rows.map(name).collect()
    };
    let declared = get(&pages, "/tasks").body;
    assert!(!declared.contains("aria-sort"), "{declared}");
    assert!(
        links(&declared).contains(&"tasks?sort=name".to_owned()),
        "{declared}"
    );
    let rising = get(&pages, "/tasks?sort=name").body;
    assert!(rising.contains("<th aria-sort=\"ascending\">"), "{rising}");
    assert!(links(&rising).contains(&"tasks?sort=-name".to_owned()));
    let mut sorted = names(&rising);
    sorted.sort();
    assert_eq!(names(&rising), sorted);
    let falling = get(&pages, "/tasks?sort=-name").body;
    assert!(falling.contains("<th aria-sort=\"descending\">"), "{falling}");
    sorted.reverse();
    assert_eq!(names(&falling), sorted);
    assert!(
        links(&falling).contains(&"tasks".to_owned()),
        "the third time, they are as declared"
    );
    let filtered = get(&pages, "/tasks?sort=-last&name=e").body;
    assert!(
        links(&filtered).contains(&"tasks?name=e&amp;sort=last".to_owned()),
        "{filtered}"
    );
    assert!(filtered.contains("name=\"sort\" value=\"-last\""), "{filtered}");
    assert_eq!(get(&pages, "/tasks?sort=colour").status, StatusCode::BAD_REQUEST);
}

#[test]
fn the_audit_tells_who_has_done_what_and_is_filtered() {
    let app = started();
    let by = app.session().by("ann").via("<b>shell</b>");
    by.task("fetch").unwrap().set_priority(7);
    app.session().by("bob").task("report").unwrap().disable();
    let pages = dashboard(&app);
    let all = get(&pages, "/audit").body;
    for part in [
        "ann",
        "bob",
        "set-priority",
        "disable",
        "&lt;b&gt;shell&lt;/b&gt;",
        "./tasks/fetch",
    ] {
        assert!(all.contains(part), "{part}: {all}");
    }
    let of_bob = get(&pages, "/audit?by=bob").body;
    assert!(
        of_bob.contains("<bdi>report</bdi>") && !of_bob.contains("<bdi>ann</bdi>"),
        "{of_bob}"
    );
    let of_action = get(&pages, "/audit?action=set-priority").body;
    assert!(!of_action.contains("<bdi>bob</bdi>"), "{of_action}");
    assert!(
        of_action.contains("<option value=\"set-priority\" selected>"),
        "{of_action}"
    );
    let mistake = get(&pages, "/audit?task=fetsh");
    assert_eq!(mistake.status, StatusCode::OK);
    assert!(mistake.body.contains("did you mean `fetch`?"), "{}", mistake.body);
}

#[test]
fn a_cron_expression_is_told_in_words() {
    let backup = Task::func("backup", || async {}).start("cron 30 3 * * Sun");
    let app = TestApp::start(Rocketry::builder().task(backup), "2026-01-01T00:00:00Z").unwrap();
    let pages = dashboard(&app);
    for address in ["/tasks", "/tasks/backup", "/try?statement=cron+30+3+*+*+Sun"] {
        let answer = get(&pages, address);
        assert!(
            answer.body.contains("at 03:30, on Sunday"),
            "{address}: {}",
            answer.body
        );
    }
}

#[test]
fn a_task_shows_where_it_is_declared() {
    let app = TestApp::start(
        Rocketry::builder().func("fetch", "daily", || async {}),
        "2026-01-01T00:00:00Z",
    );
    let answer = get(&dashboard(&app.unwrap()), "/tasks/fetch");
    assert!(answer.body.contains("dashboard/pages.rs:"), "{}", answer.body);
    assert!(
        answer.body.contains("try?statement=daily&amp;zone="),
        "{}",
        answer.body
    );
}
