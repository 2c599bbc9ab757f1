//! What does the same question cost in each style? First whether the answers are equal, and only then numbers.

use crate::equal::{differences, normalized, value_bytes};
use crate::sandbox::{Sandboxes, throw_away_names};
use domain::operations::OperationKind;
use domain::{Operation, Value};
use std::time::{Duration, Instant};
use wire::connection::{Connection, Failure};
use wire::measure::Measured;
use wire::{Adapter, Address, Ask, Heard, Outgoing};

/// Calls on a warm connection that are made before the measured ones, and dropped.
pub const WARM_UP_CALLS: usize = 3;
/// Calls that each open a connection for themselves.
pub const COLD_CALLS: usize = 5;

/// A question put to several styles.
pub struct Comparison {
    /// The question.
    pub ask: Ask,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of it.
pub enum Outcome {
    /// All answers are equal: this one, and what it cost in each style.
    Equal(Value, Vec<Row>),
    /// They differ: in each of these styles, from the first one, at these places. So there are no numbers.
    Different(&'static str, Vec<(&'static str, Vec<String>)>),
}

/// What the question cost in one style.
pub struct Row {
    /// The style.
    pub style: &'static Adapter,
    /// The bytes of one call.
    pub call: Measured,
    /// The bytes of opening the connection: a WebSocket's handshake.
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
    /// How much of all bytes of a call is not the values themselves.
    pub fn envelope_share(&self) -> f64 {
        let total = self.call.sent.total() + self.call.received.total();
        if total == 0 { 0.0 } else { 1.0 - self.values as f64 / total as f64 }
    }
}

