//! The limit on concurrent attempts, in total and per webhook, so that slow webhooks do not delay the others.

use domain::webhooks::Endpoint;
use std::collections::{HashMap, HashSet};

/// Concurrent attempts to all webhooks; each needs a connection and the memory of its TLS session.
pub const ATTEMPTS_MAX: usize = 64;
/// Concurrent attempts to a webhook whose last response was good.
pub const ATTEMPTS_PER_WEBHOOK_MAX: usize = 4;
/// Concurrent attempts to all other webhooks together, one for each of them. The rest of [`ATTEMPTS_MAX`] is always available to
/// responsive webhooks.
pub const ATTEMPTS_UNRESPONSIVE_MAX: usize = 32;
/// Responsive webhooks that are remembered. There are fewer unless many were deleted; at the limit the set starts again empty.
const RESPONSIVE_MAX: usize = 10_000;

/// Counts running attempts and remembers responsive webhooks.
#[derive(Default)]
pub struct ConcurrencyLimit {
    running: HashMap<Endpoint, usize>,
    responsive: HashSet<Endpoint>,
}

impl ConcurrencyLimit {
    /// Returns how many more attempts to a webhook may start now.
    pub fn available(&self, endpoint: &Endpoint) -> usize {
        let free = ATTEMPTS_MAX.saturating_sub(self.running.values().sum());
        let current = self.running.get(endpoint).copied().unwrap_or_default();
        if self.responsive.contains(endpoint) {
            return free.min(ATTEMPTS_PER_WEBHOOK_MAX.saturating_sub(current));
        }
        let others =
            self.running.iter().filter(|(endpoint, _)| !self.responsive.contains(endpoint)).map(|(_, count)| count);
        let free = free.min(ATTEMPTS_UNRESPONSIVE_MAX.saturating_sub(others.sum()));
        free.min(1_usize.saturating_sub(current))
    }

    /// Counts an attempt that starts.
    pub fn acquire(&mut self, endpoint: &Endpoint) {
        *self.running.entry(endpoint.clone()).or_default() += 1;
    }

    /// Counts an attempt that has ended. `is_responsive` is `None` if no request was sent, or if the attempt was cut off.
    pub fn release(&mut self, endpoint: &Endpoint, is_responsive: Option<bool>) {
        if let Some(count) = self.running.get_mut(endpoint) {
            *count -= 1;
            if *count == 0 {
                self.running.remove(endpoint);
            }
        }
        match is_responsive {
            Some(true) => {
                if self.responsive.len() >= RESPONSIVE_MAX {
                    self.responsive.clear();
                }
                self.responsive.insert(endpoint.clone());
            }
            Some(false) => _ = self.responsive.remove(endpoint),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Sandbox;
    use domain::webhooks::WebhookId;

    fn endpoint(id: usize) -> Endpoint {
        Endpoint { sandbox: Sandbox::main(), webhook_id: WebhookId(id as i32) }
    }

    /// Starts as many attempts as the limit allows, and returns their number.
    fn fill(limit: &mut ConcurrencyLimit, endpoint: &Endpoint) -> usize {
        let mut count = 0;
        while limit.available(endpoint) > 0 {
            limit.acquire(endpoint);
            count += 1;
        }
        count
    }

    fn responsive(limit: &mut ConcurrencyLimit, endpoint: &Endpoint) {
        limit.acquire(endpoint);
        limit.release(endpoint, Some(true));
    }

    #[test]
    fn a_webhook_gets_one_attempt_until_it_responds() {
        let mut limit = ConcurrencyLimit::default();
        assert_eq!(fill(&mut limit, &endpoint(1)), 1);
        limit.release(&endpoint(1), Some(true));
        assert_eq!(fill(&mut limit, &endpoint(1)), ATTEMPTS_PER_WEBHOOK_MAX);
        limit.release(&endpoint(1), Some(false));
        assert_eq!(limit.available(&endpoint(1)), 0, "three are still running");
        for _ in 1..ATTEMPTS_PER_WEBHOOK_MAX {
            limit.release(&endpoint(1), None);
        }
        assert_eq!(fill(&mut limit, &endpoint(1)), 1);
    }

    #[test]
    fn slow_webhooks_leave_room_for_responsive_ones() {
        let mut limit = ConcurrencyLimit::default();
        let quick = endpoint(1_000);
        responsive(&mut limit, &quick);
        let slow: usize = (0..500).map(|id| fill(&mut limit, &endpoint(id))).sum();
        assert_eq!(slow, ATTEMPTS_UNRESPONSIVE_MAX);
        assert_eq!(fill(&mut limit, &quick), ATTEMPTS_PER_WEBHOOK_MAX);
    }

    #[test]
    fn the_total_is_limited() {
        let mut limit = ConcurrencyLimit::default();
        (0..100).for_each(|id| responsive(&mut limit, &endpoint(id)));
        let all: usize = (0..100).map(|id| fill(&mut limit, &endpoint(id))).sum();
        assert_eq!(all, ATTEMPTS_MAX);
    }

    #[test]
    fn the_set_of_responsive_webhooks_is_bounded() {
        let mut limit = ConcurrencyLimit::default();
        (0..=RESPONSIVE_MAX).for_each(|id| responsive(&mut limit, &endpoint(id)));
        assert_eq!(limit.responsive.len(), 1);
    }
}
