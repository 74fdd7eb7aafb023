//! The app itself.

use axum::extract::State;
use rocketry_core::Failure;

use crate::reply::{Json, Reply};
use crate::state::Api;
use crate::types::AppInfo;

pub(super) async fn info(State(api): State<Api>) -> Json<AppInfo> {
    Json(api.info())
}

pub(super) async fn failures(State(api): State<Api>) -> Reply<Vec<Failure>> {
    Ok(Json(api.session().failures()))
}
