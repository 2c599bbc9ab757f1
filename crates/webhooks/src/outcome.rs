//! The outcome of an attempt, and the state of the delivery after it: delivered, to be tried pending, or failed.

use domain::Error;
use domain::limits::TEXT_CHARS_MAX;
use domain::store::Transaction;
use domain::text::Name;
use domain::time::Timestamp;
use domain::webhooks::{Delivery, DeliveryStatus, DueDelivery, Registration, WebhookStatus};
use http::StatusCode;

/// Seconds between attempts, as in the example of Standard Webhooks 1.0.0, "Deliverability and reliability"; as many as fit
/// into the day for which events are stored. After the last attempt the delivery has failed.
pub const RETRY_SECONDS: [i64; 6] = [5, 5 * 60, 30 * 60, 2 * 60 * 60, 5 * 60 * 60, 10 * 60 * 60];
/// The largest random delay of a retry, in percent: deliveries that failed together are not all repeated together.
pub const JITTER_PERCENT_MAX: i64 = 20;
/// The longest `Retry-After` that is respected: with a longer one, the attempts would not fit into the day.
pub const RETRY_AFTER_SECONDS_MAX: i64 = 60 * 60;

/// The outcome of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The webhook responded.
    Responded {
        /// The status code.
        status: StatusCode,
        /// The `Retry-After` header, in seconds.
        retry_after: Option<i64>,
    },
    /// There was no response, for this reason.
    Unreachable(String),
    /// No request was sent, and none can be, for this reason.
    Abandoned(&'static str),
}

impl Outcome {
    /// Whether the webhook responded, and not with a status that asks for fewer requests.
    pub fn is_responsive(&self) -> bool {
        // Standard Webhooks 1.0.0, "Delivery success and failure": these ask for fewer requests, or are signs of overload.
        const BUSY: [u16; 4] = [429, 502, 503, 504];
        matches!(self, Outcome::Responded { status, .. } if !BUSY.contains(&status.as_u16()))
    }
}

/// Stores the outcome of an attempt, unless the delivery was deleted or changed meanwhile, for example by a reset.
pub fn record(shop: &mut dyn Transaction, due: &DueDelivery, outcome: &Outcome, now: Timestamp) -> Result<(), Error> {
    let id = due.registration.webhook.id;
    let Some(registration) = shop.webhook(id)?.filter(|stored| stored.mark == due.registration.mark) else {
        return Ok(());
    };
    if shop.delivery(due.delivery.id)?.as_ref() != Some(&due.delivery) {
        return Ok(());
    }
    shop.update_delivery(&after(&due.delivery, outcome, now))?;
    if is_gone(outcome) {
        end(shop, registration)?;
    }
    Ok(())
}

/// Standard Webhooks 1.0.0, "Delivery success and failure": after a 410 the webhook is never called again.
fn is_gone(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Responded { status: StatusCode::GONE, .. })
}

fn end(shop: &mut dyn Transaction, registration: Registration) -> Result<(), Error> {
    let mut ended = registration;
    ended.webhook.status = WebhookStatus::Ended;
    shop.update_webhook(&ended)?;
    let problem =
        Name::parse("the webhook has ended: it answered with 410".to_owned()).map_err(|_| Error::internal())?;
    shop.fail_deliveries(ended.webhook.id, &problem)
}

/// Returns the delivery as it is after an attempt.
fn after(delivery: &Delivery, outcome: &Outcome, now: Timestamp) -> Delivery {
    let mut after = delivery.clone();
    after.attempts += i32::from(!matches!(outcome, Outcome::Abandoned(_)));
    (after.response_status, after.problem) = match outcome {
        Outcome::Responded { status, .. } if status.is_success() => (Some(code(*status)), None),
        Outcome::Responded { status, .. } => (Some(code(*status)), problem(&refusal(*status))),
        Outcome::Unreachable(why) => (None, problem(why)),
        Outcome::Abandoned(why) => (after.response_status, problem(why)),
    };
    (after.status, after.next_attempt_at) = match outcome {
        Outcome::Responded { status, .. } if status.is_success() => (DeliveryStatus::Delivered, None),
        _ if is_gone(outcome) => (DeliveryStatus::Failed, None),
        Outcome::Abandoned(_) => (DeliveryStatus::Failed, None),
        Outcome::Responded { retry_after, .. } => retry(after.attempts, *retry_after, now),
        Outcome::Unreachable(_) => retry(after.attempts, None, now),
    };
    after
}

