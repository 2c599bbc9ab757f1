//! Makes the same call in each style: compares the outcomes, and only if they are equal measures the cost.

mod style_run;

pub use style_run::{StyleResult, WARM_UP_CALLS};

use crate::equal::{normalized, outcome_differences};
use crate::sandbox::Copies;
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
    pub outcome: Verdict,
    /// What each style sent and received, and, if the outcomes are equal, how long it took.
    pub rows: Vec<StyleResult>,
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
    /// Credentials that may manage the throw-away copies of a locked sandbox.
    pub admin: Credentials,
}

impl Effort {
    /// So many calls, however long they take.
    pub fn of(n: usize) -> Effort {
        Effort { n, within: Duration::MAX, admin: Credentials::None }
    }
}

/// The time below which this share of ascending times lies: the nearest rank.
pub fn quantile(times: &[Duration], share: f64) -> Duration {
    let rank = (share * times.len() as f64).ceil() as usize;
    times.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// Makes the same call in every style. A command runs in a throw-away sandbox, reset before every call, with the access and the
/// delay of the one at the address.
pub async fn compare(
    server: &Address,
    styles: &[&'static Adapter],
    call: CallRequest,
    effort: &Effort,
) -> Result<Comparison, Failure> {
    if call.row().is_some_and(|row| row.kind == OperationKind::Query) {
        let runs = styles.iter().map(|style| StyleRun::new(style, server.clone(), None, &call)).collect();
        return measure(runs, call, effort, None).await;
    }
    let mut copies = Copies::like(server, "compare", styles.len(), &effort.admin).await?;
    let run =
        |(number, style): (usize, &&'static Adapter)| StyleRun::new(style, copies.address(number), Some(number), &call);
    let runs = styles.iter().enumerate().map(run).collect();
    let compared = measure(runs, call, effort, Some(&mut copies)).await;
    copies.delete().await;
    compared
}

async fn measure(
    mut runs: Vec<StyleRun>,
    call: CallRequest,
    effort: &Effort,
    mut copies: Option<&mut Copies>,
) -> Result<Comparison, Failure> {
    // The server may not have opened its files before the first call: only its outcome counts.
    for run in &mut runs {
        run.call_cold(&call, copies.as_deref_mut()).await?;
    }
    let outcome = verdict(&call, &runs);
    if let Verdict::Equal(_) = outcome {
        let begun = Instant::now();
        let is_late = |at_least: bool| at_least && begun.elapsed() >= effort.within;
        // Round by round, so that other work of the machine disturbs all styles alike.
        for round in 0..COLD_CALLS {
            if is_late(round > 0) {
                break;
            }
            for run in &mut runs {
                run.call_cold(&call, copies.as_deref_mut()).await?;
            }
        }
        for round in 0..WARM_UP_CALLS + effort.n {
            if is_late(round > WARM_UP_CALLS) {
                break;
            }
            for run in &mut runs {
                run.call_warm(&call, copies.as_deref_mut()).await?;
            }
        }
    }
    let mut rows = Vec::new();
    for run in runs {
        rows.push(run.result(&call).await);
    }
    Ok(Comparison { request: call, outcome, rows })
}

/// The outcomes are compared with a refusal that has a kind, if there is one: it says most.
fn verdict(call: &CallRequest, runs: &[StyleRun]) -> Verdict {
    let outcomes: Vec<(&'static Adapter, &Outcome)> =
        runs.iter().filter_map(|run| Some((run.style, run.first.as_ref()?))).collect();
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
