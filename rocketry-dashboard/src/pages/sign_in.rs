//! The sign-in page, which asks for a token.

use axum::Form;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::Pages;
use crate::access::COOKIE;
use crate::view::{Place, Tab, layout};

/// The content of the form.
#[derive(Deserialize)]
pub(crate) struct Given {
    token: String,
}

pub(crate) async fn page(State(pages): State<Pages>, place: Place) -> Response {
    layout(&place, pages.shown(), "Sign in", Tab::None, &form(None)).into_response()
}

/// Stores a valid token in a cookie that scripts can't read and other sites can't send.
pub(crate) async fn check(State(pages): State<Pages>, place: Place, Form(given): Form<Given>) -> Response {
    let token = given.token.trim();
    if !pages.access.knows(token) {
        let refused = form(Some("This token is not known."));
        let page = layout(&place, pages.shown(), "Sign in", Tab::None, &refused);
        return (StatusCode::UNAUTHORIZED, page).into_response();
    }
    let cookie = format!("{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/; Max-Age=2592000");
    let mut response = place.go("now");
    if let Ok(cookie) = cookie.parse() {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

fn form(mistake: Option<&str>) -> Markup {
    // The form is at `sign-in` and at `sign-in/check`.
    let action = if mistake.is_some() {
        "check"
    } else {
        "sign-in/check"
    };
    html! {
        h1 { "Sign in" }
        form.stacked method="post" action=(action) {
            @if let Some(mistake) = mistake { p.mistake role="alert" { (mistake) } }
            label for="token" { "Token" }
            input #token type="password" name="token" autocomplete="current-password" required;
            button { "Sign in" }
        }
    }
}
