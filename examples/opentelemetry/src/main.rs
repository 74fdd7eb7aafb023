//! The trace of a pipeline: `cargo run --manifest-path examples/opentelemetry/Cargo.toml`. It ends by itself.
//!
//! Rocketry opens a `tracing` span for each run, and `tracing-opentelemetry` converts it to an OpenTelemetry
//! span. This program prints the exported spans; a service uses the exporter for its collector instead, such
//! as the one from `opentelemetry-otlp`.

mod links;

use opentelemetry::trace::{Status, TracerProvider};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use rocketry::prelude::*;
use rocketry::{Error, Result};
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::layer::SubscriberExt;

use links::LinkRuns;

#[task("every 2 seconds")]
async fn fetch() -> u32 {
    tracing::info!("asks the shop for its orders");
    120
}

#[task(after_success(fetch))]
async fn clean(#[arg(Return(fetch))] orders: u32) -> u32 {
    let kept = orders - 3;
    tracing::info!(orders, kept, "drops those without an address");
    kept
}

#[task(after_success(clean))]
fn report(session: Session, #[arg(Return(clean))] orders: u32) -> Result<()> {
    let render = tracing::info_span!("render", orders);
    render.in_scope(|| {
        tracing::info!("writes the report");
        session.task(mail).map(|mail| drop(mail.force_run()))
    })
}

/// Runs on request. Its span follows from the span of the caller, and contains the error.
#[task]
async fn mail() -> Result<(), &'static str> {
    Err("the mail server does not answer")
}

#[task("scheduler has run over 5 seconds")]
fn stop(session: Session) {
    session.shut_down();
}

/// Creates the provider. Spans are exported as they end; a service exports them in batches.
fn provider(exporter: impl SpanExporter + 'static) -> SdkTracerProvider {
    SdkTracerProvider::builder()
        .with_simple_exporter(LinkRuns::new(exporter))
        .build()
}

/// Creates the subscriber, which passes spans and events of the level INFO and above to the provider.
fn subscriber(provider: &SdkTracerProvider) -> impl Subscriber + Send + Sync {
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("shop"));
    tracing_subscriber::registry().with(layer.with_filter(LevelFilter::INFO))
}

/// Prints spans.
#[derive(Debug)]
struct Print;

impl SpanExporter for Print {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        for span in batch {
            let context = &span.span_context;
            println!(
                "{} {} in trace {}",
                span.name,
                context.span_id(),
                context.trace_id()
            );
            if let Status::Error { description } = &span.status {
                println!("    failed: {description}");
            }
            for attribute in &span.attributes {
                println!("    {}: {}", attribute.key, attribute.value);
            }
            for event in span.events.iter() {
                println!("    event: {}", event.name);
            }
            for link in span.links.iter() {
                println!("    comes after {}", link.span_context.span_id());
            }
        }
        Ok(())
    }
}

fn main() -> Result<()> {
    let provider = provider(Print);
    tracing::subscriber::set_global_default(subscriber(&provider)).map_err(Error::log)?;
    Rocketry::new().run()?;
    provider.shutdown().map_err(Error::log)
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{SpanId, Status};
    use opentelemetry_sdk::trace::{InMemorySpanExporter, SpanData};
    use rocketry::Rocketry;
    use rocketry::testing::TestApp;

    use super::{provider, subscriber};

    fn of<'s>(spans: &'s [SpanData], name: &str) -> &'s SpanData {
        let mut named = spans.iter().filter(|span| span.name == name);
        let span = named.next().unwrap_or_else(|| panic!("{name}: {spans:?}"));
        assert!(named.next().is_none(), "{name} ran twice");
        span
    }

    fn id(span: &SpanData) -> SpanId {
        span.span_context.span_id()
    }

    fn links(span: &SpanData) -> Vec<SpanId> {
        span.links
            .iter()
            .map(|link| link.span_context.span_id())
            .collect()
    }

    fn value(span: &SpanData, field: &str) -> String {
        let mut attributes = span.attributes.iter();
        let found = attributes.find(|attribute| attribute.key.as_str() == field);
        found.map_or_else(String::new, |found| found.value.to_string())
    }

    #[test]
    fn each_run_is_a_span_that_links_to_the_run_before() {
        let exporter = InMemorySpanExporter::default();
        let provider = provider(exporter.clone());
        tracing::subscriber::set_global_default(subscriber(&provider)).unwrap();
        let mut app = TestApp::start(Rocketry::new(), "2026-01-01T00:00:00Z").unwrap();
        app.settle();
        let spans = exporter.get_finished_spans().unwrap();
        let [fetch, clean, report] = ["fetch", "clean", "report"].map(|task| of(&spans, task));
        assert_eq!(links(fetch), []);
        assert_eq!(links(clean), [id(fetch)]);
        assert_eq!(links(report), [id(clean)]);
        assert_eq!(value(fetch, "cause"), "statement");
        assert_eq!(value(fetch, "due"), "2026-01-01T00:00:00.000000Z");
        assert!(
            clean
                .events
                .iter()
                .any(|event| event.name == "drops those without an address")
        );
        let render = of(&spans, "render");
        assert_eq!(render.parent_span_id, id(report));
        let mail = of(&spans, "mail");
        assert_eq!(links(mail), [id(render)]);
        assert_eq!(mail.parent_span_id, SpanId::INVALID);
        assert_eq!(mail.status, Status::error("the mail server does not answer"));
        assert_eq!(report.status, Status::Unset);
        assert_eq!(
            (value(mail, "outcome"), value(report, "outcome")),
            ("fail".into(), "success".into())
        );

        exporter.reset();
        let visit = tracing::info_span!("visit");
        visit.in_scope(|| drop(app.session().task("fetch").unwrap().force_run()));
        drop(visit);
        app.settle();
        let spans = exporter.get_finished_spans().unwrap();
        let (visit, fetch) = (of(&spans, "visit"), of(&spans, "fetch"));
        assert_eq!(fetch.parent_span_id, id(visit));
        assert_eq!(fetch.span_context.trace_id(), visit.span_context.trace_id());

        exporter.reset();
        let afar = app
            .session()
            .traced("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        drop(afar.task("fetch").unwrap().force_run());
        app.settle();
        let spans = exporter.get_finished_spans().unwrap();
        let [link] = &of(&spans, "fetch").links.links[..] else {
            panic!("{spans:?}");
        };
        assert_eq!(
            link.span_context.trace_id().to_string(),
            "4bf92f3577b34da6a3ce929d0e0e4736"
        );
        assert_eq!(link.span_context.span_id().to_string(), "00f067aa0ba902b7");
    }
}
