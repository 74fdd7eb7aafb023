//! The tree of a statement as it was written.

use rocketry_syntax::ast::{After, CondExpr, Quantifier};

use super::clockface::Clockface;
use super::leaf::{evidence, triggers};
use super::node::{Join, Node};
use super::reader::Reader;
use super::since;
use crate::cond::{Custom, Node as Part};

/// The tree of a part of a statement: as it was written, and as the scheduler evaluates it.
pub(super) fn tree(reader: &Reader<'_>, face: Clockface, written: &CondExpr<Custom>, part: &Part) -> Node {
    let node = |written: &CondExpr<Custom>, part: &Part| tree(reader, face, written, part);
    let nodes = |written: &[CondExpr<Custom>], parts: &[Part]| {
        let pairs = written.iter().zip(parts);
        pairs.map(|(written, part)| node(written, part)).collect()
    };
    let joined = |join, members| joined(reader, join, members, written, part);
    match (written, part) {
        (CondExpr::Custom(Custom::Labelled(labelled)), part) => Node {
            label: Some(labelled.label.to_string()),
            ..node(&labelled.part, part)
        },
        (CondExpr::All(written), Part::All(parts)) => joined(Join::All, nodes(written, parts)),
        (CondExpr::Any(written), Part::Any(parts)) => joined(Join::Any, nodes(written, parts)),
        (CondExpr::After(after), Part::All(parts)) => joined(Join::All, nodes(&each(after), parts)),
        (CondExpr::After(after), Part::Any(parts)) => joined(Join::Any, nodes(&each(after), parts)),
        (CondExpr::Not(written), Part::Not(inner)) => joined(Join::Not, vec![node(written, inner)]),
        _ => leaf(reader, face, written, part),
    }
}

/// The parts of a condition about several tasks, one for each.
fn each(after: &After) -> Vec<CondExpr<Custom>> {
    let one = |task: &String| {
        CondExpr::After(After {
            quantifier: Quantifier::One,
            tasks: vec![task.clone()],
            ..after.clone()
        })
    };
    after.tasks.iter().map(one).collect()
}

fn joined(
    reader: &Reader<'_>,
    join: Join,
    members: Vec<Node>,
    written: &CondExpr<Custom>,
    part: &Part,
) -> Node {
    let truth = reader.verdict(part, reader.now()).truth;
    Node {
        text: written.to_string(),
        label: None,
        join,
        truth,
        value: String::new(),
        evidence: None,
        since: truth.and_then(|truth| since::of_joined(join, truth, &members)),
        flips_at: reader.flips_at(part),
        flips_on: Vec::new(),
        members,
    }
}

fn leaf(reader: &Reader<'_>, face: Clockface, written: &CondExpr<Custom>, part: &Part) -> Node {
    let truth = reader.verdict(part, reader.now()).truth;
    let evidence = evidence(reader, part);
    Node {
        text: written.to_string(),
        label: None,
        join: Join::Leaf,
        truth,
        value: evidence.words(face),
        evidence: Some(evidence),
        since: truth.and_then(|truth| since::of_leaf(reader, part, truth)),
        flips_at: reader.flips_at(part),
        flips_on: triggers(reader, part, truth),
        members: Vec::new(),
    }
}
