//! Temporary sandboxes: created, reset and deleted over the server's own address.

use bytes::Bytes;
use domain::Value;
use domain::access::Credentials;
use http::{Method, Request, Response};
use std::time::{SystemTime, UNIX_EPOCH};
use wire::client::{CallOptions, WireRequest};
use wire::connection::{Connection, Failure, broken};
use wire::{Address, Refused};

/// The path of every sandbox begins with this.
const FOLDER: &str = "/sandboxes/";

/// Temporary sandboxes, managed over a connection of their own, so that none of that is measured.
pub struct TemporarySandboxes {
    server: Address,
    connection: Connection,
    admin: CallOptions,
    names: Vec<String>,
}

impl TemporarySandboxes {
    /// Sandboxes with the access and the delay of the one at this address, but without its rate limit: they are called more often
    /// than a client would. `admin` may manage them if they are locked.
    pub async fn like(server: &Address, purpose: &str, count: usize, admin: &Credentials) -> Result<Self, Failure> {
        let mut sandboxes = TemporarySandboxes::connect(server).await?;
        let path = format!("{FOLDER}{}", server.sandbox().unwrap_or("main"));
        let settings = sandboxes.send(Method::GET, &path, None).await?;
        let settings = wire::json::read_reply(&settings).map_err(broken)?;
        let field = |name| settings.get(name).cloned().map(|value| (name, value));
        let settings = Value::object(["access", "rtt_ms"].into_iter().filter_map(field));
        if settings.get("access").and_then(Value::as_text) == Some("locked") {
            sandboxes.admin.credentials = admin.clone();
        }
        sandboxes.create(purpose, count, &settings).await
    }

    /// Open sandboxes with this delay for each round trip.
    pub async fn delayed(server: &Address, purpose: &str, count: usize, rtt_ms: u32) -> Result<Self, Failure> {
        let settings = Value::object([("rtt_ms", i64::from(rtt_ms).into())]);
        TemporarySandboxes::connect(server).await?.create(purpose, count, &settings).await
    }

    async fn connect(server: &Address) -> Result<Self, Failure> {
        let (connection, admin) = (connection(server).await?, CallOptions::default());
        Ok(TemporarySandboxes { server: server.clone(), connection, admin, names: Vec::new() })
    }

    /// All names have the same length, so that they have as many bytes in every style.
    async fn create(mut self, purpose: &str, count: usize, settings: &Value) -> Result<Self, Failure> {
        let token = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos() as u64 & 0xffff_ffff;
        let settings = wire::json::value(settings);
        for number in 0..count {
            self.names.push(format!("{purpose}-{token:08x}-{number:02}"));
            let path = format!("{FOLDER}{}", self.names[number]);
            let create = async {
                self.reset(number).await?;
                self.send(Method::PATCH, &path, Some(&settings)).await
            };
            if let Err(failure) = create.await {
                self.delete().await;
                return Err(failure);
            }
        }
        Ok(self)
    }

    pub fn address(&self, number: usize) -> Address {
        self.server.in_sandbox(&self.names[number])
    }

    pub async fn reset(&mut self, number: usize) -> Result<(), Failure> {
        let path = format!("{FOLDER}{}/reset", self.names[number]);
        self.send(Method::POST, &path, None).await.map(drop)
    }

    pub async fn delete(mut self) {
        for name in std::mem::take(&mut self.names) {
            // If the server is gone, so are they; and what was measured before is no less true.
            let _ = self.send(Method::DELETE, &format!("{FOLDER}{name}"), None).await;
        }
    }

    async fn send(&mut self, method: Method, path: &str, body: Option<&str>) -> Result<Bytes, Failure> {
        let body = Bytes::from(body.unwrap_or_default().to_owned());
        let mut request = Request::builder().method(method).uri(path).body(body).map_err(broken)?;
        request.headers_mut().extend(self.admin.headers());
        let response = self.fetch(request).await?;
        // This connection is not measured, so its bytes need not be kept.
        self.connection.take_recording();
        let status = response.status();
        if status.is_success() {
            return Ok(response.into_body());
        }
        Err(Failure::Refused(Box::new(match wire::json::read_reply(response.body()) {
            Ok(error) if error.get("reason").is_some() => wire::json::refused(&error),
            // Not the shop has answered.
            _ => Refused { code: status.as_u16().to_string(), message: status.to_string(), ..Refused::default() },
        })))
    }

    /// A server closes an idle connection (RFC 9112 section 9.5). All requests here may be repeated, so they are sent once more on
    /// a new one (RFC 9110 section 9.2.2).
    async fn fetch(&mut self, request: Request<Bytes>) -> Result<Response<Bytes>, Failure> {
        if let Ok(response) = self.connection.fetch(request.clone()).await {
            return Ok(response);
        }
        self.connection = connection(&self.server).await?;
        self.connection.fetch(request).await
    }
}

/// The name of the sandbox in a path, if it has one, and the path within it.
pub fn split_path(path: &str) -> (Option<&str>, &str) {
    let in_sandbox = path.strip_prefix(FOLDER).and_then(|rest| Some(rest.split_at(rest.find('/')?)));
    in_sandbox.map_or((None, path), |(name, within)| (Some(name), within))
}

/// A connection to the server, outside all of its sandboxes.
async fn connection(server: &Address) -> Result<Connection, Failure> {
    let root = Address { prefix: String::new(), ..server.clone() };
    Connection::open(&root, &WireRequest::Http(Request::default())).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn a_closed_connection_is_opened_again() -> Result<(), Box<dyn std::error::Error>> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let server = Address { tls: false, authority: listener.local_addr()?.to_string(), prefix: String::new() };
        // It answers one request on each connection, and closes it.
        let serving = tokio::spawn(async move {
            let mut lines = Vec::new();
            for _ in 0..3 {
                let (mut stream, _) = listener.accept().await?;
                let mut request = [0; 1_024];
                let count = stream.read(&mut request).await?;
                lines.extend(String::from_utf8_lossy(&request[..count]).lines().next().map(str::to_owned));
                stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await?;
            }
            Ok::<_, std::io::Error>(lines)
        });
        let mut sandboxes = TemporarySandboxes::connect(&server).await?;
        for (method, path) in [(Method::POST, "/one"), (Method::DELETE, "/one"), (Method::DELETE, "/two")] {
            sandboxes.send(method, path, None).await?;
        }
        let lines = serving.await??;
        let expected = ["POST /one", "DELETE /one", "DELETE /two"];
        assert_eq!(lines, expected.map(|line| format!("{line} HTTP/1.1")));
        let failed = sandboxes.send(Method::DELETE, "/two", None).await;
        assert!(matches!(failed, Err(Failure::Broken(_))), "the server is gone");
        Ok(())
    }
}
