//! Reads a statement both as it was written and as the scheduler evaluates it.

use std::borrow::Cow;
use std::sync::Arc;

use rocketry_syntax::ast::CondExpr;

use super::change::{asks, turns};
use super::clockface::Clockface;
use super::node::Node;
use super::outlook::Turn;
use super::reader::Reader;
use super::tree::tree;
use crate::cond::{Custom, Node as Part};
use crate::engine::spec::Statement;
use crate::time::Timestamp;

/// Reads a statement.
pub(super) struct StatementReader<'a> {
    written: Cow<'a, CondExpr<Custom>>,
    root: &'a Part,
    reader: Reader<'a>,
}

impl<'a> StatementReader<'a> {
    pub(super) fn new(statement: &'a Arc<Statement>, reader: Reader<'a>) -> Self {
        StatementReader {
            written: statement.condition.expr(),
            root: &statement.plan.root,
            reader,
        }
    }

    /// The tree of the statement.
    pub(super) fn tree(&self, face: Clockface) -> Node {
        tree(&self.reader, face, &self.written, self.root)
    }

    /// The results of its custom conditions that are still valid.
    pub(super) fn answers(&self) -> Vec<Option<bool>> {
        self.reader.answers()
    }

    /// When time alone next changes its truth.
    pub(super) fn flips_at(&self) -> Option<Timestamp> {
        self.reader.flips_at(self.root)
    }

    /// The parts whose truth changes with time at an instant.
    pub(super) fn turns(&self, at: Timestamp) -> Vec<Turn> {
        turns(&self.reader, &self.written, self.root, at)
    }

    /// The names of the custom conditions on which its truth depends at an instant.
    pub(super) fn asks(&self, at: Timestamp) -> Vec<String> {
        asks(&self.reader, &self.written, self.root, at)
    }
}
