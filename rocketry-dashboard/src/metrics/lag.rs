//! The lateness of the scheduler, as a histogram that the app keeps.

use prometheus_client::encoding::{EncodeMetric, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Registry;
use rocketry_core::{SchedulerLag, Session};

/// Adds the metric.
pub(super) fn register(session: &Session, registry: &mut Registry) {
    registry.register(
        "scheduler_lag_seconds",
        "How long after a timer was due the scheduler began its cycle",
        Lag(session.scheduler_lag()),
    );
}

#[derive(Debug)]
struct Lag(SchedulerLag);

impl EncodeMetric for Lag {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> Result<(), std::fmt::Error> {
        let Lag(lag) = self;
        let mut before = 0;
        let mut buckets = Vec::with_capacity(lag.within.len() + 1);
        for (bound, cycles) in &lag.within {
            buckets.push((bound.as_secs_f64(), cycles - before));
            before = *cycles;
        }
        buckets.push((f64::INFINITY, lag.cycles - before));
        encoder.encode_histogram::<NoLabelSet>(lag.total.as_secs_f64(), lag.cycles, &buckets, None)
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Histogram
    }
}
