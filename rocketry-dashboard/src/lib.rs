//! A web dashboard for Rocketry apps: pages for operators, and the HTTP API, at one address.
//!
//! An app serves it with one line:
//!
//! ```no_run
//! use rocketry::prelude::*;
//! use rocketry_dashboard::WithDashboard;
//!
//! Rocketry::new().dashboard("127.0.0.1:8710").run()?;
//! # Ok::<(), rocketry::Error>(())
//! ```
//!
//! A program with a web server can nest it:
//!
//! ```no_run
//! use rocketry::prelude::*;
//! use rocketry_dashboard::{Access, router};
//!
//! let app = Rocketry::new().build()?;
//! let pages = axum::Router::<()>::new().nest("/jobs", router(&app.session(), Access::read_only()));
//! # Ok::<(), rocketry::Error>(())
//! ```
//!
//! The pages are rendered on the server and readable without JavaScript. With it, they follow the events of
//! the app.

mod access;
mod assets;
mod calendar;
mod dashboard;
mod guard;
mod metrics;
mod pages;
mod routes;
mod server;
mod token;
mod view;

pub use access::{Access, Asked, Grant, Need, Role, Verdict};
pub use dashboard::{Dashboard, router};
pub use server::WithDashboard;
pub use token::{NoRandomness, NoTokenHash, Token, TokenHash};
