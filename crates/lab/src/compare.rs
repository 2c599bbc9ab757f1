//! What does the same question cost in each style? First whether the answers are equal, and only then numbers.

mod lane;

use crate::equal::{disagreements, normalized};
use crate::sandbox::Copies;
use domain::access::Credentials;
use domain::operations::OperationKind;
use lane::Lane;
use std::time::{Duration, Instant};
use wire::connection::Failure;
use wire::io::Recording;
use wire::measure::{Measured, header, split_http};
use wire::{Adapter, Address, CallRequest, Outcome, WireRequest};

/// Calls on a warm connection that are made before the measured ones, and dropped.
pub const WARM_UP_CALLS: usize = 3;
/// Calls that each open a connection for themselves.
pub const COLD_CALLS: usize = 5;

/// A question put to several styles.
pub struct Comparison {
    /// The question.
    pub ask: CallRequest,
    /// What came of it.
    pub outcome: Verdict,
    /// What each style sent and received, and, if the answers are equal, how long it took.
    pub rows: Vec<Row>,
}

/// What came of it.
pub enum Verdict {
    /// All are answered alike: by this, or by this refusal in the words of the style that says most.
    Equal(Outcome),
    /// They differ: in each of these styles, from the first named, at these places. So nothing is measured.
    Different(&'static Adapter, Vec<(&'static Adapter, Vec<String>)>),
}

/// How much is measured.
#[derive(Clone, Debug)]
pub struct Effort {
    /// Measured calls on the open connection.
    pub n: usize,
    /// How long it may take: where answers are slow, fewer calls are measured, but one at least.
    pub within: Duration,
    /// Who may manage the throw-away copies of a locked sandbox. Those are of the standard shop.
    pub keeper: Credentials,
}

impl Effort {
    /// So many calls, however long they take.
    pub fn of(n: usize) -> Effort {
        Effort { n, within: Duration::MAX, keeper: Credentials::None }
    }
}

/// What the question cost in one style.
pub struct Row {
    /// The style.
    pub style: &'static Adapter,
    /// What was sent, before it was bytes.
    pub outgoing: WireRequest,
    /// What came back.
    pub heard: Outcome,
    /// What crossed the wire in opening the connection: a WebSocket's handshake, and its opening words.
    pub opening: (Recording, Recording),
    /// What crossed the wire in the last call.
    pub recording: Recording,
    /// The bytes of that call.
    pub call: Measured,
    /// The bytes of opening the connection.
    pub handshake: Measured,
    /// Whether every measured call had just as many bytes.
    pub repeats: bool,
    /// The bytes of the values asked with and answered, as text.
    pub values: u64,
    /// Round trips of a call on a new connection: the one of TCP, the handshake's, the call's.
    pub round_trips_cold: u32,
    /// Round trips of a call on an open connection.
    pub round_trips_warm: u32,
    /// Connections that the warm calls share.
    pub connections: u32,
    /// The times of calls that each opened a connection for themselves, ascending.
    pub cold: Vec<Duration>,
    /// The times of the measured calls on the open connection, ascending.
    pub warm: Vec<Duration>,
}

impl Row {
    /// How much of all bytes of a call is not the values themselves; of what came packed, nobody can tell.
    pub fn envelope_share(&self) -> Option<f64> {
        let total = self.call.sent.total() + self.call.received.total();
        (total > 0 && !self.is_packed()).then(|| 1.0 - self.values as f64 / total as f64)
    }

    /// Whether the answer came packed.
    pub fn is_packed(&self) -> bool {
        let (messages, _) = split_http(&self.recording.received);
        !self.is_socket() && messages.iter().any(|message| header(message.head, "content-encoding").is_some())
    }

    /// Whether the call was frames of a WebSocket.
    pub fn is_socket(&self) -> bool {
        matches!(self.outgoing, WireRequest::Socket(_))
    }
}

/// The time below which this share of ascending times lies: the nearest rank.
pub fn quantile(times: &[Duration], share: f64) -> Duration {
    let rank = (share * times.len() as f64).ceil() as usize;
    times.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// Asks the same in every style. A command is asked in a throw-away sandbox, made new before every call, that is locked and dialled
/// as the one at the address is.
pub async fn compare(
    server: &Address,
    styles: &[&'static Adapter],
    ask: CallRequest,
    effort: &Effort,
) -> Result<Comparison, Failure> {
    let is_query = ask.row().is_some_and(|row| row.kind == OperationKind::Query);
    if is_query {
        let lanes = styles.iter().map(|style| Lane::new(style, server.clone(), None, &ask)).collect();
        return measure(lanes, ask, effort, None).await;
    }
    let mut copies = Copies::like(server, "compare", styles.len(), &effort.keeper).await?;
    let lane =
        |(number, style): (usize, &&'static Adapter)| Lane::new(style, copies.address(number), Some(number), &ask);
    let lanes = styles.iter().enumerate().map(lane).collect();
    let compared = measure(lanes, ask, effort, Some(&mut copies)).await;
    copies.forget().await;
    compared
}

async fn measure(
    mut lanes: Vec<Lane>,
    ask: CallRequest,
    effort: &Effort,
    mut copies: Option<&mut Copies>,
) -> Result<Comparison, Failure> {
    // A first call finds a server that may not yet have opened its files: it is for its answer only.
    let mut heard = Vec::new();
    for lane in &mut lanes {
        heard.push(lane.open(&ask, copies.as_deref_mut()).await?);
    }
    let outcome = judged(&ask, &lanes, &heard);
    if let Verdict::Equal(_) = outcome {
        let begun = Instant::now();
        let is_late = |at_least: bool| at_least && begun.elapsed() >= effort.within;
        // Round by round, so that whatever else the machine does meanwhile falls on all styles alike.
        for round in 0..COLD_CALLS {
            if is_late(round > 0) {
                break;
            }
            for lane in &mut lanes {
                lane.reconnect(&ask, copies.as_deref_mut()).await?;
            }
        }
        for round in 0..WARM_UP_CALLS + effort.n {
            if is_late(round > WARM_UP_CALLS) {
                break;
            }
            for lane in &mut lanes {
                lane.call(&ask, copies.as_deref_mut()).await?;
            }
        }
    }
    let mut rows = Vec::new();
    for (lane, heard) in lanes.into_iter().zip(heard) {
        rows.push(lane.row(&ask, heard).await);
    }
    Ok(Comparison { ask, outcome, rows })
}

/// Whether all have heard the same. The refusal of a style that says the kind is what the others are held against: it says most.
fn judged(ask: &CallRequest, lanes: &[Lane], heard: &[Outcome]) -> Verdict {
    let says_most = |heard: &Outcome| matches!(heard, Outcome::Refused(refused) if refused.kind.is_some());
    let first = heard.iter().position(says_most).unwrap_or(0);
    let (Some(named), Some(expected)) = (lanes.get(first), heard.get(first)) else {
        return Verdict::Equal(Outcome::Control);
    };
    let others = lanes.iter().zip(heard).map(|(lane, heard)| (lane.style, disagreements(ask.row(), expected, heard)));
    let differ: Vec<_> = others.filter(|(_, places)| !places.is_empty()).collect();
    if !differ.is_empty() {
        return Verdict::Different(named.style, differ);
    }
    Verdict::Equal(match expected {
        Outcome::Reply(_) => Outcome::Reply(normalized(ask.row(), expected)),
        other => other.clone(),
    })
}
