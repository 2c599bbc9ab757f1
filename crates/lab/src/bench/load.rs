//! Sends a call many times over several connections, and takes the time of each.

use super::replay::Replay;
use super::script::Script;
use crate::report::ByteCount;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use wire::Address;
use wire::connection::{Failure, broken};

/// Timers wake within a millisecond or two, which is longer than a call: the rest is waited for without sleeping.
const TIMER_ERROR: Duration = Duration::from_millis(2);

/// What was measured.
#[derive(Default)]
pub struct Sent {
    /// How long all calls took together.
    pub took: Duration,
    /// How long each call took, ascending.
    pub times: Vec<Duration>,
    /// The bytes of all calls together.
    pub bytes: ByteCount,
}

/// The connections of a cell in a round.
pub struct Load {
    address: Address,
    script: Arc<Script>,
    /// `None` where each call opens its own.
    connections: Vec<Option<Replay>>,
}

impl Load {
    /// Opens the connections, and makes the first call on each; cold ones are opened by each call.
    pub async fn open(address: &Address, script: &Arc<Script>, count: u32, cold: bool) -> Result<Load, Failure> {
        let mut connections = Vec::new();
        for _ in 0..count {
            connections.push(if cold { None } else { Some(Replay::open(address, script).await?) });
            if let Some(Some(replay)) = connections.last_mut() {
                replay.call().await?;
                // These bytes are not those of a measured call.
                replay.take_bytes();
            }
        }
        Ok(Load { address: address.clone(), script: script.clone(), connections })
    }

    /// The calls that opened the connections.
    pub fn opening_calls(&self) -> usize {
        self.connections.iter().flatten().count()
    }

    /// Makes so many calls: at this rate (open loop), or each when its connection has its last answer (closed loop).
    pub async fn send(&mut self, calls: u32, rate: Option<u32>) -> Result<Sent, Failure> {
        let (address, script, start) = (self.address.clone(), self.script.clone(), Instant::now());
        let turn = Arc::new(Turn { address, script, rate, start, calls, next: AtomicU32::new(0) });
        let mut workers = JoinSet::new();
        for connection in self.connections.drain(..) {
            workers.spawn(turn.clone().work(connection));
        }
        let mut all = Sent::default();
        while let Some(worker) = workers.join_next().await {
            let (connection, sent) = worker.map_err(broken)??;
            all.bytes.add(sent.bytes.sent, sent.bytes.received);
            all.times.extend(sent.times);
            self.connections.push(connection);
        }
        all.took = start.elapsed();
        all.times.sort();
        Ok(all)
    }
}

/// What the connections share while they make calls.
struct Turn {
    address: Address,
    script: Arc<Script>,
    rate: Option<u32>,
    start: Instant,
    calls: u32,
    /// The number of the next call.
    next: AtomicU32,
}

impl Turn {
    async fn work(self: Arc<Self>, mut connection: Option<Replay>) -> Result<(Option<Replay>, Sent), Failure> {
        let mut sent = Sent::default();
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= self.calls {
                return Ok((connection, sent));
            }
            let begin = self.begin(number).await;
            let mut new = match connection {
                Some(_) => None,
                None => Some(Replay::open(&self.address, &self.script).await?),
            };
            if let Some(replay) = connection.as_mut().or(new.as_mut()) {
                replay.call().await?;
                sent.times.push(begin.elapsed());
                let bytes = replay.take_bytes();
                sent.bytes.add(bytes.sent, bytes.received);
            }
        }
    }

    /// When a call begins: now, or when it is due. One that waits for a connection has begun (no coordinated omission).
    async fn begin(&self, number: u32) -> Instant {
        let Some(rate) = self.rate else { return Instant::now() };
        let due = self.start + Duration::from_secs_f64(f64::from(number) / f64::from(rate));
        tokio::time::sleep_until((due - TIMER_ERROR).into()).await;
        while Instant::now() < due {
            tokio::task::yield_now().await;
        }
        due
    }
}
