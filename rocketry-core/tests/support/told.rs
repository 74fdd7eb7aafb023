//! What is told with `tracing`, on whatever thread.

use std::fmt::{Debug, Write};
use std::sync::{Mutex, OnceLock};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Everything that was told in this process, from when it was first asked for on: a line an event, its level first.
pub(crate) fn told() -> &'static Told {
    static TOLD: OnceLock<&'static Told> = OnceLock::new();
    TOLD.get_or_init(|| {
        let told: &'static Told = Box::leak(Box::default());
        tracing::subscriber::set_global_default(Listener(told)).expect("nobody else listens");
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

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().level().to_string());
        event.record(&mut line);
        self.0.0.lock().expect("nothing panics here").push(line.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
