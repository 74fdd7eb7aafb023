//! The dashboard, asked as a browser asks it.

mod access;
mod actions;
mod hostile;
mod pages;
mod served;
mod support;
