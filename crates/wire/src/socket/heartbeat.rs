//! Heartbeats: pings find out whether the client is still there.

use super::{SocketInput, input};
use crate::limits::SILENT_BEATS_MAX;
use actix_http::ws::ProtocolError;
use actix_ws::AggregatedMessage;
use std::time::Duration;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// The heartbeat of one socket.
pub struct Heartbeat {
    ticks: Interval,
    /// Ticks since the client last sent anything.
    silent: u32,
}

/// What to do at a tick.
#[derive(Debug, PartialEq, Eq)]
pub enum Tick {
    /// Send a ping.
    Ping,
    /// The client has been silent for too long.
    Silent,
}

impl Heartbeat {
    /// A heartbeat with that interval.
    pub fn new(heartbeat_ms: u64) -> Self {
        let mut ticks = interval(Duration::from_millis(heartbeat_ms.max(1)));
        // After a pause of the whole server no client must count as silent.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks.reset();
        Heartbeat { ticks, silent: 0 }
    }

    /// Classifies a message; any message is a sign of life.
    pub fn receive(&mut self, message: Option<Result<AggregatedMessage, ProtocolError>>) -> SocketInput {
        self.silent = 0;
        input(message)
    }

    /// Waits for the next tick.
    pub async fn next_tick(&mut self) -> Tick {
        self.ticks.tick().await;
        self.silent += 1;
        if self.silent > SILENT_BEATS_MAX { Tick::Silent } else { Tick::Ping }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::web::Bytes;

    #[tokio::test(start_paused = true)]
    async fn who_says_nothing_is_asked_and_then_given_up() {
        let mut heartbeat = Heartbeat::new(15_000);
        for _ in 0..SILENT_BEATS_MAX {
            assert_eq!(heartbeat.next_tick().await, Tick::Ping);
        }
        assert_eq!(heartbeat.next_tick().await, Tick::Silent);
        assert!(matches!(heartbeat.receive(Some(Ok(AggregatedMessage::Pong(Bytes::new())))), SocketInput::Nothing));
        assert_eq!(heartbeat.next_tick().await, Tick::Ping);
    }
}
