//! Metrics for Prometheus, collected on request.

mod ended_runs;
mod labels;
mod lag;
mod state;

use std::fmt;
use std::sync::Arc;

use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;
use rocketry_api::Api;

use self::ended_runs::EndedRuns;
use self::labels::TaskLabels;

/// The media type of `OpenMetrics`.
pub(crate) const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The counts between two scrapes.
#[derive(Clone, Debug)]
pub(crate) struct Metrics {
    labels: TaskLabels,
    ended: Arc<EndedRuns>,
}

impl Metrics {
    /// Creates metrics in which this many tasks have their own series.
    pub(crate) fn new(tasks: usize) -> Self {
        Metrics {
            labels: TaskLabels(tasks),
            ended: Arc::default(),
        }
    }

    pub(crate) fn collect(&self, api: &Api) -> Result<String, fmt::Error> {
        let mut registry = Registry::with_prefix("rocketry");
        state::register(api, self.labels, &mut registry);
        lag::register(api.session(), &mut registry);
        self.ended.register(api.session(), self.labels, &mut registry);
        let mut text = String::new();
        encode(&mut text, &registry)?;
        Ok(text)
    }
}
