//! Who may come in: every address is tried with every role.

use axum::http::StatusCode;
use rocketry_dashboard::{Access, Dashboard, Need, Role, Token, router};

use crate::support::{begin, get, request, send, started};

/// Pages that show the app. The addresses of the API are in its table.
const READ: [&str; 17] = [
    "/",
    "/now",
    "/tasks",
    "/tasks/fetch",
    "/runs/1",
    "/graph",
    "/calendar",
    "/calendar.ics",
    "/log",
    "/failures",
    "/audit",
    "/nodes",
    "/settings",
    "/try",
    "/metrics",
    "/nowhere",
    "/api/nowhere",
];

/// Forms of the pages.
const STEER: [&str; 27] = [
    "/tasks/fetch/run",
    "/tasks/fetch/terminate",
    "/tasks/fetch/pause",
    "/tasks/fetch/resume",
    "/tasks/fetch/skip-next",
    "/tasks/fetch/enable",
    "/tasks/fetch/disable",
    "/tasks/fetch/reset",
    "/tasks/fetch/backfill",
    "/tasks/fetch/cancel-backfill",
    "/tasks/fetch/cancel-catch-up",
    "/tasks/fetch/set-start",
    "/tasks/fetch/set-end",
    "/tasks/fetch/set-priority",
    "/tasks/fetch/set-timeout",
    "/tasks/fetch/set-max-running",
    "/tasks/fetch/set-execution",
    "/tasks/fetch/delete",
    "/nodes/a/drain",
    "/settings/set-param",
    "/settings/remove-param",
    "/settings/set-pool",
    "/settings/pause",
    "/settings/resume",
    "/settings/shut-down",
    "/settings/restart",
    "/runs/1/terminate",
];

/// An address as the tests send it.
#[derive(Clone, Debug)]
struct Address {
    method: String,
    path: String,
    action: Option<&'static str>,
}

/// All addresses: those of the pages, and those of the API.
fn all() -> Vec<Address> {
    let page = |method: &str, path: &&str, action| Address {
        method: method.into(),
        path: (*path).into(),
        action,
    };
    let pages = READ.iter().map(|path| page("GET", path, None));
    let forms = STEER
        .iter()
        .map(|path| page("POST", path, path.rsplit('/').next()));
    let api = rocketry_api::all_routes().into_iter().map(|route| Address {
        method: route.method.to_string(),
        path: filled(route.path),
        action: route.action,
    });
    pages.chain(forms).chain(api).collect()
}

/// An address with something in the place of its braces.
fn filled(path: &str) -> String {
    path.replace("{task}", "fetch")
        .replace("{run}", "1")
        .replace("{group}", "db")
        .replace("{param}", "day")
        .replace("{pool}", "threads")
        .replace("{node}", "a")
}

const CLOSED: [StatusCode; 2] = [StatusCode::FORBIDDEN, StatusCode::UNAUTHORIZED];

#[test]
fn a_reader_sees_everything_and_steers_nothing() {
    let app = started();
    let pages = router(app.session(), Access::read_only());
    for address in all() {
        let Address { method, path, action } = &address;
        let status = begin(&pages, request(method, path));
        match action {
            None => assert!(!CLOSED.contains(&status), "{address:?}: {status}"),
            Some(_) => assert_eq!(status, StatusCode::FORBIDDEN, "{address:?}"),
        }
    }
    let task = get(&pages, "/tasks/fetch").body;
    assert!(!task.contains("method=\"post\""), "no button that is refused");
}

#[test]
fn an_operator_is_refused_nothing() {
    for address in all() {
        // An app of its own for each: an address may end it.
        let app = started();
        let pages = router(app.session(), Access::operator());
        let status = begin(&pages, request(&address.method, &address.path));
        assert!(!CLOSED.contains(&status), "{address:?}: {status}");
    }
}

#[test]
fn without_access_no_address_tells_anything() {
    let app = started();
    let pages = router(app.session(), Access::decide(|_| false));
    let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    for address in all() {
        for method in methods {
            let status = begin(&pages, request(method, &address.path));
            let is_closed = status == StatusCode::FORBIDDEN || status == StatusCode::METHOD_NOT_ALLOWED;
            assert!(is_closed, "{method} {address:?}: {status}");
            if method == address.method {
                assert_eq!(status, StatusCode::FORBIDDEN, "{address:?}");
            }
        }
    }
}

#[test]
fn a_function_is_told_what_an_address_does() {
    for allowed in ["pause", "set-start", "shut-down"] {
        let app = started();
        let access = Access::decide(move |asked| asked.action == Some(allowed));
        let pages = router(app.session(), access);
        for address in all().into_iter().filter(|address| address.action.is_some()) {
            let status = begin(&pages, request(&address.method, &address.path));
            assert_eq!(
                status != StatusCode::FORBIDDEN,
                address.action == Some(allowed),
                "{address:?}: {status}"
            );
        }
    }
}

