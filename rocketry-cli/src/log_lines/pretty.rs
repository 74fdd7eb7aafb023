//! A readable line: time, level, task and run, message, and duration.

use std::fmt::Write;

use rocketry_core::Zone;
use tracing::Level;

use super::fields::text;
use super::log_event::LogEvent;
use crate::output::{Colour, Paint};

pub(super) fn line(told: &LogEvent<'_>, zone: Zone, paint: Paint) -> String {
    let mut fields = told.fields.clone();
    let time = told.at.in_zone(&zone).format("%Y-%m-%d %H:%M:%S%.3f").to_string();
    let (level, colour) = level(told.level);
    let mut line = format!("{} {}", paint.with(Colour::Dim, &time), paint.with(colour, level));
    let mut add = |colour: Colour, text: &str| {
        line.push(' ');
        line.push_str(&paint.with(colour, text));
    };
    if let Some(task) = fields.take_text("task") {
        add(Colour::Bold, &task);
    }
    if let Some(run) = fields.take_text("run_id") {
        add(Colour::Dim, &run);
    }
    add(Colour::Plain, &fields.take_text("message").unwrap_or_default());
    if let Some(runtime) = fields.take_text("runtime") {
        add(Colour::Plain, &format!("in {runtime}"));
    }
    for why in ["error", "reason"] {
        if let Some(why) = fields.take_text(why) {
            line.push_str(": ");
            line.push_str(&in_one_line(&why));
        }
    }
    for (name, value) in fields.into_rest() {
        let value = in_one_line(&text(&value));
        if !value.is_empty() {
            // Writing into a string cannot fail.
            let _ = write!(line, " {}{value}", paint.with(Colour::Dim, &format!("{name}=")));
        }
    }
    line.push('\n');
    line
}

fn level(level: Level) -> (&'static str, Colour) {
    match level {
        Level::ERROR => ("ERROR", Colour::Red),
        Level::WARN => ("WARN ", Colour::Yellow),
        Level::INFO => ("INFO ", Colour::Green),
        Level::DEBUG => ("DEBUG", Colour::Blue),
        Level::TRACE => ("TRACE", Colour::Dim),
    }
}

/// A text without line breaks.
fn in_one_line(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join(" ")
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use rocketry_core::Zone;
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Metadata, Subscriber};

    use super::line;
    use crate::log_lines::fields::Fields;
    use crate::log_lines::json;
    use crate::log_lines::log_event::LogEvent;
    use crate::log_lines::spans::Spans;
    use crate::output::Paint;

    /// Collects lines in both formats, all with the same instant.
    #[derive(Default)]
    struct Kept {
        spans: Spans,
        lines: Arc<Mutex<Vec<String>>>,
    }

    impl Subscriber for Kept {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
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
            if let Some(current) = Spans::current() {
                fields.add_missing(self.spans.fields_around(&current));
            }
            let told = LogEvent {
                at: "2026-01-01T06:00:00.25Z".parse().unwrap(),
                level: *event.metadata().level(),
                target: "shop",
                fields,
            };
            let zone: Zone = "Europe/Helsinki".parse().unwrap();
            let mut lines = self.lines.lock().unwrap();
            lines.push(line(&told, zone, Paint::Plain));
            lines.push(json::line(told));
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

    fn told(tell: impl FnOnce()) -> Vec<String> {
        let kept = Kept::default();
        let lines = kept.lines.clone();
        tracing::subscriber::with_default(kept, tell);
        let lines = lines.lock().unwrap();
        lines.clone()
    }

    #[test]
    fn a_line_says_when_which_run_what_and_how_long() {
        let runtime = std::time::Duration::from_micros(1_234_567);
        let lines = told(|| {
            tracing::error!(
                task = "fetch",
                run_id = 7,
                ?runtime,
                error = "no\n  network",
                "run failed"
            );
        });
        assert_eq!(
            lines,
            [
                "2026-01-01 08:00:00.250 ERROR fetch 7 run failed in 1.2s: no network\n",
                "{\"time\":\"2026-01-01T06:00:00.250000Z\",\"level\":\"error\",\"target\":\"shop\",\"message\":\"run failed\",\
                 \"task\":\"fetch\",\"run_id\":7,\"runtime\":\"1.2s\",\"error\":\"no\\n  network\"}\n",
            ]
        );
    }

    #[test]
    fn what_a_run_tells_has_its_task_and_id() {
        let lines = told(|| {
            let outer = tracing::info_span!("run", task = "fetch", run_id = 7);
            outer.in_scope(|| {
                tracing::info_span!("part", step = 2).in_scope(|| tracing::info!(rows = 3, "fetched"));
            });
            tracing::warn!("outside");
        });
        assert_eq!(
            lines[0],
            "2026-01-01 08:00:00.250 INFO  fetch 7 fetched rows=3 step=2\n"
        );
        assert_eq!(lines[2], "2026-01-01 08:00:00.250 WARN  outside\n");
    }

    #[test]
    fn closed_spans_are_forgotten() {
        let spans = Arc::new(Kept::default());
        tracing::subscriber::with_default(spans.clone(), || {
            let outer = tracing::info_span!("outer");
            let inner = outer.in_scope(|| tracing::info_span!("inner"));
            drop(outer);
            assert_eq!(spans.spans.count(), 2);
            drop(inner);
        });
        assert_eq!(spans.spans.count(), 0);
    }
}
