//! Mistakes that other dashboards have made. Each test names the advisory and the rule that it became here.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use rocketry_api::{Route, all_routes};
use rocketry_core::testing::TestApp;
use rocketry_core::{Rocketry, Task};
use rocketry_dashboard::{Access, Dashboard, Role, Token, WithDashboard, router};
use serde_json::Value as Json;

use crate::support::{begin, dashboard, request, send, started};

const CLOSED: [StatusCode; 2] = [StatusCode::FORBIDDEN, StatusCode::UNAUTHORIZED];

fn steering() -> Vec<Route> {
    let routes = all_routes();
    routes
        .into_iter()
        .filter(|route| route.action.is_some())
        .collect()
}

/// A request to a route of the API, with something in the place of its braces.
fn to(route: &Route) -> Request<Body> {
    let path = route.path.replace("{task}", "fetch").replace("{run}", "1");
    let path = path
        .replace("{group}", "db")
        .replace("{param}", "day")
        .replace("{pool}", "threads");
    request(route.method.as_str(), &path)
}

/// CVE-2020-13927: an API was open unless somebody closed it. Rule: the API has the access of the pages.
#[test]
fn cve_2020_13927_the_api_is_as_closed_as_the_pages() {
    let app = started();
    let token = Token::generate().unwrap();
    let pages = router(
        app.session(),
        Access::tokens([("ann", token.hash(), Role::Operator)]),
    );
    for route in all_routes() {
        let mut request = to(&route);
        request.headers_mut().remove("accept");
        assert_eq!(begin(&pages, request), StatusCode::UNAUTHORIZED, "{route:?}");
    }
}

/// CVE-2021-41238: remote requests were let in by default. GHSA-6qr9-g2xw-cw92: the default was no authentication.
/// Rule: without a decision about access, the dashboard is on loopback and answers for loopback hosts only.
#[test]
fn cve_2021_41238_ghsa_6qr9_g2xw_cw92_only_this_machine_is_let_in_by_default() {
    for address in ["0.0.0.0:0", "[::]:0"] {
        let refused = Rocketry::builder()
            .dashboard(address)
            .run()
            .unwrap_err()
            .to_string();
        assert!(
            refused.contains("can be reached from other machines"),
            "{refused}"
        );
    }
}

/// GHSA-6qr9-g2xw-cw92: a definition with commands could be sent and was run. Rule: what can be sent is a closed list of fields,
/// and none is code, a command or a file.
#[test]
fn ghsa_6qr9_g2xw_cw92_no_code_command_or_file_can_be_sent() {
    let document: Json = serde_json::from_str(include_str!("../../../rocketry-api/openapi.json")).unwrap();
    let known = [
        "at_a_time",
        "by",
        "count",
        "dry_run",
        "execution",
        "from",
        "missed",
        "now",
        "params",
        "priority",
        "size",
        "statement",
        "timeout",
        "to",
        "until",
        "value",
        "wait",
    ];
    let paths = document["paths"].as_object().unwrap();
    let operations = paths
        .values()
        .flat_map(|methods| methods.as_object().unwrap().values());
    let bodies = operations.filter_map(|operation| operation["requestBody"].as_object());
    for body in bodies {
        let schema = &body["content"]["application/json"]["schema"]["$ref"];
        let name = schema.as_str().unwrap().rsplit('/').next().unwrap();
        let fields = document["components"]["schemas"][name]["properties"]
            .as_object()
            .unwrap();
        assert!(
            fields.keys().all(|field| known.contains(&field.as_str())),
            "{name}: {fields:?}"
        );
    }
    let app = started();
    let pages = dashboard(&app);
    for field in ["command", "code", "script", "path", "cwd", "env"] {
        let body = format!("{{\"{field}\": \"touch /tmp/x\"}}");
        let refused = send(
            &pages,
            request("POST", "/api/tasks/fetch/runs").map(|_| Body::from(body)),
        );
        assert_eq!(
            refused.status,
            StatusCode::BAD_REQUEST,
            "{field}: {}",
            refused.body
        );
    }
}