/// The time below which this share of ascending times lies: the nearest rank.
pub fn quantile(times: &[Duration], share: f64) -> Duration {
    let rank = (share * times.len() as f64).ceil() as usize;
    times.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// One style while it is measured.
struct Lane {
    style: &'static Adapter,
    address: Address,
    sandbox: Option<String>,
    outgoing: Outgoing,
    connection: Connection,
    answer: Heard,
    cold: Vec<Duration>,
    calls: Vec<(Measured, Duration)>,
}

/// Asks the same in every style, `n` times warm. A command is asked in a throw-away sandbox, made new before every call.
pub async fn compare(server: &Address, styles: &[&'static Adapter], ask: Ask, n: usize) -> Result<Comparison, Failure> {
    let is_command = ask.row().is_none_or(|row| row.kind != OperationKind::Query);
    let mut sandboxes = Sandboxes::open(server).await?;
    let names = throw_away_names("compare", styles.len());
    let mut lanes = Vec::new();
    for (style, name) in styles.iter().zip(&names) {
        let sandbox = is_command.then(|| name.clone());
        lanes.push(Lane::open(server, style, sandbox, &ask, &mut sandboxes).await?);
    }
    let outcome = match unequal(&ask, &lanes) {
        Some((first, others)) => Outcome::Different(first, others),
        None => {
            // Round by round, so that whatever else the machine does meanwhile falls on all styles alike.
            for _ in 0..COLD_CALLS {
                for lane in &mut lanes {
                    lane.reconnect(&ask, &mut sandboxes).await?;
                }
            }
            for _ in 0..WARM_UP_CALLS + n {
                for lane in &mut lanes {
                    lane.call(&ask, &mut sandboxes).await?;
                }
            }
            let answer = lanes.first().map(|lane| normalized(ask.row(), &lane.answer)).unwrap_or(Value::Null);
            Outcome::Equal(answer, lanes.iter_mut().map(|lane| lane.row(&ask)).collect())
        }
    };
    for lane in lanes {
        lane.connection.close().await;
        if let Some(name) = &lane.sandbox {
            sandboxes.forget(name).await?;
        }
    }
    Ok(Comparison { ask, outcome })
}

impl Lane {
    /// Connects and asks for the first time. That call finds a server that may not yet have opened its files: it is for
    /// its answer only.
    async fn open(
        server: &Address,
        style: &'static Adapter,
        sandbox: Option<String>,
        ask: &Ask,
        sandboxes: &mut Sandboxes,
    ) -> Result<Lane, Failure> {
        let address = match &sandbox {
            Some(name) => {
                sandboxes.reset(name).await?;
                server.in_sandbox(name)
            }
            None => server.clone(),
        };
        let outgoing = style.client.encode(ask);
        let mut connection = Connection::open(&address, &outgoing).await?;
        let answer = connection.ask(style.client, ask, &outgoing).await?;
        connection.take_measured();
        let (cold, calls) = (Vec::new(), Vec::new());
        Ok(Lane { style, address, sandbox, outgoing, connection, answer, cold, calls })
    }

    /// Asks on a connection of its own: the cold call. The connection stays open for the warm ones.
    async fn reconnect(&mut self, ask: &Ask, sandboxes: &mut Sandboxes) -> Result<(), Failure> {
        if let Some(name) = &self.sandbox {
            sandboxes.reset(name).await?;
        }
        let start = Instant::now();
        let mut connection = Connection::open(&self.address, &self.outgoing).await?;
        let answer = connection.ask(self.style.client, ask, &self.outgoing).await?;
        self.cold.push(start.elapsed());
        connection.take_measured();
        std::mem::replace(&mut self.connection, connection).close().await;
        self.check(ask, &answer)
    }

    /// Asks once more on the open connection.
    async fn call(&mut self, ask: &Ask, sandboxes: &mut Sandboxes) -> Result<(), Failure> {
        if let Some(name) = &self.sandbox {
            sandboxes.reset(name).await?;
        }
        let start = Instant::now();
        let answer = self.connection.ask(self.style.client, ask, &self.outgoing).await?;
        let took = start.elapsed();
        self.calls.push((self.connection.take_measured(), took));
        self.check(ask, &answer)
    }

    /// No number for a style that answers now this and now that.
    fn check(&self, ask: &Ask, answer: &Heard) -> Result<(), Failure> {
        let again = differences(&normalized(ask.row(), &self.answer), &normalized(ask.row(), answer));
        let Some(first) = again.first() else { return Ok(()) };
        let (style, address) = (self.style.title, &self.address);
        Err(wire::connection::broken(format!("{style} at {address} answered differently the next time: {first}")))
    }

    fn row(&mut self, ask: &Ask) -> Row {
        let measured = &self.calls[WARM_UP_CALLS.min(self.calls.len())..];
        self.cold.sort();
        let mut warm: Vec<Duration> = measured.iter().map(|(_, took)| *took).collect();
        warm.sort();
        let call = measured.last().map(|(bytes, _)| *bytes).unwrap_or_default();
        let handshake = self.connection.handshake();
        let answered = match &self.answer {
            Heard::Answer(value) | Heard::Event(value) => value_bytes(value),
            Heard::Refused(refused) => refused.message.len() as u64,
            Heard::Started | Heard::Ended | Heard::Aside => 0,
        };
        Row {
            style: self.style,
            call,
            handshake,
            repeats: measured.iter().all(|(bytes, _)| *bytes == call),
            values: value_bytes(&ask.input) + answered,
            // The connection's, then the handshake's and those of the opening words, then the call's.
            round_trips_cold: match &self.outgoing {
                Outgoing::Http(_) | Outgoing::EventStream(_) => 2,
                Outgoing::Socket(message) => 3 + message.opening.len() as u32,
            },
            round_trips_warm: 1,
            connections: 1,
            cold: self.cold.clone(),
            warm,
        }
    }
}

/// The styles whose answer differs from the first one's, and where.
#[allow(clippy::type_complexity)]
fn unequal(ask: &Ask, lanes: &[Lane]) -> Option<(&'static str, Vec<(&'static str, Vec<String>)>)> {
    let operation: Option<&'static Operation> = ask.row();
    let (first, others) = lanes.split_first()?;
    let expected = normalized(operation, &first.answer);
    let differ = others.iter().filter_map(|lane| {
        let places = differences(&expected, &normalized(operation, &lane.answer));
        (!places.is_empty()).then_some((lane.style.title, places))
    });
    let differ: Vec<_> = differ.collect();
    (!differ.is_empty()).then_some((first.style.title, differ))
}
