//! What did each lane hear of each event, and when? One row for each event, one place in it for each lane.

use domain::Value;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::Instant;
use wire::connection::{Failure, broken};

/// Events that not every lane has heard yet. Of older ones no delay is told any more: some lane is far behind.
pub const ROWS_MAX: usize = 100;

/// The events that lanes hear, side by side.
pub struct Board {
    rows: VecDeque<Row>,
    lanes: Vec<Delays>,
    /// Lanes that come no more, and are not waited for.
    gone: Vec<bool>,
    /// The newest event that left the board.
    settled: i64,
}

/// An event, and when which lane heard it.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its place in the log.
    pub seq: i64,
    /// The event itself, equal in all lanes.
    pub event: Value,
    /// For each lane, when.
    pub heard: Vec<Option<Instant>>,
}

impl Row {
    /// How long after the first lane each lane heard it.
    pub fn behind(&self) -> Vec<Option<Duration>> {
        let first = self.heard.iter().flatten().min();
        self.heard.iter().map(|heard| Some(heard.as_ref()?.duration_since(*first?))).collect()
    }
}

/// The delays of a lane, summed up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delays {
    /// Events that it heard.
    pub events: u32,
    /// Those whose delay is known.
    pub known: u32,
    /// Their delays together.
    pub sum: Duration,
    /// The greatest of them.
    pub greatest: Duration,
}

impl Delays {
    /// One more.
    pub fn add(&mut self, delay: Duration) {
        self.known += 1;
        self.sum += delay;
        self.greatest = self.greatest.max(delay);
    }

    /// The mean; nothing, if none is known.
    pub fn mean(&self) -> Option<Duration> {
        self.sum.checked_div(self.known)
    }
}

impl Board {
    /// A board for so many lanes, which follow the log after that event.
    pub fn new(lanes: usize, after: i64) -> Board {
        Board { rows: VecDeque::new(), lanes: vec![Delays::default(); lanes], gone: vec![false; lanes], settled: after }
    }

    /// A lane has heard an event. It must be the one that others heard, and heard once.
    pub fn hear(&mut self, lane: usize, event: Value, at: Instant) -> Result<(), Failure> {
        let seq = event.get("seq").and_then(Value::int).ok_or_else(|| broken("an event has no seq"))?;
        self.lanes[lane].events += 1;
        if seq <= self.settled {
            return Ok(());
        }
        let place = match self.rows.iter().position(|row| row.seq == seq) {
            Some(place) => place,
            None => {
                // A lane that resumes may hear what others have not heard yet, and what is older than what they have.
                let place = self.rows.partition_point(|row| row.seq < seq);
                self.rows.insert(place, Row { seq, event: event.clone(), heard: vec![None; self.lanes.len()] });
                place
            }
        };
        let row = &mut self.rows[place];
        if row.event != event {
            let (ours, theirs) = (wire::json::value(&row.event), wire::json::value(&event));
            return Err(broken(format!("two lanes heard event {seq} differently: {ours} and {theirs}")));
        }
        match row.heard[lane].replace(at) {
            None => Ok(()),
            Some(_) => Err(broken(format!("a lane heard event {seq} twice"))),
        }
    }

    /// A lane comes no more.
    pub fn leave(&mut self, lane: usize) {
        self.gone[lane] = true;
    }

    /// Whether there is anybody left.
    pub fn is_deserted(&self) -> bool {
        self.gone.iter().all(|gone| *gone)
    }

    /// Takes the oldest event, if every lane has heard it or there is no room for more.
    pub fn settle(&mut self) -> Option<Row> {
        let row = self.rows.front()?;
        let is_heard = row.heard.iter().zip(&self.gone).all(|(heard, gone)| *gone || heard.is_some());
        if is_heard || self.rows.len() > ROWS_MAX { self.take() } else { None }
    }

    /// Takes the oldest event, whoever has heard it.
    pub fn take(&mut self) -> Option<Row> {
        let row = self.rows.pop_front()?;
        self.settled = row.seq;
        for (lane, behind) in self.lanes.iter_mut().zip(row.behind()) {
            behind.into_iter().for_each(|behind| lane.add(behind));
        }
        Some(row)
    }

    /// The events that some lane has still to hear.
    pub fn open(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter()
    }

    /// What each lane heard, of the events that were taken.
    pub fn delays(&self) -> &[Delays] {
        &self.lanes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(seq: i64) -> Value {
        Value::object([("seq", seq.into())])
    }

    #[test]
    fn delays_are_counted_from_whoever_is_first() {
        let (mut board, now) = (Board::new(2, 0), Instant::now());
        let ms = Duration::from_millis;
        board.hear(1, event(1), now + ms(5)).unwrap();
        assert!(board.settle().is_none(), "the other has not heard it yet");
        board.hear(0, event(1), now + ms(2)).unwrap();
        assert_eq!(board.settle().unwrap().behind(), [Some(ms(0)), Some(ms(3))]);
        board.hear(0, event(2), now).unwrap();
        assert!(board.settle().is_none());
        board.leave(1);
        assert_eq!(board.settle().unwrap().behind(), [Some(ms(0)), None]);
        assert_eq!(board.delays()[1], Delays { events: 1, known: 1, sum: ms(3), greatest: ms(3) });
        assert_eq!((board.delays()[0].events, board.delays()[0].mean()), (2, Some(ms(0))));
    }

    #[test]
    fn what_is_heard_twice_or_differently_is_no_news() {
        let (mut board, now) = (Board::new(2, 0), Instant::now());
        board.hear(0, event(1), now).unwrap();
        assert!(board.hear(0, event(1), now).unwrap_err().to_string().contains("twice"));
        let other = Value::object([("seq", 1.into()), ("kind", "order.paid".into())]);
        assert!(board.hear(1, other, now).unwrap_err().to_string().contains("differently"));
    }

    #[test]
    fn a_lane_far_behind_holds_nobody_up() {
        let (mut board, now) = (Board::new(2, 0), Instant::now());
        for seq in 1..=ROWS_MAX as i64 + 1 {
            board.hear(0, event(seq), now).unwrap();
        }
        assert_eq!(board.settle().map(|row| row.seq), Some(1));
        assert!(board.settle().is_none());
        board.hear(1, event(1), now).unwrap();
        assert_eq!((board.delays()[1].events, board.delays()[1].known), (1, 0));
        assert_eq!(board.open().count(), ROWS_MAX);
    }
}
