//! The last steps of one sandbox, and what rules ask of them.

use super::step::{Call, Step, Streamed, Trip};
use std::collections::{BTreeSet, VecDeque};
use std::time::{Duration, Instant};

/// Steps that are stored: more than the longest exercise takes.
const STEPS_MAX: usize = 150;
/// Values of all calls that are stored: as many as fifteen long pages of a list have.
const VALUES_MAX: usize = 3_000;
/// How long a step counts. An exercise that takes longer is begun anew.
const STEP_SECONDS_MAX: u64 = 3_600;

/// The last steps of a sandbox, the oldest first.
#[derive(Default)]
pub struct History {
    steps: VecDeque<(Instant, Step)>,
    values: usize,
}

impl History {
    pub fn add(&mut self, step: Step) {
        let now = Instant::now();
        let is_old = |at: Instant| now.duration_since(at) > Duration::from_secs(STEP_SECONDS_MAX);
        self.values += weight(&step);
        self.steps.push_back((now, step));
        let is_over = |history: &History| history.steps.len() > STEPS_MAX || history.values > VALUES_MAX;
        while self.steps.len() > 1 && (is_over(self) || self.steps.front().is_some_and(|(at, _)| is_old(*at))) {
            self.values -= self.steps.pop_front().map_or(0, |(_, step)| weight(&step));
        }
    }

    /// The trip that was just made; `None` if the last step is an event.
    pub fn last(&self) -> Option<&Trip> {
        match self.steps.back() {
            Some((_, Step::Trip(trip))) => Some(trip),
            _ => None,
        }
    }

    /// The event that a stream has just delivered.
    pub fn last_event(&self) -> Option<&Streamed> {
        match self.steps.back() {
            Some((_, Step::Event(event))) => Some(event),
            _ => None,
        }
    }

    /// The trips.
    pub fn trips(&self) -> impl DoubleEndedIterator<Item = &Trip> {
        self.steps.iter().filter_map(|(_, step)| match step {
            Step::Trip(trip) => Some(trip),
            Step::Event(_) => None,
        })
    }

    /// The trips before the last one.
    pub fn earlier(&self) -> impl DoubleEndedIterator<Item = &Trip> {
        let last = self.last().map(std::ptr::from_ref);
        self.trips().filter(move |trip| last != Some(std::ptr::from_ref(*trip)))
    }

    /// All calls, each with its trip.
    pub fn calls(&self) -> impl DoubleEndedIterator<Item = (&Trip, &Call)> {
        self.trips().flat_map(|trip| trip.calls.iter().map(move |call| (trip, call)))
    }

    /// The events that streams have delivered.
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &Streamed> {
        self.steps.iter().filter_map(|(_, step)| match step {
            Step::Event(event) => Some(event),
            Step::Trip(_) => None,
        })
    }

    /// The styles of the calls that fit, in alphabetical order.
    pub fn styles(&self, fits: impl Fn(&Trip, &Call) -> bool) -> BTreeSet<&'static str> {
        self.calls().filter(|(trip, call)| fits(trip, call)).map(|(trip, _)| trip.style).collect()
    }
}

fn weight(step: &Step) -> usize {
    match step {
        Step::Trip(trip) => trip.weight(),
        Step::Event(_) => 0,
    }
}
