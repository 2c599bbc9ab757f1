//! Failed attempts: retries, timeouts, and the end of a webhook.

use super::receiver::{FAIL, GONE, OK};
use super::*;
use domain::webhooks::{GetWebhook, WebhookStatus};

const REDIRECT: Response = Response::Bytes("HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n");
const BUSY: Response =
    Response::Bytes("HTTP/1.1 503 Service Unavailable\r\nretry-after: 60\r\ncontent-length: 0\r\n\r\n");
const ENDLESS_BODY: Response = Response::Endless("HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\nand so on");
const ENDLESS_HEAD: Response = Response::Endless("HTTP/1.1 200 OK\r\nx: and so on and on");
const NO_HTTP: Response = Response::Bytes("SSH-2.0-OpenSSH_9.9\r\n\r\n");

/// Makes one attempt with this response, and returns the delivery.
async fn once(response: Response, sender: Sender) -> Delivery {
    let (receiver, shop) = (Receiver::open(vec![response]).await, open());
    let _worker = Worker::start(shop.clone(), sender);
    let webhook = webhook(&shop, &receiver.url()).await;
    tested(&shop, &webhook).await;
    tried(&shop, 1).await
}

fn problem(delivery: &Delivery) -> &str {
    delivery.problem.as_ref().map_or("", |problem| problem.as_str())
}

fn wait(delivery: &Delivery) -> Option<i64> {
    delivery.next_attempt_at.map(|at| at.0 - delivery.created_at.0)
}

#[tokio::test]
async fn a_failed_delivery_is_repeated_with_the_same_id() {
    let (mut receiver, shop) = (Receiver::open(vec![FAIL, REDIRECT, OK]).await, open());
    let _worker = Worker::start(shop.clone(), sender());
    webhook(&shop, &receiver.url()).await;
    place(&shop).await;
    let first = receiver.next_request().await;
    let delivery = tried(&shop, 1).await;
    assert_eq!((delivery.status, delivery.response_status), (DeliveryStatus::Pending, Some(500)));
    assert!((5..=6).contains(&wait(&delivery).unwrap()), "{delivery:?}");
    advance(&shop, 6);
    let second = receiver.next_request().await;
    let delivery = tried(&shop, 2).await;
    assert_eq!(problem(&delivery), "was answered with 302 Found; redirects are not followed");
    advance(&shop, 360);
    let third = receiver.next_request().await;
    let delivery = tried(&shop, 3).await;
    assert_eq!((delivery.status, problem(&delivery), wait(&delivery)), (DeliveryStatus::Delivered, "", None));
    for (received, timestamp) in [(&first, "1795203000"), (&second, "1795203006"), (&third, "1795203366")] {
        assert_eq!(received.request, "POST /hook?shop=1 HTTP/1.1", "a redirect is not followed");
        assert_eq!((received.header("webhook-id"), &received.body), (first.header("webhook-id"), &first.body));
        assert_eq!(received.header("webhook-timestamp"), timestamp);
    }
}

#[tokio::test]
async fn a_delivery_fails_after_the_last_attempt() {
    let (mut receiver, shop) = (Receiver::open(vec![FAIL]).await, open());
    let _worker = Worker::start(shop.clone(), sender());
    webhook(&shop, &receiver.url()).await;
    place(&shop).await;
    let mut delivery = tried(&shop, 1).await;
    while let Some(next) = delivery.next_attempt_at {
        advance(&shop, next.0 - now().0);
        delivery = tried(&shop, delivery.attempts + 1).await;
    }
    assert_eq!((delivery.status, delivery.attempts, delivery.response_status), (DeliveryStatus::Failed, 7, Some(500)));
    for _ in 0..7 {
        receiver.next_request().await;
    }
    assert_eq!(receiver.unread(), 0);
}

#[tokio::test]
async fn a_webhook_that_responds_410_is_not_called_again() {
    // A busy webhook gets one attempt at a time.
    let (mut receiver, shop) = (Receiver::open(vec![BUSY, GONE]).await, open());
    let made = webhook(&shop, &receiver.url()).await;
    for _ in 0..3 {
        place(&shop).await;
    }
    let _worker = Worker::start(shop.clone(), sender());
    let ended = |found: &[Delivery]| found.iter().all(|delivery| delivery.status == DeliveryStatus::Failed);
    let found = until(&shop, ended).await;
    let mut problems: Vec<_> = found.iter().map(|delivery| (delivery.attempts, problem(delivery))).collect();
    problems.sort();
    let reason = "the webhook has ended: it answered with 410";
    assert_eq!(problems, [(0, reason), (1, reason), (1, "was answered with 410 Gone")]);
    let webhook = shop.call(&main_shop(), GetWebhook { id: made.id }).await.unwrap();
    assert_eq!(webhook.status, WebhookStatus::Ended);
    place(&shop).await;
    assert_eq!(deliveries(&shop).await.len(), 3);
    tested(&shop, &made).await;
    let found = until(&shop, ended).await;
    assert_eq!((found[3].attempts, problem(&found[3])), (0, "the webhook has ended"));
    receiver.next_request().await;
    receiver.next_request().await;
    assert_eq!(receiver.unread(), 0);
}

#[tokio::test]
async fn retry_after_is_respected() {
    assert_eq!(wait(&once(BUSY, sender()).await), Some(60));
}

#[tokio::test]
async fn an_attempt_without_a_response_times_out() {
    let delivery = once(Response::Never, sender().with_attempt_ms(50)).await;
    let state = (delivery.status, delivery.response_status, problem(&delivery));
    assert_eq!(state, (DeliveryStatus::Pending, None, "no answer within 1 seconds"));
}

#[tokio::test]
async fn an_endless_response_is_cut_off() {
    assert_eq!(once(ENDLESS_BODY, sender()).await.status, DeliveryStatus::Delivered);
    for response in [ENDLESS_HEAD, NO_HTTP] {
        let delivery = once(response, sender()).await;
        assert_eq!((delivery.status, delivery.response_status), (DeliveryStatus::Pending, None));
        assert!(problem(&delivery).starts_with("no answer: "), "{delivery:?}");
    }
}
