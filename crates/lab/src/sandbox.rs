//! How is a throw-away copy of the shop made, made new, and thrown away? Over its own address, which no style owns.

use bytes::Bytes;
use wire::client::Outgoing;
use wire::connection::{Connection, Failure};
use wire::{Address, connection};

/// The way to a server's sandboxes, over a connection of its own, so that none of it is measured.
pub struct Sandboxes {
    connection: Connection,
}

impl Sandboxes {
    /// Connects.
    pub async fn open(server: &Address) -> Result<Self, Failure> {
        let root = Address { authority: server.authority.clone(), prefix: String::new() };
        let connection = Connection::open(&root, &Outgoing::Http(http::Request::default())).await?;
        Ok(Sandboxes { connection })
    }

    /// Makes the sandbox as it is when new.
    pub async fn reset(&mut self, name: &str) -> Result<(), Failure> {
        self.send(http::Method::POST, &format!("/sandboxes/{name}/reset")).await
    }

    /// Throws the sandbox away.
    pub async fn forget(&mut self, name: &str) -> Result<(), Failure> {
        self.send(http::Method::DELETE, &format!("/sandboxes/{name}")).await
    }

    async fn send(&mut self, method: http::Method, path: &str) -> Result<(), Failure> {
        let mut request = http::Request::new(Bytes::new());
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().map_err(|error| connection::broken(format!("{path}: {error}")))?;
        let response = self.connection.fetch(request).await?;
        // Nothing of it is measured, so nothing need be kept.
        self.connection.take_recording();
        match response.status() {
            status if status.is_success() => Ok(()),
            status => Err(connection::broken(format!("{path}: {status}"))),
        }
    }
}

/// Names for throw-away sandboxes: of the same length, so that they weigh the same in every style.
pub fn throw_away_names(purpose: &str, count: usize) -> Vec<String> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let token = since.as_nanos() as u64 & 0xffff_ffff;
    (0..count).map(|number| format!("{purpose}-{token:08x}-{number:02}")).collect()
}
