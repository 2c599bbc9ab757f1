//! What becomes of a delivery after a try? It is taken, tried again later, or given up; and its row says which.

use domain::Error;
use domain::limits::TEXT_CHARS_MAX;
use domain::store::Transaction;
use domain::text::Name;
use domain::time::Timestamp;
use domain::webhooks::{Delivery, DeliveryStatus, DueDelivery, Registration, WebhookStatus};
use http::StatusCode;

/// Seconds from each try to the next, as Standard Webhooks 1.0.0, "Deliverability and reliability", has them in its example; as
/// many as fit into the day for which events are kept. After the last try it is given up.
pub const RETRIES: [i64; 6] = [5, 5 * 60, 30 * 60, 2 * 60 * 60, 5 * 60 * 60, 10 * 60 * 60];
/// How much later, in percent, a try may come: so that those that failed together do not all come again together.
pub const JITTER_PERCENT_MAX: i64 = 20;
/// How long who is called can have us wait, by `Retry-After`: longer than that, and the tries would not fit into the day.
pub const RETRY_AFTER_SECONDS_MAX: i64 = 60 * 60;

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There was an answer.
    Answered {
        /// Its status.
        status: StatusCode,
        /// After how many seconds it asks us to come again.
        retry_after: Option<i64>,
    },
    /// There was none, because of this.
    Unreached(String),
    /// Nobody went, and nobody need go, because of this.
    Hopeless(&'static str),
}

impl Outcome {
    /// Whether it was answered as somebody answers who has nothing against more.
    pub fn is_brisk(&self) -> bool {
        // Standard Webhooks 1.0.0, "Delivery success and failure": these ask for less, or come of too much.
        const BUSY: [u16; 4] = [429, 502, 503, 504];
        matches!(self, Outcome::Answered { status, .. } if !BUSY.contains(&status.as_u16()))
    }
}

