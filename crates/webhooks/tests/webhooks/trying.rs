//! What comes of a try that is not taken?

use super::receiver::{FAIL, GONE, OK};
use super::*;
use domain::webhooks::{GetWebhook, WebhookStatus};

const REDIRECT: Answer = Answer::Say("HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n");
const BUSY: Answer = Answer::Say("HTTP/1.1 503 Service Unavailable\r\nretry-after: 60\r\ncontent-length: 0\r\n\r\n");
const TALKS_ON: Answer = Answer::SayForever("HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\nand so on");
const HEAD_FOREVER: Answer = Answer::SayForever("HTTP/1.1 200 OK\r\nx: and so on and on");
const NO_HTTP: Answer = Answer::Say("SSH-2.0-OpenSSH_9.9\r\n\r\n");

/// What comes of one try that is answered like this.
async fn once(answer: Answer, sender: Sender) -> Delivery {
    let (receiver, shop) = (Receiver::open(vec![answer]).await, open());
    let _carrier = Worker::start(shop.clone(), sender);
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
async fn what_fails_is_said_again_under_the_same_name() {
    let (mut receiver, shop) = (Receiver::open(vec![FAIL, REDIRECT, OK]).await, open());
    let _carrier = Worker::start(shop.clone(), sender());
    webhook(&shop, &receiver.url()).await;
    place(&shop).await;
    let first = receiver.hear().await;
    let delivery = tried(&shop, 1).await;
    assert_eq!((delivery.status, delivery.response_status), (DeliveryStatus::Pending, Some(500)));
    assert!((5..=6).contains(&wait(&delivery).unwrap()), "{delivery:?}");
    pass(&shop, 6);
    let second = receiver.hear().await;
    let delivery = tried(&shop, 2).await;
    assert_eq!(problem(&delivery), "was answered with 302 Found; redirects are not followed");
    pass(&shop, 360);
    let third = receiver.hear().await;
    let delivery = tried(&shop, 3).await;
    assert_eq!((delivery.status, problem(&delivery), wait(&delivery)), (DeliveryStatus::Delivered, "", None));
    for (heard, timestamp) in [(&first, "1795203000"), (&second, "1795203006"), (&third, "1795203366")] {
        assert_eq!(heard.request, "POST /hook?shop=1 HTTP/1.1", "a redirect is not followed");
        assert_eq!((heard.header("webhook-id"), &heard.body), (first.header("webhook-id"), &first.body));
        assert_eq!(heard.header("webhook-timestamp"), timestamp);
    }
}

#[tokio::test]
async fn after_the_last_try_it_is_given_up() {
    let (mut receiver, shop) = (Receiver::open(vec![FAIL]).await, open());
    let _carrier = Worker::start(shop.clone(), sender());
    webhook(&shop, &receiver.url()).await;
    place(&shop).await;
    let mut delivery = tried(&shop, 1).await;
    while let Some(next) = delivery.next_attempt_at {
        pass(&shop, next.0 - now().0);
        delivery = tried(&shop, delivery.attempts + 1).await;
    }
    assert_eq!((delivery.status, delivery.attempts, delivery.response_status), (DeliveryStatus::Failed, 7, Some(500)));
    for _ in 0..7 {
        receiver.hear().await;
    }
    assert_eq!(receiver.unheard(), 0);
}

#[tokio::test]
async fn who_is_gone_is_called_no_more() {
    // Who is busy is called once at a time.
    let (mut receiver, shop) = (Receiver::open(vec![BUSY, GONE]).await, open());
    let made = webhook(&shop, &receiver.url()).await;
    for _ in 0..3 {
        place(&shop).await;
    }
    let _carrier = Worker::start(shop.clone(), sender());
    let ended = |found: &[Delivery]| found.iter().all(|delivery| delivery.status == DeliveryStatus::Failed);
    let found = until(&shop, ended).await;
    let mut problems: Vec<_> = found.iter().map(|delivery| (delivery.attempts, problem(delivery))).collect();
    problems.sort();
    let told = "the webhook has ended: it answered with 410";
    assert_eq!(problems, [(0, told), (1, told), (1, "was answered with 410 Gone")]);
    let webhook = shop.call(&main_shop(), GetWebhook { id: made.id }).await.unwrap();
    assert_eq!(webhook.status, WebhookStatus::Ended);
    place(&shop).await;
    assert_eq!(deliveries(&shop).await.len(), 3);
    tested(&shop, &made).await;
    let found = until(&shop, ended).await;
    assert_eq!((found[3].attempts, problem(&found[3])), (0, "the webhook has ended"));
    receiver.hear().await;
    receiver.hear().await;
    assert_eq!(receiver.unheard(), 0);
}

#[tokio::test]
async fn who_asks_for_time_gets_it() {
    assert_eq!(wait(&once(BUSY, sender()).await), Some(60));
}

#[tokio::test]
async fn who_never_answers_is_not_waited_for() {
    let delivery = once(Answer::Never, sender().with_try_ms(50)).await;
    let told = (delivery.status, delivery.response_status, problem(&delivery));
    assert_eq!(told, (DeliveryStatus::Pending, None, "no answer within 1 seconds"));
}

#[tokio::test]
async fn who_never_ends_the_answer_is_not_heard_out() {
    assert_eq!(once(TALKS_ON, sender()).await.status, DeliveryStatus::Delivered);
    for answer in [HEAD_FOREVER, NO_HTTP] {
        let delivery = once(answer, sender()).await;
        assert_eq!((delivery.status, delivery.response_status), (DeliveryStatus::Pending, None));
        assert!(problem(&delivery).starts_with("no answer: "), "{delivery:?}");
    }
}
