//! The page of the cluster's nodes.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use maud::{Markup, html};
use rocketry_core::cluster::NodeInfo;
use rocketry_core::{Session, Timestamp, Zone};

use super::{Acting, Pages};
use crate::view::{Look, Named, Place, Tab, at, badge, segment};

pub(crate) async fn page(State(pages): State<Pages>, place: Place, headers: HeaderMap) -> Response {
    let may_drain = |node: &NodeInfo| {
        let path = format!("/nodes/{}/drain", segment(&node.instance));
        pages.may_steer(&headers, &path)
    };
    let content = content(pages.api.session(), &may_drain);
    pages.show(&place, Tab::Nodes, "Nodes", Ok(content))
}

pub(crate) async fn drain(
    State(pages): State<Pages>,
    Acting(api): Acting,
    place: Place,
    Named(node): Named,
) -> Response {
    match api.drain_node(&node) {
        Ok(_) => place.go("nodes"),
        Err(problem) => pages.show(&place, Tab::Nodes, "", Err(problem)),
    }
}

fn content(session: &Session, may_drain: &dyn Fn(&NodeInfo) -> bool) -> Markup {
    let (now, zone) = (session.now(), session.config().zone);
    let nodes = session.nodes();
    html! {
        h1 { "Nodes" }
        p.quiet { "One node leads and decides what starts. If it is not heard of for a lease, another one takes over." }
        section #nodes data-live {
            @if !session.is_node() {
                p.quiet { "The app is not a node of a cluster." }
            } @else if nodes.is_empty() {
                p.quiet { "This node has not heard of any yet." }
            } @else {
                @if nodes.iter().all(|node| node.is_lost) {
                    p.mistake role="alert" { "This node can't reach the cluster: it has heard of no node for a lease, not even of itself." }
                }
                (table(&nodes, may_drain, now, zone))
            }
        }
    }
}

fn table(nodes: &[NodeInfo], may_drain: &dyn Fn(&NodeInfo) -> bool, now: Timestamp, zone: Zone) -> Markup {
    let drains = |node: &NodeInfo| !node.is_draining && !node.is_lost && may_drain(node);
    let drains_any = nodes.iter().any(drains);
    html! {
        div.scroll { table {
            thead { tr {
                th { "Node" } th { "Role" } th.number { "Term" } th.number { "Runs" } th { "Lanes" } th { "Version" }
                th { "Last heard of" } th { "Started" }
                @if drains_any { th { "Take out" } }
            } }
            tbody { @for node in nodes {
                tr {
                    th scope="row" title=(node.instance) { bdi { (node.name) } @if node.is_this { " " span.quiet { "this one" } } }
                    td { (role(node)) }
                    td.number { @if let Some(term) = node.term { (term) } }
                    td.number { (node.runs) }
                    td { @for (place, lane) in node.lanes.iter().enumerate() { @if place > 0 { ", " } bdi { (lane) } } }
                    td { @if let Some(version) = &node.version { bdi { (version) } } }
                    td { (at(node.seen, now, zone)) }
                    td { (at(node.started, now, zone)) }
                    @if drains_any { td { @if drains(node) { (drain_form(node)) } } }
                }
            } }
        } }
    }
}

fn drain_form(node: &NodeInfo) -> Markup {
    let question = format!(
        "Drain node `{}`? It takes no new runs, and ends once its runs have ended.",
        node.name
    );
    html! {
        form.inline method="post" action=(format!("nodes/{}/drain", segment(&node.instance))) data-confirm=(question) {
            button.risky aria-label=(format!("Drain {}", node.name)) { "Drain" }
        }
    }
}

/// The role of a node in its cluster.
fn role(node: &NodeInfo) -> Markup {
    let look = |class, shape| Look { class, shape };
    html! {
        @if node.is_lost { (badge(look("bad", "✕"), "lost")) " " }
        @if node.term.is_some() { (badge(look("good", "★"), "leads")) " " }
        @if node.is_draining { (badge(look("cut", "▼"), "drains")) }
        @else if node.term.is_none() && !node.is_lost { (badge(look("idle", "○"), "stands by")) }
    }
}
