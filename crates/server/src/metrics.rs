//! What has been seen at the door? A line in the log for each operation, and numbers for a monitor to fetch.

use crate::lines::Lines;
use domain::Shop;
use domain::observer::{Observer, OperationRecord};
use lab::capture::TrafficCapture;
use prometheus::core::Collector;
use prometheus::proto::MetricFamily;
use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
};
use std::sync::Arc;

/// Upper bounds of the classes that durations are counted in, in seconds.
const DURATIONS: &[f64] = &[0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.25, 1.0, 5.0];
/// Upper bounds of the classes that commits are counted in, by their commands.
const GROUPS: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// What an operation is called that is none of ours: a stranger must not be able to make up labels.
const UNKNOWN: &str = "unknown";

/// The log and the numbers.
pub struct Metrics {
    registry: Registry,
    operations: IntCounterVec,
    durations: HistogramVec,
    refusals: IntCounterVec,
    streams: IntGaugeVec,
    commits: Histogram,
    tap: Option<Arc<TrafficCapture>>,
}

impl Metrics {
    /// Nothing seen yet. What is seen, this tap sees too.
    pub fn new(tap: Option<Arc<TrafficCapture>>) -> prometheus::Result<Self> {
        let counter = |name: &str, help: &str, labels: &[&str]| IntCounterVec::new(Opts::new(name, help), labels);
        let metrics = Metrics {
            registry: Registry::new(),
            operations: counter(
                "parlance_operations_total",
                "Operations, by protocol, operation and outcome: ok, or the kind of the refusal.",
                &["protocol", "operation", "outcome"],
            )?,
            durations: HistogramVec::new(
                HistogramOpts::new("parlance_operation_duration_seconds", "From the door to the answer.")
                    .buckets(DURATIONS.to_vec()),
                &["protocol", "operation"],
            )?,
            refusals: counter("parlance_refusals_total", "Refusals, by protocol and reason.", &["protocol", "reason"])?,
            streams: IntGaugeVec::new(Opts::new("parlance_streams", "Streams that are open."), &["protocol"])?,
            commits: Histogram::with_opts(
                HistogramOpts::new("parlance_commit_commands", "Commits, by the commands that share one.")
                    .buckets(GROUPS.to_vec()),
            )?,
            tap,
        };
        metrics.registry.register(Box::new(metrics.operations.clone()))?;
        metrics.registry.register(Box::new(metrics.durations.clone()))?;
        metrics.registry.register(Box::new(metrics.refusals.clone()))?;
        metrics.registry.register(Box::new(metrics.streams.clone()))?;
        metrics.registry.register(Box::new(metrics.commits.clone()))?;
        Ok(metrics)
    }

    /// The numbers in the text format of Prometheus, version 0.0.4.
    pub fn text(&self, shop: &Shop, lines: &Lines) -> String {
        let mut families = self.registry.gather();
        families.extend(counted_elsewhere(shop, lines).unwrap_or_default());
        TextEncoder::new().encode_to_string(&families).unwrap_or_default()
    }
}

/// What the shop and the listener count themselves, as it is now.
fn counted_elsewhere(shop: &Shop, lines: &Lines) -> prometheus::Result<Vec<MetricFamily>> {
    let gauge = |name, help, value: usize| {
        let gauge = IntGauge::new(name, help)?;
        gauge.set(value as i64);
        prometheus::Result::Ok(gauge.collect())
    };
    let counter = |name, help, value: u64| {
        let counter = IntCounter::new(name, help)?;
        counter.inc_by(value);
        prometheus::Result::Ok(counter.collect())
    };
    let (received, sent) = lines.bytes();
    let families = [
        gauge("parlance_operations_in_flight", "Operations in work.", shop.in_flight())?,
        gauge("parlance_connections", "Connections that are open.", lines.count())?,
        counter("parlance_connections_refused_total", "Connections that there was no room for.", lines.refused())?,
        counter("parlance_received_bytes_total", "Bytes that came in over all connections.", received)?,
        counter("parlance_sent_bytes_total", "Bytes that went out over all connections.", sent)?,
    ];
    Ok(families.concat())
}

impl Observer for Metrics {
    fn record(&self, seen: &OperationRecord<'_>) {
        let protocol = seen.meta.protocol;
        let operation = seen.operation.map_or(UNKNOWN, |operation| operation.name);
        let outcome = seen.refused.map_or("ok", |reason| reason.kind().word());
        self.operations.with_label_values(&[protocol, operation, outcome]).inc();
        self.durations.with_label_values(&[protocol, operation]).observe(seen.took.as_secs_f64());
        if let Some(reason) = seen.refused {
            self.refusals.with_label_values(&[protocol, reason.word()]).inc();
        }
        log(seen, operation);
        self.tap.iter().for_each(|tap| tap.record(seen));
    }

    fn stream_begun(&self, protocol: &'static str) {
        self.streams.with_label_values(&[protocol]).inc();
    }

    fn stream_ended(&self, protocol: &'static str) {
        self.streams.with_label_values(&[protocol]).dec();
    }

    fn committed(&self, commands: usize) {
        self.commits.observe(commands as f64);
    }
}

/// One line for each operation, at level info of the target `audit`: who, what, by which way, where, and what came of it.
/// None of it is a secret, and all of it is bounded.
fn log(seen: &OperationRecord<'_>, operation: &'static str) {
    let OperationRecord { meta, caller, refused, took, .. } = seen;
    tracing::info!(
        target: "audit",
        who = caller.map(tracing::field::display),
        proof = caller.map(|caller| caller.proof.word()),
        operation,
        protocol = meta.protocol,
        sandbox = meta.sandbox.as_str(),
        outcome = refused.map_or("ok", |reason| reason.word()),
        replayed = meta.response.is_replayed().then_some(true),
        request_id = meta.request_id.as_deref(),
        from = meta.peer.map(tracing::field::display),
        took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Operation, Reason, RequestContext, Sandbox};
    use std::time::Duration;

    #[test]
    fn what_was_seen_is_counted_under_bounded_labels() {
        let metrics = Metrics::new(None).expect("the names are sound");
        let meta = RequestContext::new("rest", Sandbox::main());
        let saw = |operation, refused| {
            let took = Duration::from_micros(80);
            metrics.record(&OperationRecord { meta: &meta, operation, caller: None, refused, took });
        };
        saw(Operation::find("get_user"), None);
        saw(Operation::find("get_user"), Some(Reason::UserNotFound));
        saw(None, Some(Reason::UnknownOperation));
        metrics.stream_begun("rest");
        metrics.committed(3);
        let text = TextEncoder::new().encode_to_string(&metrics.registry.gather()).expect("a text");
        for line in [
            r#"parlance_operations_total{operation="get_user",outcome="ok",protocol="rest"} 1"#,
            r#"parlance_operations_total{operation="get_user",outcome="not_found",protocol="rest"} 1"#,
            r#"parlance_operations_total{operation="unknown",outcome="unknown_operation",protocol="rest"} 1"#,
            r#"parlance_refusals_total{protocol="rest",reason="user_not_found"} 1"#,
            r#"parlance_operation_duration_seconds_bucket{operation="get_user",protocol="rest",le="0.0001"} 2"#,
            r#"parlance_streams{protocol="rest"} 1"#,
            r#"parlance_commit_commands_bucket{le="4"} 1"#,
        ] {
            assert!(text.lines().any(|one| one == line), "{line} is not in\n{text}");
        }
    }
}
