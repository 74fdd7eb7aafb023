//! Input of strangers. Each test names the advisory whose mistake it looks for.

use axum::http::StatusCode;

use crate::support::{NAMES, dashboard, get, request, send, started};

/// CVE-2021-41238, CVE-2024-32887: an address that steers without a check, and a page of another site that sends the request.
#[test]
fn a_page_of_another_site_steers_nothing() {
    let app = started();
    let pages = dashboard(&app);
    for site in ["cross-site", "same-site"] {
        let mut request = request("POST", "/tasks/fetch/disable");
        request
            .headers_mut()
            .insert("sec-fetch-site", site.parse().unwrap());
        assert_eq!(send(&pages, request).status, StatusCode::FORBIDDEN, "{site}");
    }
    let mut old_browser = request("POST", "/api/tasks/fetch/disable");
    old_browser.headers_mut().remove("sec-fetch-site");
    old_browser
        .headers_mut()
        .insert("origin", "http://evil.example".parse().unwrap());
    assert_eq!(send(&pages, old_browser).status, StatusCode::FORBIDDEN);
    assert!(!app.session().task("fetch").unwrap().is_disabled());
}

/// CVE-2022-40365, CVE-2023-26141: text of an app that becomes code on a page.
#[test]
fn names_and_messages_stay_text() {
    let app = started();
    let pages = dashboard(&app);
    for address in [
        "/now",
        "/tasks",
        "/log",
        "/failures",
        "/tasks/break",
        "/log?q=%3Cscript%3E",
        "/tasks?name=%22%3E%3Cscript%3E",
    ] {
        let body = get(&pages, address).body;
        assert!(!body.contains("<script>alert"), "{address}");
        assert!(!body.contains(NAMES[2]), "{address}");
        assert!(!body.contains("\"><script>"), "{address}");
    }
}

/// The policy of the page allows no script and no style from anywhere else, and none in the page itself.
#[test]
fn pages_run_no_code_but_that_of_the_dashboard() {
    let app = started();
    let pages = dashboard(&app);
    for address in ["/now", "/tasks/fetch", "/api/tasks", "/nowhere", "/sign-in"] {
        let answer = get(&pages, address);
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("script-src 'self'") && !policy.contains("unsafe"),
            "{address}: {policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        for inline in ["<script>", " style=", " onclick=", "javascript:"] {
            assert!(!answer.body.contains(inline), "{address}: {inline}");
        }
    }
}

/// CVE-2020-13927: an API that is open where the pages are closed. `access` tries every address; this one tries methods.
#[test]
fn looking_never_steers() {
    let app = started();
    let pages = dashboard(&app);
    for address in ["/tasks/fetch/disable", "/api/tasks/fetch/disable"] {
        let status = get(&pages, address).status;
        assert!(status.is_client_error(), "{address}: {status}");
    }
    assert!(!app.session().task("fetch").unwrap().is_disabled());
}

/// Numbers beyond all bounds, broken escapes and huge texts get an answer.
#[test]
fn odd_requests_get_an_answer() {
    let app = started();
    let pages = dashboard(&app);
    let long = format!("/log?q={}", "a".repeat(60_000));
    let odd = [
        "/tasks?cursor=99999999999999999999999",
        "/tasks?due_within=never",
        "/tasks?status=%00",
        "/log?cursor=-1",
        "/log?q=%ff%fe",
        "/log?q=since:99999999999999d",
        "/runs/%00",
        "/tasks/%ff",
        "/api/tasks?limit=18446744073709551615",
        &long,
    ];
    for address in odd {
        let answer = get(&pages, address);
        assert!(
            !answer.status.is_server_error(),
            "{address:.60}: {} {}",
            answer.status,
            answer.body
        );
    }
}
