//! Links between the spans of runs.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::time::Duration;

use opentelemetry::trace::{Link, SpanContext, TraceFlags, TraceState};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

/// The number of ended runs to remember.
const MOST: usize = 10_000;

/// Names the span of each run after its task, links it to the runs that triggered it and to the trace of a
/// caller in another program, and exports it.
///
/// The span of a run has the fields `task`, `run_id`, `upstream` and `traceparent`. A run starts after its
/// upstream runs have ended, so their spans are known when its own span arrives.
///
/// `tracing` itself can't link to the upstream runs, because their spans are closed.
#[derive(Debug)]
pub(crate) struct LinkRuns<E> {
    exporter: E,
    ended: Mutex<Ended>,
}

/// The spans of ended runs, by the texts with which later runs refer to them.
#[derive(Debug, Default)]
struct Ended {
    spans: HashMap<String, SpanContext>,
    oldest_first: VecDeque<String>,
}

impl<E> LinkRuns<E> {
    pub(crate) fn new(exporter: E) -> Self {
        LinkRuns {
            exporter,
            ended: Mutex::default(),
        }
    }
}

impl Ended {
    fn take_in(&mut self, span: &mut SpanData) {
        let (Some(task), Some(run_id)) = (text(span, "task"), text(span, "run_id")) else {
            return;
        };
        let upstream = text(span, "upstream").unwrap_or_default();
        let linked = upstream
            .split(", ")
            .filter_map(|run| self.spans.get(run).cloned());
        let caller = text(span, "traceparent").and_then(|text| caller(&text));
        let links = linked.chain(caller).map(Link::with_context);
        span.links.links.extend(links);
        let run = format!("run {run_id} of `{task}`");
        span.name = task.into();
        self.spans.insert(run.clone(), span.span_context.clone());
        self.oldest_first.push_back(run);
        if self.oldest_first.len() > MOST
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.spans.remove(&oldest);
        }
    }
}

/// Parses the value of a `traceparent` header.
fn caller(traceparent: &str) -> Option<SpanContext> {
    let mut parts = traceparent.splitn(4, '-').skip(1);
    let (trace, span) = (parts.next()?, parts.next()?);
    let flags = TraceFlags::new(u8::from_str_radix(parts.next()?.get(..2)?, 16).ok()?);
    let (trace, span) = (
        u128::from_str_radix(trace, 16).ok()?.into(),
        u64::from_str_radix(span, 16).ok()?.into(),
    );
    let context = SpanContext::new(trace, span, flags, true, TraceState::NONE);
    context.is_valid().then_some(context)
}

fn text(span: &SpanData, field: &str) -> Option<String> {
    let mut attributes = span.attributes.iter();
    let found = attributes.find(|attribute| attribute.key.as_str() == field)?;
    Some(found.value.to_string())
}

impl<E: SpanExporter> SpanExporter for LinkRuns<E> {
    async fn export(&self, mut batch: Vec<SpanData>) -> OTelSdkResult {
        {
            let mut ended = self.ended.lock().expect("nothing panics under this lock");
            for span in &mut batch {
                ended.take_in(span);
            }
        }
        self.exporter.export(batch).await
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }
}
