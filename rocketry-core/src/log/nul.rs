//! Replacement of the character U+0000, which some logs can't store.

use std::sync::Arc;

use super::cause::Cause;
use super::past::Fact;
use super::record::{Extra, Record};
use crate::param::RunId;

impl Record {
    /// Returns the record with each U+0000 in its texts replaced with U+FFFD, for a log that can't store that
    /// character.
    #[must_use]
    pub fn without_nul(&self) -> Self {
        let mut record = self.clone();
        replace(&mut record.task);
        if let RunId::Name(name) = &mut record.run_id {
            replace(name);
        }
        record.message.iter_mut().for_each(replace);
        if let Some(extra) = &mut record.extra
            && texts(&mut Extra::clone(extra)).any(|text| text.contains('\0'))
        {
            texts(Arc::make_mut(extra)).for_each(replace);
        }
        record
    }
}

impl Fact {
    /// Returns the fact with each U+0000 in its texts replaced with U+FFFD, for a log that can't store that
    /// character.
    #[must_use]
    pub fn without_nul(&self) -> Self {
        let mut fact = self.clone();
        replace(&mut fact.key);
        fact.value.iter_mut().for_each(replace);
        fact
    }
}

/// The texts of an extra.
fn texts(extra: &mut Extra) -> impl Iterator<Item = &mut Arc<str>> {
    let output = extra.process.as_mut().map(|process| &mut process.output);
    let by = match &mut extra.cause {
        Some(Cause::Request { by } | Cause::Batch { by } | Cause::Backfill { by }) => by.as_mut(),
        _ => None,
    };
    let others = [&mut extra.params, &mut extra.result, &mut extra.version];
    let upstream = extra.upstream.iter_mut().flat_map(|run| {
        let name = match &mut run.run_id {
            RunId::Name(name) => Some(name),
            RunId::Number(_) => None,
        };
        [Some(&mut run.task), name]
    });
    let texts = [output, by].into_iter().chain(upstream).flatten();
    texts.chain(others.into_iter().flatten())
}

fn replace(text: &mut Arc<str>) {
    if text.contains('\0') {
        *text = text.replace('\0', "\u{FFFD}").into();
    }
}
