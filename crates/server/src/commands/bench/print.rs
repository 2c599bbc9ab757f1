//! The results of a benchmark as text for a terminal, or as JSON.

use super::super::output::{Problem, print_line};
use lab::bench::Results;
use lab::bench::differences::Difference;
use lab::bench::figures::{CPU, P50, Summary};
use lab::bench::statistics::Test;

/// Prints them.
pub fn results(results: &Results, as_json: bool) -> Result<(), Problem> {
    if as_json {
        return print_line(format_args!("{:#}", serde_json::to_value(results)?));
    }
    noise(&results.noise)?;
    for task in results.cells.chunk_by(|one, other| one.cell.task() == other.cell.task()) {
        let name = task[0].cell.task();
        table(&name, task)?;
        let neighbours = results.differences.iter().filter(|difference| difference.task == name && difference.is_next);
        differences(&neighbours.collect::<Vec<_>>())?;
    }
    print_line("\nMethod")?;
    results.method.iter().try_for_each(|sentence| print_line(format_args!("- {sentence}")))?;
    print_line("\nLimits")?;
    results.limits.iter().try_for_each(|sentence| print_line(format_args!("- {sentence}")))
}

fn noise(noise: &[Difference]) -> Result<(), Problem> {
    let Some(first) = noise.first() else { return Ok(()) };
    print_line(format_args!("Noise floor: {}, {}, measured twice in each round", first.lower, first.task))?;
    for Difference { metric, medians: (low, high), test: Test { p, .. }, .. } in noise {
        print_line(format_args!("  {metric:8}{low:8.2} and{high:8.2} (p = {p:.3})"))?;
    }
    Ok(())
}

/// What the rounds show of neighbours in the order of a figure, and in one line where they show nothing.
fn differences(neighbours: &[&Difference]) -> Result<(), Problem> {
    for metric in neighbours.chunk_by(|one, other| one.metric == other.metric) {
        for difference in metric.iter().filter(|difference| difference.is_shown) {
            print_line(&difference.sentence)?;
        }
        let others = metric.iter().filter(|difference| !difference.is_shown);
        let pairs: Vec<String> = others.map(|one| format!("{} and {}", one.lower, one.higher)).collect();
        if !pairs.is_empty() {
            print_line(format_args!("These runs show no difference in {}: {}.", metric[0].metric, pairs.join("; ")))?;
        }
    }
    Ok(())
}

fn table(task: &str, cells: &[Summary]) -> Result<(), Problem> {
    let columns = [
        ("sent", "sent_bytes", 1.0),
        ("received", "received_bytes", 1.0),
        ("1000/s", "calls_per_second", 1_000.0),
        ("p50 us", P50, 1.0),
        ("p95 us", "p95_us", 1.0),
        ("p99 us", "p99_us", 1.0),
        ("CPU us", CPU, 1.0),
        ("MiB", "memory_kib", 1_024.0),
        ("client", "client_busy", 1.0),
    ];
    let heads: String = columns.iter().map(|(head, ..)| format!("{head:>10}")).collect();
    print_line(format_args!("\n{task}\n{:20}{heads}", ""))?;
    for Summary { cell, medians, .. } in cells {
        let value = |metric, unit| medians.get(metric).map_or("-".to_owned(), |value| format!("{:.2}", value / unit));
        let values = columns.iter().map(|(_, metric, unit)| format!("{:>10}", value(*metric, *unit)));
        print_line(format_args!("{:20}{}", cell.name(), values.collect::<String>()))?;
    }
    Ok(())
}