/// Returns the status after a failed attempt, and the time of the next one.
fn retry(attempts: i32, retry_after: Option<i64>, now: Timestamp) -> (DeliveryStatus, Option<Timestamp>) {
    let pause = usize::try_from(attempts - 1).ok().and_then(|retries| RETRY_SECONDS.get(retries));
    let Some(pause) = pause else { return (DeliveryStatus::Failed, None) };
    let delay = pause + fastrand::i64(0..=pause * JITTER_PERCENT_MAX / 100);
    let asked = retry_after.unwrap_or_default().min(RETRY_AFTER_SECONDS_MAX);
    (DeliveryStatus::Pending, Some(Timestamp(now.0 + delay.max(asked))))
}

fn code(status: StatusCode) -> i32 {
    i32::from(status.as_u16())
}

fn refusal(status: StatusCode) -> String {
    let note = if status.is_redirection() { "; redirects are not followed" } else { "" };
    format!("was answered with {status}{note}")
}

/// Returns a problem as it is stored: shortened, and without characters that XML cannot carry.
fn problem(text: &str) -> Option<Name> {
    let allowed = text.chars().filter(|c| domain::text::is_xml_char(*c)).take(TEXT_CHARS_MAX as usize);
    Name::parse(allowed.collect()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::limits::EVENTS_KEPT_SECONDS;
    use domain::webhooks::{DeliveryId, WebhookId};

    fn delivery(attempts: i32) -> Delivery {
        let (status, next_attempt_at) = (DeliveryStatus::Pending, Some(Timestamp(0)));
        let (id, webhook_id, created_at) = (DeliveryId(1), WebhookId(1), Timestamp(0));
        let (response_status, problem) = (None, None);
        Delivery { id, webhook_id, seq: None, status, attempts, response_status, problem, created_at, next_attempt_at }
    }

    fn responded(status: u16, retry_after: Option<i64>) -> Outcome {
        Outcome::Responded { status: StatusCode::from_u16(status).unwrap(), retry_after }
    }

    #[test]
    fn an_attempt_changes_the_delivery() {
        let (delivered, pending, failed) = (DeliveryStatus::Delivered, DeliveryStatus::Pending, DeliveryStatus::Failed);
        let unreachable = || Outcome::Unreachable("no connection".to_owned());
        for (before, outcome, status, attempts, code, problem) in [
            (0, responded(200, None), delivered, 1, Some(200), None),
            (6, responded(299, None), delivered, 7, Some(299), None),
            (
                0,
                responded(302, None),
                pending,
                1,
                Some(302),
                Some("was answered with 302 Found; redirects are not followed"),
            ),
            (0, responded(400, None), pending, 1, Some(400), Some("was answered with 400 Bad Request")),
            (0, responded(410, None), failed, 1, Some(410), Some("was answered with 410 Gone")),
            (5, responded(500, None), pending, 6, Some(500), Some("was answered with 500 Internal Server Error")),
            (6, responded(500, None), failed, 7, Some(500), Some("was answered with 500 Internal Server Error")),
            (0, unreachable(), pending, 1, None, Some("no connection")),
            (6, unreachable(), failed, 7, None, Some("no connection")),
            (3, Outcome::Abandoned("gone"), failed, 3, None, Some("gone")),
        ] {
            let after = after(&delivery(before), &outcome, Timestamp(0));
            let problem = problem.map(str::to_owned);
            let found = after.problem.map(|problem| problem.as_str().to_owned());
            let found_state = (after.status, after.attempts, after.response_status, found);
            assert_eq!(found_state, (status, attempts, code, problem), "{outcome:?}");
            assert_eq!(after.next_attempt_at.is_some(), status == pending, "{outcome:?}");
        }
    }

    #[test]
    fn attempts_are_spaced_wider_and_wider_and_end_within_a_day() {
        let wait = |attempts, asked| match retry(attempts, asked, Timestamp(0)) {
            (DeliveryStatus::Pending, Some(Timestamp(wait))) => wait,
            other => panic!("{other:?}"),
        };
        for (done, pause) in (1..).zip(RETRY_SECONDS) {
            for _ in 0..100 {
                assert!((pause..=pause * 120 / 100).contains(&wait(done, None)));
            }
            assert!(wait(done, Some(i64::MAX)) >= RETRY_AFTER_SECONDS_MAX);
            assert!(wait(done, Some(i64::MAX)) <= RETRY_AFTER_SECONDS_MAX.max(pause * 120 / 100));
        }
        assert_eq!(wait(1, Some(100)), 100);
        let longest: i64 = RETRY_SECONDS.iter().map(|pause| (pause * 120 / 100).max(RETRY_AFTER_SECONDS_MAX)).sum();
        assert!(longest < EVENTS_KEPT_SECONDS, "{longest}");
    }

    #[test]
    fn a_stored_problem_is_short_and_has_only_xml_characters() {
        assert_eq!(problem("a\0b").unwrap().as_str(), "ab");
        assert_eq!(problem(&"x".repeat(200)).unwrap().as_str(), "x".repeat(100));
        assert_eq!(problem("\0"), None);
    }
}
