//! The frame of every page.

use maud::{DOCTYPE, Markup, html};

use super::Place;
use crate::assets::{ICON, LIVE, STYLE, THEME};

/// The section of the dashboard that a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tab {
    Now,
    Tasks,
    Graph,
    Calendar,
    Log,
    Failures,
    Audit,
    Nodes,
    Settings,
    Try,
    None,
}

/// The sections: their names, their addresses below the root, and the keys that lead to them after `g`.
const TABS: [(Tab, &str, &str, &str); 10] = [
    (Tab::Now, "Now", "now", "n"),
    (Tab::Tasks, "Tasks", "tasks", "t"),
    (Tab::Graph, "Graph", "graph", "g"),
    (Tab::Calendar, "Calendar", "calendar", "c"),
    (Tab::Log, "Log", "log", "l"),
    (Tab::Failures, "Failures", "failures", "f"),
    (Tab::Audit, "Audit", "audit", "a"),
    (Tab::Nodes, "Nodes", "nodes", "o"),
    (Tab::Settings, "Settings", "settings", "s"),
    (Tab::Try, "What if", "try", "w"),
];

/// The app that the pages are of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Whether it is a node of a cluster.
    pub(crate) is_node: bool,
}

impl Shown<'_> {
    /// The sections. That of the nodes is there for a node only.
    fn tabs(self) -> impl Iterator<Item = &'static (Tab, &'static str, &'static str, &'static str)> {
        TABS.iter()
            .filter(move |(tab, ..)| self.is_node || *tab != Tab::Nodes)
    }
}

/// A whole page.
pub(crate) fn layout(place: &Place, app: Shown<'_>, title: &str, tab: Tab, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" data-root=(place.root) {
            (head(place, app.name, title))
            body {
                a.skip href="#content" { "Skip to the content" }
                (header(place, app, tab))
                main #content tabindex="-1" { (content) }
                (help(app))
            }
        }
    }
}

fn head(place: &Place, app: &str, title: &str) -> Markup {
    let asset = |name: &str| format!("{}assets/{name}", place.root);
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { (title) " · " (app) }
            link rel="icon" href=(asset(&ICON.name)) type="image/svg+xml";
            link rel="stylesheet" href=(asset(&STYLE.name));
            script src=(asset(&THEME.name)) {}
            script src=(asset(&LIVE.name)) type="module" {}
        }
    }
}

fn header(place: &Place, app: Shown<'_>, tab: Tab) -> Markup {
    let link = |address: &str| format!("{}{address}", place.root);
    html! {
        header {
            a.app href=(link("now")) { (app.name) }
            nav aria-label="Sections" {
                @for (of, name, address, key) in app.tabs() {
                    a href=(link(address)) data-key=(key) aria-current=[(*of == tab).then_some("page")] { (name) }
                }
            }
            form.find action=(link("tasks")) role="search" {
                input #find type="search" name="name" placeholder="Find a task  /" aria-label="Find a task";
            }
            span #live.live role="status" {}
            button #theme.scripted type="button" title="Light or dark" aria-label="Switch between light and dark" { "◐" }
            button #keys.scripted type="button" title="Keys" aria-label="Show the keys" { "?" }
        }
    }
}

/// The list of keys, which a script opens.
fn help(app: Shown<'_>) -> Markup {
    html! {
        dialog #help aria-labelledby="help-title" {
            h2 #help-title { "Keys" }
            dl {
                dt { kbd { "/" } } dd { "find a task" }
                @for (_, name, _, key) in app.tabs() { dt { kbd { "g" } " " kbd { (key) } } dd { (name) } }
                dt { kbd { "?" } } dd { "this list" }
            }
            form method="dialog" { button { "Close" } }
        }
    }
}
