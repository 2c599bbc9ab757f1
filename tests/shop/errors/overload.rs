//! One sandbox too many is refused in every style, with the time after which to try again.

use domain::limits::SANDBOXES_MAX;
use domain::{Reason, Sandbox};
use serde_json::json;
use std::sync::{Arc, OnceLock, Weak};
use tests::{TestServer, facts, runtime};
use wire::connection::Connection;
use wire::{Adapter, Outcome};

/// A server with the maximum number of sandboxes. They are empty, so creating them is cheap.
pub struct Full(OnceLock<TestServer>);

impl Full {
    /// Not filled yet: the first test that needs it does that.
    pub fn new() -> Arc<Full> {
        Arc::new(Full(OnceLock::new()))
    }

    fn server(&self) -> &TestServer {
        self.0.get_or_init(|| {
            let server = TestServer::seeded(Arc::new(|_, _| Ok(())));
            let made = (0..SANDBOXES_MAX).map(|_| {
                let name = Sandbox::parse(&server.new_name()).expect("a name");
                server.shop.store().reset(&name)
            });
            let made = runtime().block_on(futures_util::future::join_all(made));
            assert!(made.iter().all(Result::is_ok));
            server
        })
    }
}

/// A call for one sandbox more.
pub fn one_more(full: &Weak<Full>, style: &'static Adapter) {
    let full = full.upgrade().expect("the server lives while tests run");
    let server = full.server();
    let call_request = tests::call_request("get_product", &json!({"id": 1}));
    let outgoing = style.client.encode(&call_request);
    let address = server.address().in_sandbox("one-too-many");
    let result = runtime().block_on(async {
        let mut line = Connection::open(&address, &outgoing).await?;
        line.call(style.client, &call_request, &outgoing).await
    });
    match result.expect("an answer") {
        Outcome::Refused(refused) => {
            assert_eq!(refused.reason.as_deref(), Some("overloaded"), "{refused}");
            assert_eq!(refused.code, facts(style.name).code(Reason::Overloaded));
            assert_eq!(refused.retry_after_ms, Some(1_000));
            assert!(refused.message.contains("500"), "{refused}");
        }
        result => panic!("{result:?}"),
    }
}
