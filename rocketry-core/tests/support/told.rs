//! The events and spans of `tracing`, on any thread.

use std::cell::RefCell;
use std::fmt::{Debug, Write};
use std::sync::{Mutex, OnceLock};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use tracing_core::span::Current;

/// Everything that was told in this process, from when it was first asked for on: a line an event, its level first, and
/// the spans that it is in at the end.
pub(crate) fn told() -> &'static Told {
    static TOLD: OnceLock<&'static Told> = OnceLock::new();
    TOLD.get_or_init(|| {
        let told: &'static Told = Box::leak(Box::default());
        tracing::subscriber::set_global_default(Listener(told)).expect("nobody else listens");
        told
    })
}

#[derive(Default)]
pub(crate) struct Told {
    lines: Mutex<Vec<String>>,
    spans: Mutex<Vec<OpenSpan>>,
}

struct OpenSpan {
    metadata: &'static Metadata<'static>,
    /// Its name and fields, and the spans that it is in or follows from.
    text: String,
}

impl Told {
    /// The lines with a word in them.
    pub(crate) fn with(&self, word: &str) -> Vec<String> {
        let lines = self.lines.lock().expect("nothing panics here");
        lines.iter().filter(|line| line.contains(word)).cloned().collect()
    }

    /// The spans with a word in them: their fields, and what they are in or follow from.
    #[allow(dead_code, reason = "not all who share this file look at spans")]
    pub(crate) fn spans_with(&self, word: &str) -> Vec<String> {
        let spans = self.spans.lock().expect("nothing panics here");
        let texts = spans.iter().map(|span| &span.text);
        texts.filter(|text| text.contains(word)).cloned().collect()
    }

    fn text(&self, span: &Id) -> String {
        self.spans.lock().expect("nothing panics here")[place(span)]
            .text
            .clone()
    }

    fn add(&self, span: &Id, words: &str) {
        self.spans.lock().expect("nothing panics here")[place(span)]
            .text
            .push_str(words);
    }
}

fn place(span: &Id) -> usize {
    usize::try_from(span.into_u64()).expect("a place") - 1
}

thread_local! {
    /// The spans that this thread is in.
    static ENTERED: RefCell<Vec<Id>> = const { RefCell::new(Vec::new()) };
}

struct Listener(&'static Told);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Writing into a string cannot fail.
        let _ = match field.name() {
            "message" => write!(self.0, " {value:?}"),
            name => write!(self.0, " {name}={value:?}"),
        };
    }
}

impl Subscriber for Listener {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut line = Line(span.metadata().name().to_owned());
        span.record(&mut line);
        if let Some(parent) = span.parent() {
            // Writing into a string cannot fail.
            let _ = write!(line.0, " parent=[{}]", self.0.text(parent));
        }
        let mut spans = self.0.spans.lock().expect("nothing panics here");
        spans.push(OpenSpan {
            metadata: span.metadata(),
            text: line.0,
        });
        Id::from_u64(spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut line = Line(String::new());
        values.record(&mut line);
        self.0.add(span, &line.0);
    }

    fn record_follows_from(&self, span: &Id, follows: &Id) {
        let text = format!(" follows=[{}]", self.0.text(follows));
        self.0.add(span, &text);
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().level().to_string());
        event.record(&mut line);
        for id in ENTERED.with_borrow(Vec::clone) {
            // Writing into a string cannot fail.
            let _ = write!(line.0, " [{}]", self.0.text(&id));
        }
        self.0.lines.lock().expect("nothing panics here").push(line.0);
    }

    fn enter(&self, span: &Id) {
        ENTERED.with_borrow_mut(|entered| entered.push(span.clone()));
    }

    fn exit(&self, _: &Id) {
        ENTERED.with_borrow_mut(Vec::pop);
    }

    fn current_span(&self) -> Current {
        let Some(id) = ENTERED.with_borrow(|entered| entered.last().cloned()) else {
            return Current::none();
        };
        let spans = self.0.spans.lock().expect("nothing panics here");
        let metadata = spans[place(&id)].metadata;
        Current::new(id, metadata)
    }
}
