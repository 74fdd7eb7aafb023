//! The open spans, and the spans that each thread is in.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tracing::span::{Attributes, Id, Record};

use super::fields::Fields;

#[derive(Default)]
pub(super) struct Spans(Mutex<Open>);

#[derive(Default)]
struct Open {
    last: u64,
    spans: HashMap<u64, Span>,
}

struct Span {
    parent: Option<Id>,
    fields: Fields,
    /// The number of handles, including those of children.
    handles: usize,
}

thread_local! {
    /// The spans that this thread has entered, the innermost last.
    static ENTERED: RefCell<Vec<Id>> = const { RefCell::new(Vec::new()) };
}

impl Open {
    /// Releases a handle. Returns the span if it was the last one.
    fn release(&mut self, span: &Id) -> Option<Span> {
        let number = span.into_u64();
        let open = self.spans.get_mut(&number)?;
        open.handles -= 1;
        if open.handles > 0 {
            return None;
        }
        self.spans.remove(&number)
    }
}

impl Spans {
    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, attributes: &Attributes<'_>) -> Id {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let contextual = || {
            if attributes.is_contextual() {
                Spans::current()
            } else {
                None
            }
        };
        let parent = attributes.parent().cloned().or_else(contextual);
        let mut open = self.open();
        if let Some(parent) = parent
            .as_ref()
            .and_then(|parent| open.spans.get_mut(&parent.into_u64()))
        {
            parent.handles += 1;
        }
        open.last += 1;
        let number = open.last;
        open.spans.insert(
            number,
            Span {
                parent,
                fields,
                handles: 1,
            },
        );
        Id::from_u64(number)
    }

    pub(super) fn record(&self, span: &Id, values: &Record<'_>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        if let Some(span) = self.open().spans.get_mut(&span.into_u64()) {
            span.fields.add_missing(fields);
        }
    }

    pub(super) fn share(&self, span: &Id) {
        if let Some(span) = self.open().spans.get_mut(&span.into_u64()) {
            span.handles += 1;
        }
    }

    /// Releases a handle. Returns whether it was the last one; the last one also releases its parent.
    pub(super) fn release(&self, span: &Id) -> bool {
        let mut open = self.open();
        let mut next = Some(span.clone());
        let mut closed = 0;
        while let Some(removed) = next.and_then(|span| open.release(&span)) {
            closed += 1;
            next = removed.parent;
        }
        closed > 0
    }

    pub(super) fn enter(span: &Id) {
        ENTERED.with_borrow_mut(|entered| entered.push(span.clone()));
    }

    pub(super) fn exit(span: &Id) {
        ENTERED.with_borrow_mut(|entered| {
            if let Some(place) = entered.iter().rposition(|other| other == span) {
                entered.remove(place);
            }
        });
    }

    /// The current span of this thread.
    pub(super) fn current() -> Option<Id> {
        ENTERED.with_borrow(|entered| entered.last().cloned())
    }

    /// The fields of a span and its parents.
    pub(super) fn fields_around(&self, innermost: &Id) -> Fields {
        let open = self.open();
        let mut all = Fields::default();
        let mut next = Some(innermost);
        while let Some(span) = next.and_then(|span| open.spans.get(&span.into_u64())) {
            all.add_missing(span.fields.clone());
            next = span.parent.as_ref();
        }
        all
    }
}

#[cfg(test)]
impl Spans {
    /// The number of open spans.
    pub(super) fn count(&self) -> usize {
        self.open().spans.len()
    }
}
