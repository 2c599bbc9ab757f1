//! THE LIST: every protocol that the shop is served in. Whatever iterates over protocols iterates over this.

use std::sync::LazyLock;
use wire::Adapter;

/// Every protocol, in the order in which they are shown.
pub static PROTOCOLS: LazyLock<Vec<Adapter>> = LazyLock::new(|| {
    vec![
        rest::adapter(), //
        soap::adapter(),
        jsonrpc::adapter(),
        xmlrpc::adapter(),
        websocket::adapter(),
        graphql::adapter(),
        grpc::adapter(),
    ]
});

/// The protocol of that name.
pub fn find(name: &str) -> Option<&'static Adapter> {
    PROTOCOLS.iter().find(|adapter| adapter.name == name)
}