#[test]
fn a_function_decides_by_header_and_need() {
    let app = started();
    let access = Access::decide(|asked| asked.need == Need::Read && asked.headers.contains_key("x-user"));
    let pages = router(app.session(), access);
    let with_user = |method: &str, address: &str| {
        let mut request = request(method, address);
        request.headers_mut().insert("x-user", "ada".parse().unwrap());
        request
    };
    assert_eq!(send(&pages, with_user("GET", "/tasks")).status, StatusCode::OK);
    assert_eq!(
        send(&pages, with_user("POST", "/tasks/fetch/run")).status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(get(&pages, "/tasks").status, StatusCode::FORBIDDEN);
}

#[test]
fn tokens_let_in_by_header_and_by_cookie() {
    let app = started();
    let (reader, operator) = (Token::generate().unwrap(), Token::generate().unwrap());
    let access = Access::tokens([(reader.hash(), Role::Reader), (operator.hash(), Role::Operator)]);
    let pages = router(app.session(), access);
    let with = |method: &str, address: &str, name: &'static str, value: String| {
        let mut request = request(method, address);
        request.headers_mut().insert(name, value.parse().unwrap());
        request
    };
    let bearer = |token: &Token| format!("Bearer {}", token.reveal());
    let cookie = |token: &Token| format!("other=1; rocketry_token={}", token.reveal());

    let anonymous = get(&pages, "/tasks/fetch");
    assert_eq!(
        (anonymous.status, anonymous.header("location")),
        (StatusCode::SEE_OTHER, "../sign-in")
    );
    let mut program = request("GET", "/api/tasks");
    program.headers_mut().remove("accept");
    assert_eq!(send(&pages, program).status, StatusCode::UNAUTHORIZED);

    let cases = [
        ("authorization", bearer(&reader), StatusCode::UNAUTHORIZED),
        ("cookie", cookie(&reader), StatusCode::UNAUTHORIZED),
        ("authorization", bearer(&operator), StatusCode::SEE_OTHER),
        ("cookie", cookie(&operator), StatusCode::SEE_OTHER),
        (
            "authorization",
            "Bearer rocketry_0".into(),
            StatusCode::UNAUTHORIZED,
        ),
    ];
    for (name, value, expected) in cases {
        let answer = send(
            &pages,
            with("POST", "/tasks/fetch/skip-next", name, value.clone()),
        );
        assert_eq!(answer.status, expected, "{name}: {value}");
    }
    assert_eq!(
        send(&pages, with("GET", "/tasks", "cookie", cookie(&reader))).status,
        StatusCode::OK
    );
}

#[test]
fn a_person_signs_in_with_a_token() {
    let app = started();
    let token = Token::generate().unwrap();
    let pages = router(app.session(), Access::tokens([(token.hash(), Role::Reader)]));
    assert_eq!(get(&pages, "/sign-in").status, StatusCode::OK);
    let sign_in = |token: &str| {
        let request = request("POST", "/sign-in/check");
        request.map(|_| axum::body::Body::from(format!("token={token}")))
    };
    let refused = send(&pages, sign_in("rocketry_0"));
    assert_eq!(
        (refused.status, refused.header("set-cookie")),
        (StatusCode::UNAUTHORIZED, "")
    );
    let done = send(&pages, sign_in(token.reveal()));
    assert_eq!(
        (done.status, done.header("location")),
        (StatusCode::SEE_OTHER, "../now")
    );
    assert!(done.header("set-cookie").contains("HttpOnly; SameSite=Strict"));
}

#[test]
fn requests_for_foreign_hosts_are_refused() {
    let app = started();
    let pages = Dashboard::new(Access::operator())
        .host("localhost")
        .router(app.session());
    for (host, expected) in [
        ("localhost:8710", StatusCode::OK),
        ("LOCALHOST", StatusCode::OK),
        ("evil.example:8710", StatusCode::MISDIRECTED_REQUEST),
        ("localhost.evil.example", StatusCode::MISDIRECTED_REQUEST),
        ("localhost:8710@evil.example", StatusCode::MISDIRECTED_REQUEST),
    ] {
        let mut request = request("GET", "/tasks");
        request.headers_mut().insert("host", host.parse().unwrap());
        assert_eq!(send(&pages, request).status, expected, "{host}");
    }
}

#[test]
fn a_token_is_shown_by_its_hash_only() {
    let token = Token::generate().unwrap();
    assert_ne!(token, Token::generate().unwrap());
    assert_eq!(format!("{token:?}"), "Token(…)");
    let hash = token.hash();
    assert_eq!(hash.to_string().parse(), Ok(hash));
    assert!("sha256:12".parse::<rocketry_dashboard::TokenHash>().is_err());
}
