//! Measures what calls cost in each style: many calls over open connections, in rounds of random order.
//!
//! The client half of a style makes the call once, and its outcome is compared with that of the other styles. The bytes that it sent are
//! then sent again and again, so that the client costs the same in every style.

pub mod differences;
pub mod figures;
mod load;
mod method;
pub mod page;
pub mod plan;
pub mod process;
mod replay;
mod script;
pub mod statistics;

use crate::compare::{quantile, quantile_if_enough};
use crate::equal::outcome_differences;
use crate::report::microseconds;
use crate::sandboxes::TemporarySandboxes;
use differences::{Difference, differences, noise};
use domain::access::Credentials;
use domain::limits::STOCK_MAX;
use domain::{Operation, Value};
use figures::{CPU, Figures, P50, Row, Summary};
use load::{Load, Sent};
use method::{limits, method};
use plan::{CellCall, Plan, cell_calls, is_order};
use script::Script;
use serde::Serialize;
use std::sync::Arc;
use wire::client::CallOptions;
use wire::connection::{Connection, Failure, broken};
use wire::{Address, CallRequest, Outcome};

/// The results of a benchmark.
#[derive(Serialize)]
pub struct Results {
    /// How it was measured, in sentences.
    pub method: Vec<String>,
    /// What the numbers do not show, in sentences.
    pub limits: Vec<String>,
    /// How far the first cell is from itself, when it is measured twice.
    pub noise: Vec<Difference>,
    /// The medians of each cell.
    pub cells: Vec<Summary>,
    /// Each two styles with the same task.
    pub differences: Vec<Difference>,
    /// All that was measured.
    pub rows: Vec<Row>,
}

/// Measures. The server's process is known by its id, if it runs on this machine. `progress` is called with each row, and their number.
pub async fn bench(
    server: &Address,
    pid: Option<u32>,
    plan: &Plan,
    mut progress: impl FnMut(&Row, usize),
) -> Result<Results, Failure> {
    let has_commands = plan.operations.iter().any(|operation| is_order(operation));
    let sandboxes = match has_commands {
        true => Some(TemporarySandboxes::like(server, "bench", 1, &plan.admin).await?),
        false => None,
    };
    let mut bench = Bench { server, pid, plan, sandboxes };
    let measured = bench.run(&mut progress).await;
    if let Some(sandboxes) = bench.sandboxes {
        sandboxes.delete().await;
    }
    let (cells, rows) = measured?;
    let noise = noise(&cells);
    let differences = differences(&cells, &noise);
    Ok(Results { method: method(plan, pid.is_some()), limits: limits(plan), noise, cells, differences, rows })
}

struct Bench<'b> {
    server: &'b Address,
    pid: Option<u32>,
    plan: &'b Plan,
    /// One for all commands, if there are any.
    sandboxes: Option<TemporarySandboxes>,
}

/// A cell that is ready to be measured.
struct Prepared {
    call: CellCall,
    script: Arc<Script>,
    /// What the client half has received.
    outcome: Outcome,
}

