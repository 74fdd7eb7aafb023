//! The page of the nodes of a cluster.

use axum::http::StatusCode;
use rocketry_core::testing::TestApp;
use rocketry_core::{Config, Phase, Rocketry};
use rocketry_dashboard::{Access, router};

use crate::support::{dashboard, get, post, started};
use crate::three::Three;

/// The node of a cluster that leads.
fn node(cluster: &Three) -> TestApp {
    let config = Config {
        node: Some("<main>".into()),
        ..Config::default()
    };
    cluster.start(Rocketry::builder().config(config))
}

#[test]
fn the_nodes_have_a_page() {
    let app = node(&Three::default());
    let page = get(&dashboard(&app), "/nodes").body;
    assert!(page.contains("<bdi>&lt;main&gt;</bdi>"), "{page}");
    let told = [
        "leads",
        "drains",
        "lost",
        ">7<",
        "<bdi>gpu</bdi>, <bdi>eu</bdi>",
        "1.1.9",
        "1 min 35 s ago",
    ];
    for told in told {
        assert!(page.contains(told), "{told}: {page}");
    }
    // Only a node that is there and does not drain yet has a button.
    assert_eq!(page.matches("/drain\"").count(), 1, "{page}");
    let reader = get(&router(app.session(), Access::read_only()), "/nodes").body;
    assert!(!reader.contains("/drain"), "{reader}");
}

#[test]
fn only_a_node_has_the_section() {
    let section = "href=\"/nodes\"";
    let app = node(&Three::default());
    assert!(get(&dashboard(&app), "/now").body.contains("data-key=\"o\""));
    let alone = started();
    let pages = dashboard(&alone);
    let now = get(&pages, "/now").body;
    assert!(!now.contains("data-key=\"o\"") && !now.contains(section), "{now}");
    let page = get(&pages, "/nodes");
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains("The app is not a node of a cluster."),
        "{}",
        page.body
    );
}

#[test]
fn a_node_is_drained_by_a_button() {
    let cluster = Three::default();
    let app = node(&cluster);
    let pages = dashboard(&app);
    let gone = post(&pages, "/nodes/worker-2%2342-1/drain");
    assert_eq!(
        (gone.status, gone.header("location")),
        (StatusCode::SEE_OTHER, "../../nodes")
    );
    assert_eq!(*cluster.asked_to_drain.lock().unwrap(), ["worker-2#42-1"]);
    let unknown = post(&pages, "/nodes/worker/drain");
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(unknown.body.contains("did you mean"), "{}", unknown.body);
    let own = app
        .session()
        .nodes()
        .into_iter()
        .find(|node| node.is_this)
        .unwrap();
    let address = format!(
        "/nodes/{}/drain",
        own.instance
            .replace('#', "%23")
            .replace('<', "%3C")
            .replace('>', "%3E")
    );
    assert_eq!(post(&pages, &address).status, StatusCode::SEE_OTHER);
    assert_eq!(app.session().phase(), Phase::Closing);
}
