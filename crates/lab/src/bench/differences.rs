//! Which differences between styles the rounds show, in numbers and in words.

use super::figures::{CPU, P50, Summary};
use super::statistics::{Test, compare, size_of};
use serde::Serialize;

/// A difference is shown if chance alone would be less probable than this.
pub const P_MAX: f64 = 0.05;
/// The figures in which styles are compared.
const COMPARED: [&str; 2] = [CPU, P50];

/// Two cells in one figure.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// The operation with its size and connections.
    pub task: String,
    /// The name of the figure.
    pub metric: &'static str,
    /// The cell with the lower median.
    pub lower: String,
    /// The other one.
    pub higher: String,
    /// Their medians.
    pub medians: (f64, f64),
    /// In how many rounds the first one was lower, too.
    pub lower_rounds: usize,
    /// All rounds.
    pub rounds: usize,
    /// The test of the first one against the other.
    #[serde(flatten)]
    pub test: Test,
    /// The same times the number of comparisons for this task and figure, at most 1 (Bonferroni): one of many is easily small by chance.
    pub p_adjusted: f64,
    /// Whether the rounds show a difference: it is improbable by chance, and more than the noise floor.
    pub is_shown: bool,
    /// Whether no other style lies between the two.
    pub is_next: bool,
    /// All this in a sentence.
    pub sentence: String,
}

/// How far the cell that is measured twice is from itself, in each figure that is known.
pub fn noise(cells: &[Summary]) -> Vec<Difference> {
    let Some(again) = cells.iter().find(|summary| summary.cell.again) else { return Vec::new() };
    let first = cells.iter().find(|other| !other.cell.again && other.cell.task() == again.cell.task());
    let differ = |metric| between(metric, [first?, again], 1, None);
    COMPARED.into_iter().filter_map(differ).collect()
}

/// The differences between all styles with the same task.
pub fn differences(cells: &[Summary], noise: &[Difference]) -> Vec<Difference> {
    let mut all = Vec::new();
    let cells: Vec<&Summary> = cells.iter().filter(|summary| !summary.cell.again).collect();
    for task in cells.chunk_by(|one, other| one.cell.task() == other.cell.task()) {
        for metric in COMPARED {
            let known = task.iter().filter_map(|summary| Some((*summary.medians.get(metric)?, *summary)));
            let mut task: Vec<(f64, &Summary)> = known.collect();
            task.sort_by(|(one, _), (other, _)| one.total_cmp(other));
            let comparisons = task.len() * task.len().saturating_sub(1) / 2;
            let floor = noise.iter().find(|floor| floor.metric == metric);
            for (position, (_, one)) in task.iter().enumerate() {
                for (distance, (_, other)) in task[position + 1..].iter().enumerate() {
                    let difference = between(metric, [one, other], comparisons, floor);
                    all.extend(difference.map(|difference| Difference { is_next: distance == 0, ..difference }));
                }
            }
        }
    }
    all
}

/// The fewest rounds that can show a difference between so many styles: with fewer, even lower values in every round may be chance.
pub fn rounds_min(styles: usize) -> u32 {
    let comparisons = styles * styles.saturating_sub(1) / 2;
    let values = |from: u32, to: u32| (from..to).map(f64::from).collect::<Vec<_>>();
    let can_show =
        |rounds: &u32| compare(&values(0, *rounds), &values(*rounds, 2 * rounds)).p * (comparisons as f64) < P_MAX;
    (1..).find(can_show).unwrap_or_default()
}

impl Difference {
    /// By what part the lower median is lower.
    pub fn share(&self) -> f64 {
        1.0 - self.medians.0 / self.medians.1
    }
}

fn between(
    metric: &'static str,
    mut cells: [&Summary; 2],
    comparisons: usize,
    floor: Option<&Difference>,
) -> Option<Difference> {
    let median = |summary: &Summary| summary.medians.get(metric).copied();
    if median(cells[1])? < median(cells[0])? {
        cells.reverse();
    }
    let ([lower, higher], [one, other]) = (cells, cells.map(|summary| summary.values(metric)));
    let test = compare(&one, &other);
    let mut difference = Difference {
        task: lower.cell.task(),
        metric,
        lower: lower.cell.name(),
        higher: higher.cell.name(),
        medians: (median(lower)?, median(higher)?),
        lower_rounds: one.iter().zip(&other).filter(|(one, other)| one < other).count(),
        rounds: one.len(),
        test,
        p_adjusted: (test.p * comparisons as f64).min(1.0),
        is_shown: false,
        is_next: true,
        sentence: String::new(),
    };
    let is_above_noise = floor.is_none_or(|floor| difference.share() > floor.share());
    difference.is_shown = difference.p_adjusted < P_MAX && is_above_noise;
    difference.sentence = sentence(&difference, is_above_noise);
    Some(difference)
}