/// GHSA-6qr9-g2xw-cw92: the name of an argument can make a program run another one. Rule: a command takes the parameters that its
/// definition names.
#[test]
fn ghsa_6qr9_g2xw_cw92_no_argument_of_a_command_can_be_made_up() {
    let copy = Task::command("copy", ["rsync", "-a", "in/", "out/"])
        .parameter("bwlimit", "1m")
        .takes("delete");
    let app = TestApp::start(Rocketry::builder().task(copy), "2026-01-01T00:00:00Z").unwrap();
    let pages = dashboard(&app);
    let sent = |method: &str, address: &str, body: &'static str| {
        send(&pages, request(method, address).map(|_| Body::from(body))).status
    };
    let runs = "/api/tasks/copy/runs";
    let evil = r#"{"params": {"rsh": "sh -c 'touch /tmp/x'"}}"#;
    assert_eq!(sent("POST", runs, evil), StatusCode::BAD_REQUEST);
    let value = r#"{"value": "sh -c 'touch /tmp/x'"}"#;
    assert_eq!(
        sent("PUT", "/api/tasks/copy/params/rsh", value),
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        sent("POST", runs, r#"{"params": {"bwlimit": "2m", "delete": "1"}}"#),
        StatusCode::OK
    );
    assert_eq!(
        sent("PUT", "/api/tasks/copy/params/bwlimit", r#"{"value": "3m"}"#),
        StatusCode::OK
    );
}

/// CVE-2023-26141: a stored setting of the browser decided how often a page asked the server. Rule: how often is written in the
/// script, and the server's work for a page is bounded.
#[test]
fn cve_2023_26141_no_stored_value_decides_how_often_a_page_asks() {
    let scripts = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/assets")).unwrap();
    let scripts = scripts.map(|file| file.unwrap().path());
    let scripts: Vec<_> = scripts
        .filter(|file| file.extension().is_some_and(|end| end == "js"))
        .collect();
    assert!(!scripts.is_empty());
    for script in scripts {
        let text = std::fs::read_to_string(&script).unwrap();
        for line in text.lines().filter(|line| line.contains("setInterval(")) {
            let every = line.rsplit_once(", ").map_or("", |(_, rest)| rest);
            assert_eq!(every.trim_end_matches(");").parse(), Ok(15_000_u32), "{line}");
        }
        for (at, _) in text.match_indices("localStorage.getItem") {
            let line = text[at..].lines().next().unwrap();
            assert!(
                !line.contains("Number") && !line.contains("parse"),
                "{}: {line}",
                script.display()
            );
        }
    }
    let app = started();
    let pages = dashboard(&app);
    for address in [
        "/api/log?limit=99999999",
        "/api/tasks?limit=99999999",
        "/api/next?of=hourly&count=99999999",
    ] {
        let answer = send(&pages, request("GET", address));
        assert_eq!(answer.status, StatusCode::OK, "{address}");
        assert!(answer.body.len() < 2_000_000, "{address}: {}", answer.body.len());
    }
}

/// CVE-2024-32887, CVE-2022-40365: a word of the address, or a name, became part of the page as it was. Rule: text stays text.
#[test]
fn cve_2024_32887_cve_2022_40365_what_is_asked_for_is_shown_as_text() {
    let app = started();
    let pages = dashboard(&app);
    let attack = "%22%3E%3Csvg%20onload%3Dalert(1)%3E";
    for page in [
        "tasks?name=",
        "tasks?search=",
        "tasks?sort=",
        "tasks?status=",
        "log?q=",
        "try?statement=",
        "tasks/",
        "runs/",
    ] {
        let body = send(&pages, request("GET", &format!("/{page}{attack}"))).body;
        assert!(!body.contains("<svg onload"), "{page}");
    }
}

/// CVE-2026-27482: requests of other sites were refused for POST and PUT, and forgotten for DELETE. Rule: every method that is
/// not safe is checked, for every route, and a foreign host is not answered for.
#[test]
fn cve_2026_27482_no_method_of_another_site_gets_through() {
    let app = started();
    let pages = dashboard(&app);
    let hosted = Dashboard::new(Access::operator())
        .host("localhost")
        .router(app.session());
    for route in steering() {
        for site in ["cross-site", "same-site"] {
            let mut foreign = to(&route);
            foreign
                .headers_mut()
                .insert("sec-fetch-site", site.parse().unwrap());
            assert_eq!(begin(&pages, foreign), StatusCode::FORBIDDEN, "{site}: {route:?}");
        }
        let mut old_browser = to(&route);
        old_browser.headers_mut().remove("sec-fetch-site");
        old_browser
            .headers_mut()
            .insert("origin", "http://evil.example".parse().unwrap());
        assert_eq!(begin(&pages, old_browser), StatusCode::FORBIDDEN, "{route:?}");
        let mut rebound = to(&route);
        rebound
            .headers_mut()
            .insert("host", "evil.example:8710".parse().unwrap());
        assert_eq!(
            begin(&hosted, rebound),
            StatusCode::MISDIRECTED_REQUEST,
            "{route:?}"
        );
    }
}

/// CVE-2026-3514: addresses that ended in `health` or `ready` needed no authentication, whatever was before. Rule: an address is
/// open only as a whole, in the table of routes.
#[test]
fn cve_2026_3514_no_name_opens_an_address() {
    let app = started();
    let token = Token::generate().unwrap();
    let pages = router(app.session(), Access::tokens([(token.hash(), Role::Reader)]));
    for name in [
        "health",
        "ready",
        "sign-in",
        "check",
        "assets",
        "style.css",
        "..%2fsign-in",
        "sign-in%2fcheck",
        ".",
        "metrics",
    ] {
        for before in [
            "/api/tasks/",
            "/api/runs/",
            "/api/params/",
            "/tasks/",
            "/runs/",
            "/api/",
            "/",
        ] {
            if before == "/" && ["sign-in"].contains(&name) {
                continue;
            }
            let mut program = request("GET", &format!("{before}{name}"));
            program.headers_mut().remove("accept");
            let status = begin(&pages, program);
            assert!(CLOSED.contains(&status), "{before}{name}: {status}");
        }
    }
}

/// CVE-2026-7723: a stream did not ask for the authentication that everything else asked for. Rule: a stream is a route like any
/// other, also when it is asked for as an upgrade.
#[test]
fn cve_2026_7723_streams_need_what_everything_needs() {
    let app = started();
    let token = Token::generate().unwrap();
    let pages = router(app.session(), Access::tokens([(token.hash(), Role::Reader)]));
    for accept in ["text/event-stream", "*/*"] {
        let mut stream = request("GET", "/api/events");
        let headers = stream.headers_mut();
        headers.insert("accept", accept.parse().unwrap());
        headers.insert("connection", "upgrade".parse().unwrap());
        headers.insert("upgrade", "websocket".parse().unwrap());
        assert_eq!(begin(&pages, stream), StatusCode::UNAUTHORIZED, "{accept}");
    }
    let mut known = request("GET", "/api/events");
    let bearer = format!("Bearer {}", token.reveal());
    known
        .headers_mut()
        .insert("authorization", bearer.parse().unwrap());
    assert_eq!(begin(&pages, known), StatusCode::OK);
}
