//! Who may go now? So many at once, a few to each webhook; and those who wait for slow ones stand in nobody's way.

use domain::webhooks::Endpoint;
use std::collections::{HashMap, HashSet};

/// Tries at once, over all webhooks: each is a connection, with what TLS keeps for it.
pub const AT_ONCE_MAX: usize = 64;
/// Tries at once to a webhook that answered briskly the last time.
pub const AT_ONCE_EACH_MAX: usize = 4;
/// Tries at once to all webhooks together that did not, or have never been tried. Each of them gets one; the rest of
/// [`AT_ONCE_MAX`] is always free for those that answer.
pub const AT_ONCE_UNPROVEN_MAX: usize = 32;
/// Webhooks that are remembered to have answered; there are fewer, unless many were deleted. Beyond, all prove themselves anew.
const PROVEN_MAX: usize = 10_000;

/// Who is under way, and who has proven to answer.
#[derive(Default)]
pub struct ConcurrencyLimit {
    under_way: HashMap<Endpoint, usize>,
    proven: HashSet<Endpoint>,
}

impl ConcurrencyLimit {
    /// How many more may go to that webhook now.
    pub fn room(&self, end: &Endpoint) -> usize {
        let free = AT_ONCE_MAX.saturating_sub(self.under_way.values().sum());
        let here = self.under_way.get(end).copied().unwrap_or_default();
        if self.proven.contains(end) {
            return free.min(AT_ONCE_EACH_MAX.saturating_sub(here));
        }
        let unproven = self.under_way.iter().filter(|(end, _)| !self.proven.contains(end)).map(|(_, count)| count);
        let free = free.min(AT_ONCE_UNPROVEN_MAX.saturating_sub(unproven.sum()));
        free.min(1_usize.saturating_sub(here))
    }

    /// Somebody goes.
    pub fn take(&mut self, end: &Endpoint) {
        *self.under_way.entry(end.clone()).or_default() += 1;
    }

    /// Somebody is back. Nothing is learnt from who never went, or was cut off.
    pub fn leave(&mut self, end: &Endpoint, was_brisk: Option<bool>) {
        if let Some(count) = self.under_way.get_mut(end) {
            *count -= 1;
            if *count == 0 {
                self.under_way.remove(end);
            }
        }
        match was_brisk {
            Some(true) => {
                if self.proven.len() >= PROVEN_MAX {
                    self.proven.clear();
                }
                self.proven.insert(end.clone());
            }
            Some(false) => _ = self.proven.remove(end),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Sandbox;
    use domain::webhooks::WebhookId;

    fn end(id: usize) -> Endpoint {
        Endpoint { sandbox: Sandbox::main(), webhook_id: WebhookId(id as i32) }
    }

    /// As many go as there is room for; how many that is.
    fn fill(places: &mut ConcurrencyLimit, end: &Endpoint) -> usize {
        let mut count = 0;
        while places.room(end) > 0 {
            places.take(end);
            count += 1;
        }
        count
    }

    fn proven(places: &mut ConcurrencyLimit, end: &Endpoint) {
        places.take(end);
        places.leave(end, Some(true));
    }

    #[test]
    fn a_webhook_gets_one_place_until_it_has_answered() {
        let mut places = ConcurrencyLimit::default();
        assert_eq!(fill(&mut places, &end(1)), 1);
        places.leave(&end(1), Some(true));
        assert_eq!(fill(&mut places, &end(1)), AT_ONCE_EACH_MAX);
        places.leave(&end(1), Some(false));
        assert_eq!(places.room(&end(1)), 0, "three are still under way");
        for _ in 1..AT_ONCE_EACH_MAX {
            places.leave(&end(1), None);
        }
        assert_eq!(fill(&mut places, &end(1)), 1);
    }

    #[test]
    fn those_that_do_not_answer_leave_room_for_those_that_do() {
        let mut places = ConcurrencyLimit::default();
        let quick = end(1_000);
        proven(&mut places, &quick);
        let slow: usize = (0..500).map(|id| fill(&mut places, &end(id))).sum();
        assert_eq!(slow, AT_ONCE_UNPROVEN_MAX);
        assert_eq!(fill(&mut places, &quick), AT_ONCE_EACH_MAX);
    }

    #[test]
    fn there_is_a_most_for_all() {
        let mut places = ConcurrencyLimit::default();
        (0..100).for_each(|id| proven(&mut places, &end(id)));
        let all: usize = (0..100).map(|id| fill(&mut places, &end(id))).sum();
        assert_eq!(all, AT_ONCE_MAX);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut places = ConcurrencyLimit::default();
        (0..=PROVEN_MAX).for_each(|id| proven(&mut places, &end(id)));
        assert_eq!(places.proven.len(), 1);
    }
}
