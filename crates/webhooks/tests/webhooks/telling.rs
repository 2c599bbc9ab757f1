//! What is who is called told, and by whom do they know it to be?

use super::receiver::OK;
use super::*;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::limits::FORMER_SECRET_SECONDS;
use domain::webhooks::RotateWebhookSecret;
use receiver::Heard;
use ring::hmac;
use serde_json::{Value as Json, json};

/// Which of the signatures are by that secret.
fn signed_by(heard: &Heard, webhook: &Webhook) -> Vec<bool> {
    let secret = webhook.secret.as_ref().unwrap().as_str().strip_prefix("whsec_").unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(secret).unwrap());
    let said = format!("{}.{}.{}", heard.header("webhook-id"), heard.header("webhook-timestamp"), heard.body);
    let signatures = heard.header("webhook-signature").split(' ');
    let is_by = |signature: &str| {
        let tag = STANDARD.decode(signature.strip_prefix("v1,").unwrap()).unwrap();
        hmac::verify(&key, said.as_bytes(), &tag).is_ok()
    };
    signatures.map(is_by).collect()
}

#[tokio::test]
async fn an_event_is_told_signed_and_once() {
    let (mut receiver, shop) = (Receiver::open(vec![OK]).await, open());
    let _carrier = Worker::start(shop.clone(), sender());
    let webhook = webhook(&shop, &receiver.url()).await;
    place(&shop).await;
    let heard = receiver.hear().await;
    assert_eq!(heard.request, "POST /hook?shop=1 HTTP/1.1");
    assert_eq!(heard.header("host"), format!("127.0.0.1:{}", receiver.port));
    assert_eq!(heard.header("content-type"), "application/json");
    assert_eq!(heard.header("webhook-timestamp"), "1795203000");
    assert_eq!(signed_by(&heard, &webhook), [true]);
    let at = "2026-11-20T19:30:00Z";
    let event = json!({"seq": 1, "kind": "order.placed", "order_id": 1, "user_id": 1, "status": "placed", "at": at});
    let body: Json = serde_json::from_str(&heard.body).unwrap();
    assert_eq!(body, json!({"type": "order.placed", "timestamp": at, "data": event}));
    let delivery = tried(&shop, 1).await;
    let told = (delivery.status, delivery.seq, delivery.response_status, delivery.next_attempt_at);
    assert_eq!(told, (DeliveryStatus::Delivered, Some(1), Some(200), None));
    pass(&shop, 24 * 60 * 60);
    place(&shop).await;
    assert_ne!(receiver.hear().await.header("webhook-id"), heard.header("webhook-id"));
    until(&shop, all_taken).await;
    assert_eq!(receiver.unheard(), 0);
}

#[tokio::test]
async fn a_test_says_that_it_is_one() {
    let (mut receiver, shop) = (Receiver::open(vec![OK]).await, open());
    let _carrier = Worker::start(shop.clone(), sender());
    let webhook = webhook(&shop, &receiver.url()).await;
    tested(&shop, &webhook).await;
    let heard = receiver.hear().await;
    assert_eq!(signed_by(&heard, &webhook), [true]);
    let body: Json = serde_json::from_str(&heard.body).unwrap();
    assert_eq!(body["type"], "webhook.test");
    assert_eq!(body["data"], json!({"webhook_id": 1}));
}

#[tokio::test]
async fn for_a_day_both_secrets_sign() {
    let (mut receiver, shop) = (Receiver::open(vec![OK]).await, open());
    let _carrier = Worker::start(shop.clone(), sender());
    let before = webhook(&shop, &receiver.url()).await;
    let after = shop.call(&main_shop(), RotateWebhookSecret { id: before.id }).await.unwrap();
    tested(&shop, &before).await;
    let heard = receiver.hear().await;
    assert_eq!((signed_by(&heard, &after), signed_by(&heard, &before)), (vec![true, false], vec![false, true]));
    pass(&shop, FORMER_SECRET_SECONDS);
    tested(&shop, &before).await;
    let heard = receiver.hear().await;
    assert_eq!((signed_by(&heard, &after), signed_by(&heard, &before)), (vec![true], vec![false]));
}

#[tokio::test]
async fn after_a_reset_nothing_is_called_as_before() {
    let (mut receiver, shop) = (Receiver::open(vec![OK]).await, open());
    let _carrier = Worker::start(shop.clone(), sender());
    let mut ids = Vec::new();
    for _ in 0..2 {
        let webhook = webhook(&shop, &receiver.url()).await;
        let delivery = tested(&shop, &webhook).await;
        assert_eq!((webhook.id.0, delivery.id.0), (1, 1));
        ids.push(receiver.hear().await.header("webhook-id").to_owned());
        shop.store().reset(&Sandbox::main()).await.unwrap();
    }
    assert_ne!(ids[0], ids[1]);
}
