//! The requests that webhooks receive: body, id and signatures.

use super::receiver::OK;
use super::*;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::limits::FORMER_SECRET_SECONDS;
use domain::webhooks::RotateWebhookSecret;
use receiver::ReceivedRequest;
use ring::hmac;
use serde_json::{Value as Json, json};

/// For each signature of a request, whether the webhook's secret made it.
fn signed_by(received: &ReceivedRequest, webhook: &Webhook) -> Vec<bool> {
    let secret = webhook.secret.as_ref().unwrap().as_str().strip_prefix("whsec_").unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(secret).unwrap());
    let signed =
        format!("{}.{}.{}", received.header("webhook-id"), received.header("webhook-timestamp"), received.body);
    let signatures = received.header("webhook-signature").split(' ');
    let is_by = |signature: &str| {
        let tag = STANDARD.decode(signature.strip_prefix("v1,").unwrap()).unwrap();
        hmac::verify(&key, signed.as_bytes(), &tag).is_ok()
    };
    signatures.map(is_by).collect()
}

#[tokio::test]
async fn an_event_is_sent_once_and_signed() {
    let (mut receiver, shop) = (Receiver::open(vec![OK]).await, open());
    let _worker = Worker::start(shop.clone(), sender());
    let webhook = webhook(&shop, &receiver.url()).await;
    place(&shop).await;
    let received = receiver.next_request().await;
    assert_eq!(received.request, "POST /hook?shop=1 HTTP/1.1");
    assert_eq!(received.header("host"), format!("127.0.0.1:{}", receiver.port));
    assert_eq!(received.header("content-type"), "application/json");
    assert_eq!(received.header("webhook-timestamp"), "1795203000");
    assert_eq!(signed_by(&received, &webhook), [true]);
    let at = "2026-11-20T19:30:00Z";
    let event = json!({"seq": 1, "kind": "order.placed", "order_id": 1, "user_id": 1, "status": "placed", "at": at});
    let body: Json = serde_json::from_str(&received.body).unwrap();
    assert_eq!(body, json!({"type": "order.placed", "timestamp": at, "data": event}));
    let delivery = tried(&shop, 1).await;
    let state = (delivery.status, delivery.seq, delivery.response_status, delivery.next_attempt_at);
    assert_eq!(state, (DeliveryStatus::Delivered, Some(1), Some(200), None));
    advance(&shop, 24 * 60 * 60);
    place(&shop).await;
    assert_ne!(receiver.next_request().await.header("webhook-id"), received.header("webhook-id"));
    until(&shop, all_delivered).await;
    assert_eq!(receiver.unread(), 0);
}

#[tokio::test]
async fn a_test_delivery_has_its_own_type() {
    let (mut receiver, shop) = (Receiver::open(vec![OK]).await, open());
    let _worker = Worker::start(shop.clone(), sender());
    let webhook = webhook(&shop, &receiver.url()).await;
    tested(&shop, &webhook).await;
    let received = receiver.next_request().await;
    assert_eq!(signed_by(&received, &webhook), [true]);
    let body: Json = serde_json::from_str(&received.body).unwrap();
    assert_eq!(body["type"], "webhook.test");
    assert_eq!(body["data"], json!({"webhook_id": 1}));
}

#[tokio::test]
async fn both_secrets_sign_for_a_day() {
    let (mut receiver, shop) = (Receiver::open(vec![OK]).await, open());
    let _worker = Worker::start(shop.clone(), sender());
    let before = webhook(&shop, &receiver.url()).await;
    let after = shop.call(&main_shop(), RotateWebhookSecret { id: before.id }).await.unwrap();
    tested(&shop, &before).await;
    let received = receiver.next_request().await;
    assert_eq!((signed_by(&received, &after), signed_by(&received, &before)), (vec![true, false], vec![false, true]));
    advance(&shop, FORMER_SECRET_SECONDS);
    tested(&shop, &before).await;
    let received = receiver.next_request().await;
    assert_eq!((signed_by(&received, &after), signed_by(&received, &before)), (vec![true], vec![false]));
}

#[tokio::test]
async fn message_ids_are_new_after_a_reset() {
    let (mut receiver, shop) = (Receiver::open(vec![OK]).await, open());
    let _worker = Worker::start(shop.clone(), sender());
    let mut ids = Vec::new();
    for _ in 0..2 {
        let webhook = webhook(&shop, &receiver.url()).await;
        let delivery = tested(&shop, &webhook).await;
        assert_eq!((webhook.id.0, delivery.id.0), (1, 1));
        ids.push(receiver.next_request().await.header("webhook-id").to_owned());
        shop.store().reset(&Sandbox::main()).await.unwrap();
    }
    assert_ne!(ids[0], ids[1]);
}
