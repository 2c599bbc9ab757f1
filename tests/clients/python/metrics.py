"""Can Prometheus read what the server counts? By the parser of its own client."""

import sys
from collections import Counter

import requests
from prometheus_client.parser import text_string_to_metric_families

import access
import story
from styles import STYLES

ADDRESS = sys.argv[1]
PROTOCOLS = {"rest", "soap", "jsonrpc", "xmlrpc", "graphql", "websocket"}
OUTCOMES = {
    *("ok", "unreadable", "unknown_operation", "too_large", "invalid", "unauthenticated", "forbidden", "not_found"),
    *("conflict", "rule_broken", "gone", "rate_limited", "unavailable", "internal"),
}


def families():
    answer = requests.get(f"{ADDRESS}/metrics", timeout=10)
    story.equal((answer.status_code, answer.headers["Content-Type"]), (200, "text/plain; version=0.0.4"))
    return {family.name: family for family in text_string_to_metric_families(answer.text)}


def counted(name, *labels):
    """A counter's values, by these of its labels."""
    samples = families()[name].samples
    return Counter({tuple(sample.labels[label] for label in labels): sample.value for sample in samples})


def by_protocol():
    labels = ("parlance_operations", "protocol", "operation", "outcome")
    before, called = counted(*labels), Counter()
    for name, shop in STYLES.items():
        protocol = name.split()[0]  # Both versions of SOAP are one.
        shop(ADDRESS).who()
        story.refused(shop(ADDRESS, access.ADA).users, "forbidden", "not_allowed")
        called += Counter([(protocol, "who_am_i", "ok"), (protocol, "list_users", "forbidden")])
    story.equal(dict(counted(*labels) - before), dict(called))
    story.equal({protocol for protocol, _, _ in called}, PROTOCOLS)


def refusals():
    labels = ("parlance_refusals", "protocol", "reason")
    before = counted(*labels)
    story.refused(STYLES["soap 1.2"](ADDRESS, access.Credentials(key="wrong")).who, "unauthenticated", "credentials_wrong")
    story.equal(dict(counted(*labels) - before), {("soap", "credentials_wrong"): 1})


def bounded():
    """What strangers make up is in no label."""
    for made_up in ["made_up_1", "made_up_2"]:
        call = {"jsonrpc": "2.0", "id": 1, "method": made_up}
        story.equal(requests.post(f"{ADDRESS}/jsonrpc", json=call, timeout=10).json()["error"]["code"], -32601)
        requests.get(f"{ADDRESS}/rest/{made_up}", headers={"X-Request-Id": made_up}, timeout=10)
    methods = requests.get(f"{ADDRESS}/jsonrpc/openrpc.json", timeout=10).json()["methods"]
    operations = {method["name"] for method in methods} | {"unknown"}
    known = {"protocol": PROTOCOLS, "operation": operations, "outcome": OUTCOMES}
    samples = [sample for family in families().values() for sample in family.samples]
    assert not any("made_up" in str(sample) for sample in samples)
    for label, values in known.items():
        found = {sample.labels[label] for sample in samples if label in sample.labels}
        assert found and found <= values, (label, found - values)
    labels = {label for sample in samples for label in sample.labels}
    story.equal(labels, {"protocol", "operation", "outcome", "reason", "le"})


def durations():
    """Each operation has a duration: of the histogram as many as of the counter."""
    counts = {}
    for sample in families()["parlance_operation_duration_seconds"].samples:
        if sample.name.endswith("_count"):
            counts[sample.labels["protocol"], sample.labels["operation"]] = sample.value
    operations = Counter()
    for (protocol, operation, _), value in counted("parlance_operations", "protocol", "operation", "outcome").items():
        operations[protocol, operation] += value
    story.equal(counts, dict(operations))


if __name__ == "__main__":
    checks = story.Checks("python/metrics")
    checks.check("operations of every protocol are counted", by_protocol)
    checks.check("refusals are counted by their reasons", refusals)
    checks.check("labels are bounded", bounded)
    checks.check("each operation has a duration", durations)
    checks.end()