impl Bench<'_> {
    async fn run(&mut self, progress: &mut impl FnMut(&Row, usize)) -> Result<(Vec<Summary>, Vec<Row>), Failure> {
        let cells = self.prepare().await?;
        let random = &mut fastrand::Rng::with_seed(self.plan.seed);
        let (mut rows, mut order): (Vec<Row>, Vec<usize>) = (Vec::new(), (0..cells.len()).collect());
        for round in 1..=self.plan.rounds {
            random.shuffle(&mut order);
            for (turn, number) in order.iter().enumerate() {
                let cell = &cells[*number];
                let figures = self.measure(cell).await.map_err(|failure| named(failure, &cell.call))?;
                rows.push(Row { round, turn: turn + 1, cell: cell.call.cell.clone(), figures });
                progress(&rows[rows.len() - 1], cells.len() * self.plan.rounds as usize);
            }
        }
        let summary = |cell: Prepared| Summary::of(cell.call.cell, &rows);
        Ok((cells.into_iter().map(summary).collect(), rows))
    }

    /// Records every cell. Cells with the same task must have equal outcomes, otherwise there are no numbers.
    async fn prepare(&mut self) -> Result<Vec<Prepared>, Failure> {
        let mut ready: Vec<Prepared> = Vec::new();
        for call in cell_calls(self.plan) {
            let address = self.address(&call).await?;
            let grows = self.is_command(&call);
            let recorded = Script::record(&address, &call, grows).await;
            let (script, outcome) = recorded.map_err(|failure| named(failure, &call))?;
            let is_alike = |other: &&Prepared| other.call.request.input == call.request.input && same_row(other, &call);
            if let Some(first) = ready.iter().find(is_alike) {
                let places = outcome_differences(call.request.row(), &first.outcome, &outcome);
                if !places.is_empty() {
                    let (one, other) = (first.call.cell.name(), call.cell.name());
                    return Err(broken(format!("{other} differs from {one} in:\n  {}", places.join("\n  "))));
                }
            }
            ready.push(Prepared { call, script: Arc::new(script), outcome });
        }
        Ok(ready)
    }

    async fn measure(&mut self, cell: &Prepared) -> Result<Figures, Failure> {
        let Plan { calls, rate, cold, .. } = *self.plan;
        let address = self.address(&cell.call).await?;
        let mut load = Load::open(&address, &cell.script, cell.call.cell.connections, cold).await?;
        let warm_up = self.plan.warm_up();
        let before = load.opening_calls() as u32 + warm_up;
        load.send(warm_up, None).await?;
        let (server, client) = (self.cpu_ns(), process::cpu_ns(std::process::id()));
        let sent = load.send(calls, rate).await?;
        let (server, client) = (server.zip(self.cpu_ns()), client.zip(process::cpu_ns(std::process::id())));
        let used =
            |times: Option<(u64, u64)>| times.map(|(before, after)| after.saturating_sub(before) as f64 / 1_000.0);
        let memory = self.pid.and_then(|pid| process::memory_kib(pid, "VmRSS"));
        drop(load);
        self.check(&address, cell, before + calls).await?;
        Ok(figures(&sent, calls, used(server), used(client), memory))
    }

    /// After a turn the client half makes the call once more: its outcome shows whether all calls before were answered as the first.
    async fn check(&self, address: &Address, cell: &Prepared, calls: u32) -> Result<(), Failure> {
        let CellCall { style, request, encoded, .. } = &cell.call;
        let mut connection = Connection::open(address, encoded).await?;
        let outcome = connection.call(style.client, request, encoded).await?;
        connection.close().await;
        let ids = (order_id(&cell.outcome), order_id(&outcome));
        let problem = match ids {
            (Some(first), Some(last)) if self.is_command(&cell.call) => {
                // The sandbox was reset, and numbers its orders without gaps.
                let placed = last - first;
                (placed != i64::from(calls)).then(|| format!("{calls} orders were sent, and {placed} are there"))
            }
            _ => outcome_differences(request.row(), &cell.outcome, &outcome).into_iter().next(),
        };
        problem.map_or(Ok(()), |problem| Err(broken(problem)))
    }

    /// Where to call. A command has a sandbox that is new each time, with stock for all calls.
    async fn address(&mut self, call: &CellCall) -> Result<Address, Failure> {
        let (true, Some(sandboxes)) = (self.is_command(call), &mut self.sandboxes) else {
            return Ok(self.server.clone());
        };
        sandboxes.reset(0).await?;
        let address = sandboxes.address(0);
        stock_up(&address, call, &self.plan.admin).await?;
        Ok(address)
    }

    fn is_command(&self, call: &CellCall) -> bool {
        call.request.row().is_some_and(is_order)
    }

    fn cpu_ns(&self) -> Option<u64> {
        process::cpu_ns(self.pid?)
    }
}

fn same_row(other: &Prepared, call: &CellCall) -> bool {
    other.call.cell.operation == call.cell.operation
}

fn order_id(outcome: &Outcome) -> Option<i64> {
    match outcome {
        Outcome::Reply(order) => order.get("id")?.int(),
        Outcome::Refused(_) | Outcome::Event(_) | Outcome::Started | Outcome::Ended | Outcome::Control => None,
    }
}

/// Fills the stock of the products of an order.
async fn stock_up(address: &Address, call: &CellCall, admin: &Credentials) -> Result<(), Failure> {
    let options = CallOptions { credentials: admin.clone(), ..CallOptions::default() };
    for product in 1..=call.cell.size.unwrap_or_default() {
        let input = Value::object([("id", i64::from(product).into()), ("stock", i64::from(STOCK_MAX).into())]);
        let row = Operation::named("update_product");
        let request = CallRequest::with_options(row.name, input, options.clone());
        crate::call::call_once(address, call.style, &request).await?;
    }
    Ok(())
}

/// A failure with the cell in which it happened.
fn named(failure: Failure, call: &CellCall) -> Failure {
    let place = format!("{}, {}", call.cell.name(), call.cell.task());
    match failure {
        Failure::Refused(mut refused) => {
            refused.message = format!("{place}: {}", refused.message);
            Failure::Refused(refused)
        }
        Failure::Broken(problem) => broken(format!("{place}: {problem}")),
        Failure::DecodeError(error) => broken(format!("{place}: {error}")),
        Failure::Closed(code, reason) => Failure::Closed(code, format!("{reason} ({place})")),
    }
}

fn figures(sent: &Sent, calls: u32, server_us: Option<f64>, client_us: Option<f64>, memory: Option<u64>) -> Figures {
    let (calls, times) = (f64::from(calls), |share| quantile_if_enough(&sent.times, share).map(microseconds));
    let all = [
        ("calls_per_second", Some(calls / sent.took.as_secs_f64())),
        (P50, Some(microseconds(quantile(&sent.times, 0.5)))),
        ("p95_us", times(0.95)),
        ("p99_us", times(0.99)),
        ("sent_bytes", Some(sent.bytes.sent as f64 / calls)),
        ("received_bytes", Some(sent.bytes.received as f64 / calls)),
        (CPU, server_us.map(|used| used / calls)),
        ("memory_kib", memory.map(|kib| kib as f64)),
        ("client_busy", client_us.map(|used| used / microseconds(sent.took))),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}
