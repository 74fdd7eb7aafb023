//! Readable log lines on standard error.

mod fields;
mod json;
mod log_event;
mod pretty;
mod spans;

use std::io::{IsTerminal, Write, stderr};
use std::sync::OnceLock;
use std::time::SystemTime;

use clap::ValueEnum;
use rocketry_core::Zone;
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber, dispatcher};

use crate::output::{Paint, paint};
use fields::Fields;
use log_event::LogEvent;
use spans::Spans;

/// The format of log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// A readable line
    #[default]
    Pretty,
    /// A JSON object per line
    Json,
}

/// The zone of the times, once the app is built.
static ZONE: OnceLock<Zone> = OnceLock::new();

/// Prints events from now on, unless a `tracing` subscriber is set.
pub(crate) fn install(format: LogFormat, no_colour: bool) {
    if dispatcher::has_been_set() {
        return;
    }
    let lines = LogLines {
        format,
        paint: paint(stderr().is_terminal(), no_colour),
        spans: Spans::default(),
    };
    // Another thread may have set one just now.
    let _ = tracing::subscriber::set_global_default(lines);
}

/// Shows times in a zone from now on.
pub(crate) fn follow_zone(zone: Zone) {
    // The app is built once.
    let _ = ZONE.set(zone);
}

/// A subscriber of `tracing` that writes lines.
struct LogLines {
    format: LogFormat,
    paint: Paint,
    spans: Spans,
}

impl Subscriber for LogLines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let is_ours = metadata.target().starts_with("rocketry");
        *metadata.level() <= if is_ours { Level::DEBUG } else { Level::INFO }
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::DEBUG)
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        self.spans.add(attributes)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        self.spans.record(span, values);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let parent = event.parent().cloned().or_else(|| {
            if event.is_contextual() {
                Spans::current()
            } else {
                None
            }
        });
        if let Some(parent) = parent {
            fields.add_missing(self.spans.fields_around(&parent));
        }
        let told = LogEvent {
            at: SystemTime::now().into(),
            level: *event.metadata().level(),
            target: event.metadata().target(),
            fields,
        };
        let line = match self.format {
            LogFormat::Pretty => pretty::line(
                &told,
                ZONE.get().copied().unwrap_or_else(Zone::system),
                self.paint,
            ),
            LogFormat::Json => json::line(told),
        };
        // If standard error can't be written, the error is ignored.
        let _ = stderr().lock().write_all(line.as_bytes());
    }

    fn enter(&self, span: &Id) {
        Spans::enter(span);
    }

    fn exit(&self, span: &Id) {
        Spans::exit(span);
    }

    fn clone_span(&self, span: &Id) -> Id {
        self.spans.share(span);
        span.clone()
    }

    fn try_close(&self, span: Id) -> bool {
        self.spans.release(&span)
    }
}