fn sentence(difference: &Difference, is_above_noise: bool) -> String {
    let Difference { lower, higher, medians: (low, high), lower_rounds, rounds, p_adjusted, .. } = difference;
    let (delta, percent) = (difference.test.delta, difference.share() * 100.0);
    let probability = if *p_adjusted < 0.001 { "p < 0.001".to_owned() } else { format!("p = {p_adjusted:.3}") };
    let test = format!("({probability}, Cliff's delta {delta:.2}, {})", size_of(delta));
    let (more, figure) = match difference.metric {
        CPU => ("costs the server less CPU than", "CPU of the server"),
        _ => ("is faster than", "median time"),
    };
    if difference.is_shown {
        let rounds = format!("{lower_rounds} of {rounds} rounds");
        return format!("{lower} {more} {higher} in {rounds}: {low:.1} us, not {high:.1}, {percent:.0} % less {test}.");
    }
    let noise = if is_above_noise { "" } else { " above the noise floor" };
    format!("{lower} and {higher}: these runs show no difference in {figure}{noise}: {low:.1} and {high:.1} us {test}.")
}

#[cfg(test)]
mod tests {
    use super::super::figures::{Figures, Row};
    use super::super::plan::Cell;
    use super::*;

    fn cell(style: &'static str, again: bool, cpu_us: &[f64]) -> Summary {
        let cell = Cell { operation: "get_user", size: None, style, http: "1.1", connections: 1, again };
        let row = |cpu: &f64| Row { round: 1, turn: 1, cell: cell.clone(), figures: Figures::from([(CPU, *cpu)]) };
        let rows: Vec<Row> = cpu_us.iter().map(row).collect();
        Summary::of(cell, &rows)
    }

    #[test]
    fn too_few_rounds_can_show_nothing() {
        // scipy 1.17.1, as above: p of 4 and 4 values without overlap is 0.0304, of 6 and 6 it is 0.0051, of 7 and 7 0.0022.
        assert_eq!([2, 4, 7].map(rounds_min), [4, 6, 7]);
    }

    #[test]
    fn a_difference_is_shown_if_it_is_neither_chance_nor_noise() {
        let fast = [10.0, 10.1, 9.9, 10.2, 9.8, 10.0, 10.1, 9.9, 10.2, 9.8];
        let by = |more: f64| fast.map(|cpu| cpu + more);
        let cells = [
            cell("REST", false, &fast),
            cell("REST", true, &by(0.3)),
            cell("SOAP", false, &by(5.0)),
            cell("JSON-RPC", false, &by(0.01)),
            cell("XML-RPC", false, &by(0.29)),
        ];
        let noise = noise(&cells);
        assert_eq!((noise.len(), noise[0].higher.as_str()), (1, "REST, again"));
        let all = differences(&cells, &noise);
        assert_eq!(all.len(), 6, "all pairs of four styles in one figure");
        let sentence = |lower: &str, higher: &str| {
            let found = all.iter().find(|one| (one.lower.as_str(), one.higher.as_str()) == (lower, higher));
            found.map(|found| (found.is_shown, found.is_next, found.sentence.as_str())).expect("such a pair")
        };
        let soap = "XML-RPC costs the server less CPU than SOAP in 10 of 10 rounds: 10.3 us, not 15.0, 31 % less (p = 0.001, \
                    Cliff's delta -1.00, large).";
        assert_eq!(sentence("XML-RPC", "SOAP"), (true, true, soap));
        let chance = "REST and JSON-RPC: these runs show no difference in CPU of the server above the noise floor: 10.0 and 10.0 us \
                      (p = 1.000, Cliff's delta -0.20, small).";
        assert_eq!(sentence("REST", "JSON-RPC"), (false, true, chance));
        let (is_shown, is_next, _) = sentence("REST", "XML-RPC");
        assert!(!is_shown && !is_next, "it is improbable by chance, but less than the noise");
    }
}
