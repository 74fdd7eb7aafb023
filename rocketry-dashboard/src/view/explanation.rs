//! An explanation as a tree: the parts of the statement, with the value behind each part and when it may
//! change.

use maud::{Markup, html};
use rocketry_core::explain::{Explanation, Join, Node};
use rocketry_core::{Timestamp, Zone};

use super::instant::at;

/// The sentence, the holds and the tree.
pub(crate) fn explanation(explained: &Explanation) -> Markup {
    let (now, zone) = (explained.at, explained.zone);
    html! {
        p.sentence { bdi { (explained.sentence) } }
        @if !explained.holds.is_empty() {
            ul.holds { @for held in &explained.holds {
                li.held { "■ waits for " bdi { (held.text) } @if let Some(until) = held.until { ", until " (at(until, now, zone)) } }
            } }
        }
        (tree(explained))
        @for gap in &explained.gaps { p.quiet { bdi { (gap) } } }
    }
}

/// The tree of the start condition.
pub(crate) fn tree(explained: &Explanation) -> Markup {
    html! {
        @if let Some(start) = &explained.start {
            ul.tree aria-label="Why" { (node(start, explained.at, explained.zone)) }
        }
    }
}

fn node(part: &Node, now: Timestamp, zone: Zone) -> Markup {
    let (shape, class, word) = match part.truth {
        Some(true) => ("✓", "good", "true"),
        Some(false) => ("✕", "idle", "false"),
        None => ("?", "cut", "unknown"),
    };
    let joined = match part.join {
        Join::Leaf => None,
        Join::All => Some("all of"),
        Join::Any => Some("any of"),
        Join::Not => Some("not"),
    };
    html! {
        li {
            span class={ "badge " (class) } { span aria-hidden="true" { (shape) } span.hidden { (word) } }
            @match joined {
                Some(joined) => { " " (joined) },
                None => { " " code { bdi { (part.name()) } } },
            }
            @if !part.value.is_empty() { " " span.quiet { bdi { (part.value) } } }
            @if let Some(flips) = part.flips_at { " " span.quiet { "· changes " (at(flips, now, zone)) } }
            @if !part.flips_on.is_empty() {
                " " span.quiet { "· may change with " @for (index, trigger) in part.flips_on.iter().enumerate() {
                    @if index > 0 { ", " } bdi { (trigger) }
                } }
            }
            @if !part.members.is_empty() { ul { @for member in &part.members { (node(member, now, zone)) } } }
        }
    }
}
