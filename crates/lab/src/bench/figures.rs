//! The figures of a cell in a round, and their medians.

use super::plan::Cell;
use super::statistics::median;
use serde::Serialize;
use std::collections::BTreeMap;

/// CPU time of the server for a call.
pub const CPU: &str = "cpu_us";
/// The median of the times of a call.
pub const P50: &str = "p50_us";

/// Every figure: its name in CSV and JSON, and what it is.
pub const FIGURES: [(&str, &str); 9] = [
    ("calls_per_second", "calls a second, of all connections together"),
    (P50, "microseconds within which half of the calls are answered"),
    ("p95_us", "the same for 95 % of the calls"),
    ("p99_us", "the same for 99 %"),
    ("sent_bytes", "bytes from the client for a call, HTTP or WebSocket and all in it"),
    ("received_bytes", "bytes to the client for a call"),
    (CPU, "microseconds that the server's threads are on a CPU for a call"),
    ("memory_kib", "resident memory of the server after the calls"),
    ("client_busy", "the share of the time in which the client is on a CPU: near 1 it may be what limits the calls"),
];

/// Values by the names of figures; those that are not known are absent.
pub type Figures = BTreeMap<&'static str, f64>;

/// A cell in a round.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The round, from 1.
    pub round: u32,
    /// Its place in the random order of the round, from 1.
    pub turn: usize,
    /// The cell.
    #[serde(flatten)]
    pub cell: Cell,
    /// What was measured.
    #[serde(flatten)]
    pub figures: Figures,
}

/// A cell over all rounds.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// The cell.
    #[serde(flatten)]
    pub cell: Cell,
    /// The medians of the rounds.
    #[serde(flatten)]
    pub medians: Figures,
    /// The figures of each round.
    #[serde(skip)]
    pub rounds: Vec<Figures>,
}

impl Summary {
    /// That of a cell among these rows.
    pub fn of(cell: Cell, rows: &[Row]) -> Summary {
        let rounds = rows.iter().filter(|row| row.cell == cell).map(|row| row.figures.clone()).collect();
        let mut summary = Summary { cell, medians: Figures::new(), rounds };
        let medians = FIGURES.iter().filter_map(|(name, _)| Some((*name, median(summary.values(name))?)));
        summary.medians = medians.collect();
        summary
    }

    /// The values of a figure, in the order of the rounds.
    pub fn values(&self, name: &str) -> Vec<f64> {
        self.rounds.iter().filter_map(|round| round.get(name).copied()).collect()
    }
}

/// The rows as CSV (RFC 4180), with all digits: rounded values would be equal more often. An unknown value is empty.
pub fn csv(rows: &[Row]) -> String {
    let names = FIGURES.map(|(name, _)| name).join(",");
    let mut text = format!("round,turn,operation,size,style,http,connections,again,{names}\r\n");
    for Row { round, turn, cell, figures } in rows {
        let Cell { operation, size, style, http, connections, again } = cell;
        let size = size.map(|size| size.to_string()).unwrap_or_default();
        text.push_str(&format!("{round},{turn},{operation},{size},{style},{http},{connections},{again}"));
        for (name, _) in FIGURES {
            text.push_str(&figures.get(name).map_or(",".to_owned(), |value| format!(",{value}")));
        }
        text.push_str("\r\n");
    }
    text
}