/// Writes down what came of a try, unless the delivery has gone or changed meanwhile: with its webhook, or with a reset.
pub fn note(shop: &mut dyn Transaction, due: &DueDelivery, outcome: &Outcome, now: Timestamp) -> Result<(), Error> {
    let id = due.registration.webhook.id;
    let Some(registration) = shop.webhook(id)?.filter(|found| found.mark == due.registration.mark) else {
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

/// Standard Webhooks 1.0.0, "Delivery success and failure": who says 410 wants no more, ever.
fn is_gone(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Answered { status: StatusCode::GONE, .. })
}

fn end(shop: &mut dyn Transaction, registration: Registration) -> Result<(), Error> {
    let mut ended = registration;
    ended.webhook.status = WebhookStatus::Ended;
    shop.update_webhook(&ended)?;
    let why = Name::parse("the webhook has ended: it answered with 410".to_owned()).map_err(|_| Error::internal())?;
    shop.fail_deliveries(ended.webhook.id, &why)
}

/// The delivery after a try.
fn after(delivery: &Delivery, outcome: &Outcome, now: Timestamp) -> Delivery {
    let mut after = delivery.clone();
    after.attempts += i32::from(!matches!(outcome, Outcome::Hopeless(_)));
    (after.response_status, after.problem) = match outcome {
        Outcome::Answered { status, .. } if status.is_success() => (Some(code(*status)), None),
        Outcome::Answered { status, .. } => (Some(code(*status)), problem(&refusal(*status))),
        Outcome::Unreached(why) => (None, problem(why)),
        Outcome::Hopeless(why) => (after.response_status, problem(why)),
    };
    (after.status, after.next_attempt_at) = match outcome {
        Outcome::Answered { status, .. } if status.is_success() => (DeliveryStatus::Delivered, None),
        _ if is_gone(outcome) => (DeliveryStatus::Failed, None),
        Outcome::Hopeless(_) => (DeliveryStatus::Failed, None),
        Outcome::Answered { retry_after, .. } => again(after.attempts, *retry_after, now),
        Outcome::Unreached(_) => again(after.attempts, None, now),
    };
    after
}

/// Whether it is tried again after so many tries, and when.
fn again(attempts: i32, retry_after: Option<i64>, now: Timestamp) -> (DeliveryStatus, Option<Timestamp>) {
    let retry = usize::try_from(attempts - 1).ok().and_then(|done| RETRIES.get(done));
    let Some(pause) = retry else { return (DeliveryStatus::Failed, None) };
    let later = pause + fastrand::i64(0..=pause * JITTER_PERCENT_MAX / 100);
    let asked = retry_after.unwrap_or_default().min(RETRY_AFTER_SECONDS_MAX);
    (DeliveryStatus::Pending, Some(Timestamp(now.0 + later.max(asked))))
}

fn code(status: StatusCode) -> i32 {
    i32::from(status.as_u16())
}

fn refusal(status: StatusCode) -> String {
    let note = if status.is_redirection() { "; redirects are not followed" } else { "" };
    format!("was answered with {status}{note}")
}

/// What was wrong, as it is kept: cut, and without what not every grammar can say.
fn problem(text: &str) -> Option<Name> {
    let sayable = text.chars().filter(|c| domain::text::is_xml_char(*c)).take(TEXT_CHARS_MAX as usize);
    Name::parse(sayable.collect()).ok()
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

    fn answered(status: u16, retry_after: Option<i64>) -> Outcome {
        Outcome::Answered { status: StatusCode::from_u16(status).unwrap(), retry_after }
    }

    #[test]
    fn a_try_is_written_down() {
        let (taken, again, given_up) = (DeliveryStatus::Delivered, DeliveryStatus::Pending, DeliveryStatus::Failed);
        let unreached = || Outcome::Unreached("no connection".to_owned());
        for (before, outcome, status, attempts, code, problem) in [
            (0, answered(200, None), taken, 1, Some(200), None),
            (6, answered(299, None), taken, 7, Some(299), None),
            (
                0,
                answered(302, None),
                again,
                1,
                Some(302),
                Some("was answered with 302 Found; redirects are not followed"),
            ),
            (0, answered(400, None), again, 1, Some(400), Some("was answered with 400 Bad Request")),
            (0, answered(410, None), given_up, 1, Some(410), Some("was answered with 410 Gone")),
            (5, answered(500, None), again, 6, Some(500), Some("was answered with 500 Internal Server Error")),
            (6, answered(500, None), given_up, 7, Some(500), Some("was answered with 500 Internal Server Error")),
            (0, unreached(), again, 1, None, Some("no connection")),
            (6, unreached(), given_up, 7, None, Some("no connection")),
            (3, Outcome::Hopeless("gone"), given_up, 3, None, Some("gone")),
        ] {
            let after = after(&delivery(before), &outcome, Timestamp(0));
            let problem = problem.map(str::to_owned);
            let found = after.problem.map(|problem| problem.as_str().to_owned());
            let told = (after.status, after.attempts, after.response_status, found);
            assert_eq!(told, (status, attempts, code, problem), "{outcome:?}");
            assert_eq!(after.next_attempt_at.is_some(), status == again, "{outcome:?}");
        }
    }

    #[test]
    fn tries_come_later_and_later_and_all_within_the_day() {
        let wait = |attempts, asked| match again(attempts, asked, Timestamp(0)) {
            (DeliveryStatus::Pending, Some(Timestamp(wait))) => wait,
            other => panic!("{other:?}"),
        };
        for (done, pause) in (1..).zip(RETRIES) {
            for _ in 0..100 {
                assert!((pause..=pause * 120 / 100).contains(&wait(done, None)));
            }
            assert!(wait(done, Some(i64::MAX)) >= RETRY_AFTER_SECONDS_MAX);
            assert!(wait(done, Some(i64::MAX)) <= RETRY_AFTER_SECONDS_MAX.max(pause * 120 / 100));
        }
        assert_eq!(wait(1, Some(100)), 100);
        let longest: i64 = RETRIES.iter().map(|pause| (pause * 120 / 100).max(RETRY_AFTER_SECONDS_MAX)).sum();
        assert!(longest < EVENTS_KEPT_SECONDS, "{longest}");
    }

    #[test]
    fn a_problem_is_kept_as_far_as_it_can_be_told() {
        assert_eq!(problem("a\0b").unwrap().as_str(), "ab");
        assert_eq!(problem(&"x".repeat(200)).unwrap().as_str(), "x".repeat(100));
        assert_eq!(problem("\0"), None);
    }
}
