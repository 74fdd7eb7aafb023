//! What is told with `tracing`, on whatever thread.

use std::cell::RefCell;
use std::fmt::{Debug, Write};
use std::sync::{Mutex, OnceLock};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Everything that was told in this process, from when it was first asked for on: a line an event, its level first, and
/// the spans that it is in at the end.
pub(crate) fn told() -> &'static Told {
    static TOLD: OnceLock<&'static Told> = OnceLock::new();
    TOLD.get_or_init(|| {
        let told: &'static Told = Box::leak(Box::default());
        tracing::subscriber::set_global_default(Listener(told, Mutex::default()))
            .expect("nobody else listens");
        told
    })
}

#[derive(Default)]
pub(crate) struct Told(Mutex<Vec<String>>);

impl Told {
    /// The lines with a word in them.
    pub(crate) fn with(&self, word: &str) -> Vec<String> {
        let lines = self.0.lock().expect("nothing panics here");
        lines.iter().filter(|line| line.contains(word)).cloned().collect()
    }
}

thread_local! {
    /// The spans that this thread is in.
    static ENTERED: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

struct Listener(&'static Told, Mutex<Vec<String>>);

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
        let mut spans = self.1.lock().expect("nothing panics here");
        spans.push(line.0);
        Id::from_u64(spans.len() as u64)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().level().to_string());
        event.record(&mut line);
        let spans = self.1.lock().expect("nothing panics here");
        for id in ENTERED.with_borrow(Vec::clone) {
            let span = usize::try_from(id).expect("a place") - 1;
            // Writing into a string cannot fail.
            let _ = write!(line.0, " [{}]", spans[span]);
        }
        self.0.0.lock().expect("nothing panics here").push(line.0);
    }

    fn enter(&self, span: &Id) {
        ENTERED.with_borrow_mut(|entered| entered.push(span.into_u64()));
    }

    fn exit(&self, _: &Id) {
        ENTERED.with_borrow_mut(Vec::pop);
    }
}
