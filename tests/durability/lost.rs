//! Commands are executed once although responses get lost: a client loses every third response and repeats the command with the
//! same key over another style.

use crate::buyers::styles;
use domain::access::Credentials;
use domain::users::UserId;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tests::{TestServer, ValueAccess, runtime};
use tokio::task::JoinSet;
use wire::client::CallOptions;
use wire::connection::{Connection, Failure};
use wire::{Adapter, Address, CallRequest, Outcome};

/// Keys, each for one order.
const KEYS: usize = 10_000;
/// Clients at the same time.
const CLIENTS: usize = 16;

pub fn test() {
    let server = TestServer::open();
    let address = server.address();
    let admin = || Credentials::ApiKey(auth::demo::api_key(UserId(3)));
    let shop = |operation: &str, input: serde_json::Value| {
        let context = domain::RequestContext {
            credentials: admin(),
            ..domain::RequestContext::new("none", domain::Sandbox::main())
        };
        let reply = runtime().block_on(server.shop.execute(
            &context,
            domain::Operation::named(operation),
            tests::given(&input),
        ));
        reply.expect("an answer").to_value()
    };
    let start = shop("update_product", json!({"id": 1, "stock": 1_000_000})).number("stock");
    let before = newest(&shop, 0);
    let sent = Arc::new(AtomicU64::new(0));
    let orders: BTreeSet<i64> = runtime().block_on(async {
        let mut clients = JoinSet::new();
        for client in 0..CLIENTS {
            let (address, sent) = (address.clone(), sent.clone());
            clients.spawn(async move {
                let mut client = Client::new(&address, client, sent);
                let mut orders = Vec::new();
                for key in (client.number..KEYS).step_by(CLIENTS) {
                    orders.push(client.buy(key).await);
                }
                orders
            });
        }
        clients.join_all().await.into_iter().flatten().collect()
    });
    assert_eq!(orders.len(), KEYS, "each key has an order of its own");
    // The earlier orders are beyond the deleted events.
    assert_eq!(newest(&shop, before) - before, KEYS as i64, "and there are no other orders");
    assert_eq!(start - shop("get_product", json!({"id": 1})).number("stock"), KEYS as i64);
    let sent = sent.load(Ordering::Relaxed);
    assert!(sent > KEYS as u64 * 4 / 3, "answers were lost: {sent} requests for {KEYS} orders");
}

fn newest(shop: &impl Fn(&str, serde_json::Value) -> domain::Value, mut after: i64) -> i64 {
    loop {
        let page = shop("list_events", json!({"after": after, "limit": 100}));
        match page.number("next") {
            next if next == after => return after,
            next => after = next,
        }
    }
}

/// A client with a connection for each style that it has used.
struct Client {
    number: usize,
    address: Address,
    lines: Vec<(&'static str, Connection)>,
    /// Requests of all clients: every third loses its response.
    sent: Arc<AtomicU64>,
    dice: u64,
}

impl Client {
    fn new(address: &Address, number: usize, sent: Arc<AtomicU64>) -> Self {
        Client { number, address: address.clone(), lines: Vec::new(), sent, dice: number as u64 + 1 }
    }

    /// Buys one piece, repeating until there is a response, each time over another style.
    async fn buy(&mut self, key: usize) -> i64 {
        let mut call_request =
            tests::call_request("place_order", &json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]}));
        let credentials = Credentials::ApiKey(auth::demo::api_key(UserId(1)));
        call_request.options =
            CallOptions { credentials, idempotency_key: Some(format!("key-{key}")), ..CallOptions::default() };
        let mut last = "";
        loop {
            let style = self.another(last);
            last = style.name;
            match self.call(style, &call_request).await {
                Ok(Some(Outcome::Reply(order))) => return order.number("id"),
                Ok(None) => {}
                Ok(result) => panic!("{}: {result:?}", style.title),
                Err(failure) => panic!("{}: {failure}", style.title),
            }
        }
    }

    /// Sends a request; `None` if the response gets lost. The server drops every second of these itself, by an injected fault; for
    /// the others the client discards the response and the connection.
    async fn call(&mut self, style: &'static Adapter, call_request: &CallRequest) -> Result<Option<Outcome>, Failure> {
        let sent = self.sent.fetch_add(1, Ordering::Relaxed);
        let (is_lost, is_dropped) = (sent % 3 == 2, sent % 6 == 5);
        let mut call_request = call_request.clone();
        call_request.options.fault = is_dropped.then(|| "drop".to_owned());
        let outgoing = style.client.encode(&call_request);
        let known = self.lines.iter().position(|(name, _)| *name == style.name);
        let mut line = match known {
            Some(position) => self.lines.swap_remove(position).1,
            None => Connection::open(&self.address, &outgoing).await?,
        };
        let result = line.call(style.client, &call_request, &outgoing).await;
        if is_lost {
            assert!(!is_dropped || result.is_err(), "{}: {result:?}", style.title);
            return Ok(None);
        }
        self.lines.push((style.name, line));
        result.map(Some)
    }

    /// A random style that is not the last one (Knuth's generator, so that a run can be repeated).
    fn another(&mut self, last: &str) -> &'static Adapter {
        self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let count = server::protocols::PROTOCOLS.len();
        let mut others = styles().skip((self.dice >> 33) as usize % count).filter(|style| style.name != last);
        others.next().expect("there are several")
    }
}
