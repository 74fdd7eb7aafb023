//! What changes when a statement becomes true: its parts, the custom conditions that have to be evaluated,
//! and the required events.

use rocketry_syntax::ast::CondExpr;

use super::node::{Join, Node};
use super::outlook::Turn;
use super::reader::Reader;
use super::trigger::Trigger;
use crate::cond::{Custom, Node as Part};
use crate::time::Timestamp;

/// The parts of a statement whose truth changes with time at an instant. A part with a label represents all
/// of its members.
pub(super) fn turns(
    reader: &Reader<'_>,
    written: &CondExpr<Custom>,
    part: &Part,
    at: Timestamp,
) -> Vec<Turn> {
    if !reader.turns_at(part, at) {
        return Vec::new();
    }
    let turn = |name: String| {
        let to = reader.verdict(part, at).truth;
        vec![Turn { name, to }]
    };
    match (written, part) {
        (CondExpr::Custom(Custom::Labelled(labelled)), _) => turn(labelled.label.to_string()),
        (CondExpr::All(written), Part::All(parts)) | (CondExpr::Any(written), Part::Any(parts)) => {
            let pairs = written.iter().zip(parts);
            pairs
                .flat_map(|(written, part)| turns(reader, written, part, at))
                .collect()
        }
        (CondExpr::Not(written), Part::Not(inner)) => turns(reader, written, inner, at),
        _ => turn(written.to_string()),
    }
}

/// The names of the custom conditions on which the truth of a statement depends at an instant.
pub(super) fn asks(
    reader: &Reader<'_>,
    written: &CondExpr<Custom>,
    part: &Part,
    at: Timestamp,
) -> Vec<String> {
    if reader.verdict(part, at).truth.is_some() {
        return Vec::new();
    }
    match (written, part) {
        (CondExpr::Custom(Custom::Labelled(labelled)), _) => vec![labelled.label.to_string()],
        (CondExpr::All(written), Part::All(parts)) | (CondExpr::Any(written), Part::Any(parts)) => {
            let pairs = written.iter().zip(parts);
            pairs
                .flat_map(|(written, part)| asks(reader, written, part, at))
                .collect()
        }
        (CondExpr::Not(written), Part::Not(inner)) => asks(reader, written, inner, at),
        _ => vec![written.to_string()],
    }
}

/// The events that may make a part true. For a joined part, these are the events of the members that have to
/// change.
pub(super) fn triggers(node: &Node) -> Vec<Trigger> {
    let decisive = match node.join {
        Join::Leaf => return node.flips_on.clone(),
        Join::All => Some(false),
        Join::Any => Some(true),
        Join::Not => None,
    };
    let is_decided = node.truth.is_some() && node.truth == decisive;
    let concerned = node
        .members
        .iter()
        .filter(|member| !is_decided || member.truth == decisive);
    let mut found: Vec<Trigger> = Vec::new();
    for trigger in concerned.flat_map(triggers) {
        if !found.contains(&trigger) {
            found.push(trigger);
        }
    }
    found
}
