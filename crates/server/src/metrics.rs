//! Metrics for Prometheus, and an audit log with a line for each operation.

use crate::connections::Connections;
use domain::Shop;
use domain::observer::{Observer, OperationRecord, StreamedEvent};
use lab::capture::TrafficCapture;
use prometheus::core::Collector;
use prometheus::proto::MetricFamily;
use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
};
use std::sync::Arc;

/// Upper bounds of the buckets of durations, in seconds.
const DURATIONS: &[f64] = &[0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.25, 1.0, 5.0];
/// Upper bounds of the buckets of commits, in commands that share one commit.
const GROUPS: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// The label of an operation that does not exist: clients must not be able to create labels.
const UNKNOWN: &str = "unknown";

/// The metrics and the audit log.
pub struct Metrics {
    registry: Registry,
    operations: IntCounterVec,
    durations: HistogramVec,
    refusals: IntCounterVec,
    streams: IntGaugeVec,
    commits: Histogram,
    capture: Option<Arc<TrafficCapture>>,
}

impl Metrics {
    /// Metrics that start at zero. The capture gets every record, too.
    pub fn new(capture: Option<Arc<TrafficCapture>>) -> prometheus::Result<Self> {
        let counter = |name: &str, help: &str, labels: &[&str]| IntCounterVec::new(Opts::new(name, help), labels);
        let metrics = Metrics {
            registry: Registry::new(),
            operations: counter(
                "parlance_operations_total",
                "Operations, by protocol, operation and outcome: ok, or the kind of the refusal.",
                &["protocol", "operation", "outcome"],
            )?,
            durations: HistogramVec::new(
                HistogramOpts::new(
                    "parlance_operation_duration_seconds",
                    "From the start of the pipeline to the result.",
                )
                .buckets(DURATIONS.to_vec()),
                &["protocol", "operation"],
            )?,
            refusals: counter("parlance_refusals_total", "Refusals, by protocol and reason.", &["protocol", "reason"])?,
            streams: IntGaugeVec::new(Opts::new("parlance_streams", "Streams that are open."), &["protocol"])?,
            commits: Histogram::with_opts(
                HistogramOpts::new("parlance_commit_commands", "Commits, by the commands that share one.")
                    .buckets(GROUPS.to_vec()),
            )?,
            capture,
        };
        metrics.registry.register(Box::new(metrics.operations.clone()))?;
        metrics.registry.register(Box::new(metrics.durations.clone()))?;
        metrics.registry.register(Box::new(metrics.refusals.clone()))?;
        metrics.registry.register(Box::new(metrics.streams.clone()))?;
        metrics.registry.register(Box::new(metrics.commits.clone()))?;
        Ok(metrics)
    }

    /// The metrics in the text format of Prometheus, version 0.0.4.
    pub fn text(&self, shop: &Shop, connections: &Connections) -> String {
        let mut families = self.registry.gather();
        families.extend(counted_elsewhere(shop, connections).unwrap_or_default());
        TextEncoder::new().encode_to_string(&families).unwrap_or_default()
    }
}

/// The present values of what the shop and the connections count themselves.
fn counted_elsewhere(shop: &Shop, connections: &Connections) -> prometheus::Result<Vec<MetricFamily>> {
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
    let (received, sent) = connections.bytes();
    let families = [
        gauge("parlance_operations_in_flight", "Operations in progress.", shop.in_flight())?,
        gauge("parlance_connections", "Connections that are open.", connections.count())?,
        counter(
            "parlance_connections_refused_total",
            "Connections that were rejected because there were too many.",
            connections.refused(),
        )?,
        counter("parlance_received_bytes_total", "Bytes received over all connections.", received)?,
        counter("parlance_sent_bytes_total", "Bytes sent over all connections.", sent)?,
    ];
    Ok(families.concat())
}

impl Observer for Metrics {
    fn record(&self, record: &OperationRecord<'_>) {
        let protocol = record.request.protocol;
        let operation = record.operation.map_or(UNKNOWN, |operation| operation.name);
        let outcome = record.refused().map_or("ok", |reason| reason.kind().word());
        self.operations.with_label_values(&[protocol, operation, outcome]).inc();
        self.durations.with_label_values(&[protocol, operation]).observe(record.took.as_secs_f64());
        if let Some(reason) = record.refused() {
            self.refusals.with_label_values(&[protocol, reason.word()]).inc();
        }
        log(record, operation);
        self.capture.iter().for_each(|capture| capture.record(record));
    }

    fn stream_begun(&self, protocol: &'static str) {
        self.streams.with_label_values(&[protocol]).inc();
    }

    fn streamed(&self, event: &StreamedEvent<'_>) {
        self.capture.iter().for_each(|capture| capture.streamed(event));
    }

    fn stream_ended(&self, protocol: &'static str) {
        self.streams.with_label_values(&[protocol]).dec();
    }

    fn committed(&self, commands: usize) {
        self.commits.observe(commands as f64);
    }
}

/// Writes a line for each operation, at level info of the target `audit`: caller, operation, protocol, sandbox and outcome.
/// No field is a secret, and each has a limited length.
fn log(record: &OperationRecord<'_>, operation: &'static str) {
    let OperationRecord { request, caller, took, .. } = record;
    tracing::info!(
        target: "audit",
        who = caller.map(tracing::field::display),
        proof = caller.map(|caller| caller.proof.word()),
        operation,
        protocol = request.protocol,
        sandbox = request.sandbox.as_str(),
        outcome = record.refused().map_or("ok", |reason| reason.word()),
        replayed = request.response.is_replayed().then_some(true),
        request_id = request.request_id.as_deref(),
        from = request.peer.map(tracing::field::display),
        took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::observer::Values;
    use domain::{Error, Operation, Reason, RequestContext, Sandbox};
    use std::time::Duration;

    #[test]
    fn operations_are_counted_with_bounded_labels() {
        let metrics = Metrics::new(None).expect("the names are sound");
        let context = RequestContext::new("rest", Sandbox::main());
        let record = |operation, refused: Option<Reason>| {
            let (took, error) = (Duration::from_micros(80), refused.map(|reason| Error::new(reason, "")));
            let (error, values) = (error.as_ref(), Values::default());
            metrics.record(&OperationRecord { request: &context, operation, caller: None, error, values, took });
        };
        record(Operation::find("get_user"), None);
        record(Operation::find("get_user"), Some(Reason::UserNotFound));
        record(None, Some(Reason::UnknownOperation));
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
