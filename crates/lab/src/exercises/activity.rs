//! What the clients of a sandbox do: how many calls, over which styles, the last one, and whether the learner is stuck.

use super::step::Trip;
use domain::time::Timestamp;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant};

/// Refused calls in a row that show that a learner is stuck. The exercises about errors need three.
const REFUSALS_STUCK: u32 = 8;
/// How often a learner may miss an exercise in the same way, until it shows that the learner is stuck.
const MISSES_STUCK: u32 = 5;
/// Misses within this time count once: a loop repeats the same call at once.
const MISS_SECONDS: u64 = 5;

/// What the clients of a sandbox have done since the server has started.
#[derive(Clone, Default)]
pub struct Activity {
    /// The number of calls.
    pub calls: u64,
    /// The styles of these calls.
    pub styles: BTreeSet<&'static str>,
    /// The last call.
    pub last_call: Option<LastCall>,
    /// How many calls were refused since one succeeded.
    pub refusals: u32,
    misses: HashMap<&'static str, Miss>,
}

/// A call, as a list shows it.
#[derive(Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LastCall {
    /// The style.
    pub style: &'static str,
    /// The operation; empty if there is no such operation.
    pub operation: &'static str,
    /// `ok`, or the reason of the refusal.
    pub outcome: &'static str,
    /// When it was made.
    pub at: String,
}

/// How an exercise was missed.
#[derive(Clone)]
struct Miss {
    text: String,
    count: u32,
    at: Instant,
}

impl Activity {
    /// Counts the calls of a trip.
    pub(super) fn add(&mut self, trip: &Trip, at: Timestamp) {
        for call in &trip.calls {
            self.calls += 1;
            self.styles.insert(trip.style);
            self.refusals = if call.refused.is_some() { self.refusals + 1 } else { 0 };
            let outcome = call.refused.map_or("ok", |reason| reason.word());
            let (style, operation) = (trip.style, call.operation);
            self.last_call = Some(LastCall { style, operation, outcome, at: at.to_string() });
        }
    }

    /// An exercise was nearly done.
    pub(super) fn missed(&mut self, exercise: &'static str, text: &str, now: Instant) {
        let known = self.misses.get_mut(exercise).filter(|miss| miss.text == text);
        let Some(miss) = known else {
            self.misses.insert(exercise, Miss { text: text.to_owned(), count: 1, at: now });
            return;
        };
        if now.saturating_duration_since(miss.at) >= Duration::from_secs(MISS_SECONDS) {
            (miss.count, miss.at) = (miss.count + 1, now);
        }
    }

    /// The learner goes on: an exercise was done, or all begins anew.
    pub(super) fn go_on(&mut self) {
        self.refusals = 0;
        self.misses.clear();
    }

    /// Whether the learner gets nowhere.
    pub fn is_stuck(&self) -> bool {
        self.refusals >= REFUSALS_STUCK || self.misses.values().any(|miss| miss.count >= MISSES_STUCK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_miss_again_and_again_shows_that_a_learner_is_stuck() {
        let (mut activity, begun) = (Activity::default(), Instant::now());
        let at = |second| begun + Duration::from_secs(second);
        (0..100).for_each(|_| activity.missed("poll", "no cursor", begun));
        (1..4).for_each(|number| activity.missed("poll", "no cursor", at(number * MISS_SECONDS)));
        assert!(!activity.is_stuck(), "a loop counts once");
        activity.missed("poll", "no cursor", at(4 * MISS_SECONDS));
        assert!(activity.is_stuck());
        activity.missed("poll", "the cursor is wrong", at(5 * MISS_SECONDS));
        assert!(!activity.is_stuck(), "another miss is progress");
    }
}
