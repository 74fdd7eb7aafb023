//! The nodes of a cluster.

use rocketry_core::testing::TestApp;
use rocketry_core::{Config, Rocketry, Zone};

use super::expected::expect;
use super::shop::{printed, shop};
use super::three::Three;

/// The node of a cluster that leads.
fn node(cluster: &Three) -> TestApp {
    let config = Config {
        node: Some("main".into()),
        zone: Zone::UTC,
        console: false,
        ..Config::default()
    };
    cluster.start(Rocketry::builder().config(config).version("1.2.0"))
}

#[test]
fn nodes_are_listed() {
    let app = node(&Three::default());
    for width in [80, 120] {
        expect(&format!("nodes-{width}"), &printed(&app, &["nodes"], width));
    }
    let own = app
        .session()
        .nodes()
        .into_iter()
        .find(|node| node.is_this)
        .unwrap();
    for format in ["json", "csv"] {
        let text = printed(&app, &["nodes", "-o", format], 80);
        expect(
            &format!("nodes-{format}"),
            &text.replace(&*own.instance, "main#1"),
        );
    }
    expect("nodes-none", &printed(&shop(), &["nodes"], 80));
}

#[test]
fn a_node_is_drained_by_its_name() {
    let cluster = Three::default();
    let app = node(&cluster);
    expect("drain-unknown", &printed(&app, &["drain", "worker-3"], 80));
    expect("drain-node", &printed(&app, &["drain", "worker-2"], 80));
    assert_eq!(*cluster.asked_to_drain.lock().unwrap(), ["worker-2#42-1"]);
    expect("drain", &printed(&app, &["drain"], 80));
    assert_eq!(app.session().phase(), rocketry_core::Phase::Closing);
    expect("drain-none", &printed(&shop(), &["drain"], 80));
}
