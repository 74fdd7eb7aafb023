//! Who may come in: every address is tried with every role.

use axum::http::StatusCode;
use rocketry_dashboard::{Access, Dashboard, Need, Role, Token, router};

use crate::support::{get, post, request, send, started};

/// Addresses that show the app.
const READ: [&str; 19] = [
    "/",
    "/now",
    "/tasks",
    "/tasks/fetch",
    "/runs/1",
    "/log",
    "/failures",
    "/settings",
    "/try",
    "/metrics",
    "/nowhere",
    "/api/app",
    "/api/tasks",
    "/api/tasks/fetch",
    "/api/runs",
    "/api/log",
    "/api/events",
    "/api/failures",
    "/api/nowhere",
];

/// Addresses that steer the app.
const STEER: [&str; 12] = [
    "/tasks/fetch/run",
    "/tasks/fetch/terminate",
    "/tasks/fetch/pause",
    "/tasks/fetch/resume",
    "/tasks/fetch/skip-next",
    "/tasks/fetch/enable",
    "/tasks/fetch/disable",
    "/runs/1/terminate",
    "/api/tasks/fetch/runs",
    "/api/tasks/fetch/enable",
    "/api/tasks/fetch/disable",
    "/api/runs/1/terminate",
];

const CLOSED: [StatusCode; 2] = [StatusCode::FORBIDDEN, StatusCode::UNAUTHORIZED];

#[test]
fn a_reader_sees_everything_and_steers_nothing() {
    let app = started();
    let pages = router(app.session(), Access::read_only());
    for address in READ.iter().filter(|address| **address != "/api/events") {
        assert!(!CLOSED.contains(&get(&pages, address).status), "{address}");
    }
    for address in STEER {
        assert_eq!(post(&pages, address).status, StatusCode::FORBIDDEN, "{address}");
    }
    let task = get(&pages, "/tasks/fetch").body;
    assert!(!task.contains("method=\"post\""), "no button that is refused");
}

#[test]
fn without_access_no_address_tells_anything() {
    let app = started();
    let pages = router(app.session(), Access::decide(|_| false));
    for address in READ {
        assert_eq!(get(&pages, address).status, StatusCode::FORBIDDEN, "{address}");
    }
    for address in STEER {
        assert_eq!(post(&pages, address).status, StatusCode::FORBIDDEN, "{address}");
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
