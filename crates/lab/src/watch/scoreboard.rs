//! When each channel received each event: a row for each event, and the delays of each channel.

use domain::Value;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::Instant;
use wire::connection::{Failure, broken};

/// Events that some channel has still to receive. When there are more, the delays of the oldest are not waited for any more.
const ROWS_MAX: usize = 100;

/// The events of all channels, side by side.
pub struct Scoreboard {
    rows: VecDeque<ScoreRow>,
    delays: Vec<Delays>,
    /// Channels that have ended, and are not waited for.
    ended: Vec<bool>,
    /// The newest event whose row was taken.
    last_taken: i64,
}

/// An event, and when each channel received it.
#[derive(Clone, Debug)]
pub struct ScoreRow {
    /// Its number in the log.
    pub seq: i64,
    /// The event itself, equal on all channels.
    pub event: Value,
    /// For each channel, when.
    pub delivered: Vec<Option<Instant>>,
}

impl ScoreRow {
    /// How long after the first channel each channel received it.
    pub fn behind(&self) -> Vec<Option<Duration>> {
        let first = self.delivered.iter().flatten().min();
        self.delivered.iter().map(|delivered| Some(delivered.as_ref()?.duration_since(*first?))).collect()
    }
}

/// The delays of a channel, summed up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delays {
    /// Events that it received.
    pub events: u32,
    /// Those whose delay is known.
    pub known: u32,
    /// The sum of their delays.
    pub sum: Duration,
    /// The greatest of them.
    pub greatest: Duration,
}

impl Delays {
    /// Adds a delay.
    pub fn add(&mut self, delay: Duration) {
        self.known += 1;
        self.sum += delay;
        self.greatest = self.greatest.max(delay);
    }

    /// The mean, if any delay is known.
    pub fn mean(&self) -> Option<Duration> {
        self.sum.checked_div(self.known)
    }
}

impl Scoreboard {
    /// A scoreboard of so many channels, which follow the log after that event.
    pub fn new(channels: usize, after: i64) -> Scoreboard {
        let (delays, ended) = (vec![Delays::default(); channels], vec![false; channels]);
        Scoreboard { rows: VecDeque::new(), delays, ended, last_taken: after }
    }

    /// A channel has received an event. It must be equal on all channels, and come once on each.
    pub fn record(&mut self, channel: usize, event: Value, at: Instant) -> Result<(), Failure> {
        let seq = event.get("seq").and_then(Value::int).ok_or_else(|| broken("an event has no seq"))?;
        self.delays[channel].events += 1;
        if seq <= self.last_taken {
            return Ok(());
        }
        // A channel that resumes may receive events before others, and older ones than they have.
        let place = self.rows.partition_point(|row| row.seq < seq);
        if self.rows.get(place).is_none_or(|row| row.seq != seq) {
            self.rows.insert(place, ScoreRow { seq, event: event.clone(), delivered: vec![None; self.delays.len()] });
        }
        let row = &mut self.rows[place];
        if row.event != event {
            let (ours, theirs) = (wire::json::value(&row.event), wire::json::value(&event));
            return Err(broken(format!("two channels received event {seq} differently: {ours} and {theirs}")));
        }
        match row.delivered[channel].replace(at) {
            None => Ok(()),
            Some(_) => Err(broken(format!("a channel received event {seq} twice"))),
        }
    }

    /// A channel has ended.
    pub fn end_channel(&mut self, channel: usize) {
        self.ended[channel] = true;
    }

    /// Whether all channels have ended.
    pub fn have_all_ended(&self) -> bool {
        self.ended.iter().all(|ended| *ended)
    }

    /// Takes the oldest row, if every channel has received its event or there are too many rows.
    pub fn take_complete(&mut self) -> Option<ScoreRow> {
        let row = self.rows.front()?;
        let is_delivered =
            row.delivered.iter().zip(&self.ended).all(|(delivered, ended)| *ended || delivered.is_some());
        if is_delivered || self.rows.len() > ROWS_MAX { self.take_oldest() } else { None }
    }

    /// Takes the oldest row.
    pub fn take_oldest(&mut self) -> Option<ScoreRow> {
        let row = self.rows.pop_front()?;
        self.last_taken = row.seq;
        for (delays, behind) in self.delays.iter_mut().zip(row.behind()) {
            behind.into_iter().for_each(|behind| delays.add(behind));
        }
        Some(row)
    }

    /// The rows of the events that some channel has still to receive.
    pub fn incomplete(&self) -> impl Iterator<Item = &ScoreRow> {
        self.rows.iter()
    }

    /// The delays of each channel, of the rows that were taken.
    pub fn delays(&self) -> &[Delays] {
        &self.delays
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(seq: i64) -> Value {
        Value::object([("seq", seq.into())])
    }

    #[test]
    fn delays_count_from_the_first_channel() {
        let (mut board, now) = (Scoreboard::new(2, 0), Instant::now());
        let ms = Duration::from_millis;
        board.record(1, event(1), now + ms(5)).unwrap();
        assert!(board.take_complete().is_none(), "the other channel has not received it yet");
        board.record(0, event(1), now + ms(2)).unwrap();
        assert_eq!(board.take_complete().unwrap().behind(), [Some(ms(0)), Some(ms(3))]);
        board.record(0, event(2), now).unwrap();
        assert!(board.take_complete().is_none());
        board.end_channel(1);
        assert_eq!(board.take_complete().unwrap().behind(), [Some(ms(0)), None]);
        assert_eq!(board.delays()[1], Delays { events: 1, known: 1, sum: ms(3), greatest: ms(3) });
        assert_eq!((board.delays()[0].events, board.delays()[0].mean()), (2, Some(ms(0))));
    }

    #[test]
    fn an_event_must_be_equal_on_all_channels_and_come_once() {
        let (mut board, now) = (Scoreboard::new(2, 0), Instant::now());
        board.record(0, event(1), now).unwrap();
        assert!(board.record(0, event(1), now).unwrap_err().to_string().contains("twice"));
        let other = Value::object([("seq", 1.into()), ("kind", "order.paid".into())]);
        assert!(board.record(1, other, now).unwrap_err().to_string().contains("differently"));
    }

    #[test]
    fn a_channel_far_behind_does_not_hold_up_the_others() {
        let (mut board, now) = (Scoreboard::new(2, 0), Instant::now());
        for seq in 1..=ROWS_MAX as i64 + 1 {
            board.record(0, event(seq), now).unwrap();
        }
        assert_eq!(board.take_complete().map(|row| row.seq), Some(1));
        assert!(board.take_complete().is_none());
        board.record(1, event(1), now).unwrap();
        assert_eq!((board.delays()[1].events, board.delays()[1].known), (1, 0));
        assert_eq!(board.incomplete().count(), ROWS_MAX);
    }
}
