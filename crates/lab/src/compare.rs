//! Makes the same call in each style: compares the outcomes, and only if they are equal measures the cost.

mod style_run;

pub use style_run::{StyleResult, WARM_UP_CALLS};

use crate::equal::{normalized, outcome_differences};
use crate::sandboxes::TemporarySandboxes;
use domain::access::Credentials;
use domain::operations::OperationKind;
use std::time::{Duration, Instant};
use style_run::StyleRun;
use wire::connection::Failure;
use wire::{Adapter, Address, CallRequest, Outcome};

/// Calls that are each made on a new connection.
pub const COLD_CALLS: usize = 5;

/// A call in several styles.
pub struct Comparison {
    /// The call.
    pub request: CallRequest,
    /// Whether the outcomes are equal.
    pub verdict: Verdict,
    /// What each style sent and received, and, if the outcomes are equal, how long it took.
    pub results: Vec<StyleResult>,
}

/// Whether the outcomes are equal.
pub enum Verdict {
    /// All are equal to this one, which comes from the style that says most.
    Equal(Outcome),
    /// These styles differ from the first named, at these places. So nothing is measured.
    Different(&'static Adapter, Vec<(&'static Adapter, Vec<String>)>),
}

/// How much is measured.
#[derive(Clone, Debug)]
pub struct Effort {
    /// Measured calls on the open connection.
    pub n: usize,
    /// How long it may take: with slow replies fewer calls are measured, but at least one.
    pub within: Duration,
    /// Credentials that may manage the temporary sandboxes like a locked one.
    pub admin: Credentials,
    /// Whether the calls go over HTTP/2, in the styles that HTTP requests carry; a WebSocket stays on HTTP/1.1.
    pub http2: bool,
}

impl Effort {
    /// So many calls, however long they take.
    pub fn of(n: usize) -> Effort {
        Effort { n, within: Duration::MAX, admin: Credentials::None, http2: false }
    }
}

/// The time below which this share of ascending times lies: the nearest rank.
pub fn quantile(times: &[Duration], share: f64) -> Duration {
    let rank = (share * times.len() as f64).ceil() as usize;
    times.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// The same, if there are enough times: otherwise it would be the slowest of them. The 95th percentile needs 20, the 99th 100.
pub fn quantile_if_enough(times: &[Duration], share: f64) -> Option<Duration> {
    (times.len() as f64 * (1.0 - share) >= 1.0).then(|| quantile(times, share))
}

/// The time below which 95 % of ascending times lie, if they are enough to say so.
pub fn p95(times: &[Duration]) -> Option<Duration> {
    quantile_if_enough(times, 0.95)
}

/// Makes the same call in every style. A command runs in a temporary sandbox, reset before every call, with the access and the
/// delay of the one at the address.
pub async fn compare(
    server: &Address,
    styles: &[&'static Adapter],
    call: CallRequest,
    effort: &Effort,
) -> Result<Comparison, Failure> {
    let is_query = call.row().is_some_and(|row| row.kind == OperationKind::Query);
    let sandboxes = match is_query {
        true => None,
        false => Some(TemporarySandboxes::like(server, "compare", styles.len(), &effort.admin).await?),
    };
    let address = |number| sandboxes.as_ref().map_or_else(|| server.clone(), |all| all.address(number));
    let run = |(number, style): (usize, &&'static Adapter)| StyleRun::new(style, address(number), &call, effort.http2);
    let runs = styles.iter().enumerate().map(run).collect();
    let mut measurement = Measurement { call, runs, sandboxes };
    let verdict = measurement.run(effort).await;
    let Measurement { call, runs, sandboxes } = measurement;
    let mut results = Vec::new();
    for run in runs {
        results.push(run.end().await);
    }
    if let Some(sandboxes) = sandboxes {
        sandboxes.delete().await;
    }
    Ok(Comparison { request: call, verdict: verdict?, results })
}

/// Whether a call opens a connection, or finds one open.
enum Temperature {
    Cold,
    Warm,
}

/// One call in several styles while it is measured.
struct Measurement {
    call: CallRequest,
    runs: Vec<StyleRun>,
    /// One for each style, if the call is a command.
    sandboxes: Option<TemporarySandboxes>,
}

impl Measurement {
    async fn run(&mut self, effort: &Effort) -> Result<Verdict, Failure> {
        // The server may not have opened its files before the first call: only its outcome counts.
        self.round(Temperature::Cold).await?;
        let verdict = verdict(&self.call, &self.runs);
        if let Verdict::Different(..) = verdict {
            return Ok(verdict);
        }
        let begun = Instant::now();
        for round in 0..COLD_CALLS {
            if round == 0 || begun.elapsed() < effort.within {
                self.round(Temperature::Cold).await?;
            }
        }
        for round in 0..WARM_UP_CALLS + effort.n {
            if round <= WARM_UP_CALLS || begun.elapsed() < effort.within {
                self.round(Temperature::Warm).await?;
            }
        }
        Ok(verdict)
    }

    /// Makes one call in each style. Round by round, so that other work of the machine disturbs all styles alike.
    async fn round(&mut self, calls: Temperature) -> Result<(), Failure> {
        for (number, run) in self.runs.iter_mut().enumerate() {
            if let Some(sandboxes) = &mut self.sandboxes {
                sandboxes.reset(number).await?;
            }
            match calls {
                Temperature::Cold => run.call_cold(&self.call).await?,
                Temperature::Warm => run.call_warm(&self.call).await?,
            }
        }
        Ok(())
    }
}

/// The outcomes are compared with a refusal that has a kind, if there is one: it says most.
fn verdict(call: &CallRequest, runs: &[StyleRun]) -> Verdict {
    let outcomes: Vec<(&'static Adapter, &Outcome)> =
        runs.iter().map(|run| (run.result.style, &run.result.outcome)).collect();
    let says_most =
        |(_, outcome): &&(_, &Outcome)| matches!(outcome, Outcome::Refused(refused) if refused.kind.is_some());
    let Some((named, expected)) = outcomes.iter().find(says_most).or(outcomes.first()) else {
        return Verdict::Equal(Outcome::Control);
    };
    let others = outcomes.iter().map(|(style, outcome)| (*style, outcome_differences(call.row(), expected, outcome)));
    let differ: Vec<_> = others.filter(|(_, places)| !places.is_empty()).collect();
    if !differ.is_empty() {
        return Verdict::Different(named, differ);
    }
    Verdict::Equal(match expected {
        Outcome::Reply(_) => Outcome::Reply(normalized(call.row(), expected)),
        other => (*other).clone(),
    })
}
