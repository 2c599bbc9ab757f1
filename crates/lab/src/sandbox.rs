//! How is a throw-away copy of the shop made, made new, and thrown away? Over its own address, which no style owns.

use bytes::Bytes;
use domain::Value;
use domain::access::Credentials;
use http::{Method, Request, Response, StatusCode};
use wire::client::{CallOptions, WireRequest};
use wire::connection::{Connection, Failure, broken};
use wire::{Address, Refused};

/// What the path of every sandbox begins with.
const FOLDER: &str = "/sandboxes/";

/// The way to a server's sandboxes, over a connection of its own, so that none of it is measured.
pub struct Sandboxes {
    root: Address,
    connection: Connection,
    keeper: CallOptions,
}

impl Sandboxes {
    /// Connects.
    pub async fn open(server: &Address) -> Result<Self, Failure> {
        let root = Address { prefix: String::new(), ..server.clone() };
        let connection = connect(&root).await?;
        Ok(Sandboxes { root, connection, keeper: CallOptions::default() })
    }

    /// The same in the name of somebody who may manage a locked sandbox.
    pub fn kept_by(self, credentials: Credentials) -> Self {
        Sandboxes { keeper: CallOptions { credentials, ..CallOptions::default() }, ..self }
    }

    /// Makes the sandbox as it is when new.
    pub async fn reset(&mut self, name: &str) -> Result<(), Failure> {
        self.send(Method::POST, &format!("{FOLDER}{name}/reset"), None).await.map(drop)
    }

    /// Throws the sandbox away.
    pub async fn forget(&mut self, name: &str) -> Result<(), Failure> {
        self.send(Method::DELETE, &format!("{FOLDER}{name}"), None).await.map(drop)
    }

    /// How the sandbox at an address is set: whether it is locked, and its round-trip dial. Not its rate: a throw-away copy is
    /// asked more often than anybody would.
    pub async fn settings(&mut self, of: &Address) -> Result<Value, Failure> {
        let name = of.prefix.strip_prefix(FOLDER).unwrap_or("main");
        let told = self.send(Method::GET, &format!("{FOLDER}{name}"), None).await?;
        let told = wire::json::read_reply(&told).map_err(broken)?;
        let member = |name| told.get(name).cloned().map(|value| (name, value));
        Ok(Value::object(["access", "rtt_ms"].into_iter().filter_map(member)))
    }

    /// Sets the sandbox up.
    pub async fn set_up(&mut self, name: &str, settings: &Value) -> Result<(), Failure> {
        let body = Some(wire::json::value(settings));
        self.send(Method::PATCH, &format!("{FOLDER}{name}"), body).await.map(drop)
    }

    async fn send(&mut self, method: Method, path: &str, body: Option<String>) -> Result<Bytes, Failure> {
        let mut request = Request::new(Bytes::from(body.unwrap_or_default()));
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().map_err(|error| broken(format!("{path}: {error}")))?;
        request.headers_mut().extend(self.keeper.headers());
        let response = self.fetch(request).await?;
        // Nothing of it is measured, so nothing need be kept.
        self.connection.take_recording();
        match response.status() {
            status if status.is_success() => Ok(response.into_body()),
            status => Err(Failure::Refused(Box::new(refused(status, response.body())))),
        }
    }

    /// A server closes a connection on which nothing was asked for long (RFC 9112 section 9.5). All that is asked here may be done
    /// twice, so it is then asked once more on a new one (RFC 9110 section 9.2.2).
    async fn fetch(&mut self, request: Request<Bytes>) -> Result<Response<Bytes>, Failure> {
        if let Ok(response) = self.connection.fetch(request.clone()).await {
            return Ok(response);
        }
        self.connection = connect(&self.root).await?;
        self.connection.fetch(request).await
    }
}

async fn connect(root: &Address) -> Result<Connection, Failure> {
    Connection::open(root, &WireRequest::Http(Request::default())).await
}

/// Why it was not done; in words of our own, if it was not the shop that answered.
fn refused(status: StatusCode, body: &[u8]) -> Refused {
    match wire::json::read_reply(body) {
        Ok(error) if error.get("reason").is_some() => wire::json::refused(&error),
        _ => Refused { code: status.as_u16().to_string(), message: status.to_string(), ..Refused::default() },
    }
}

/// Throw-away copies of the shop.
pub struct Copies {
    server: Address,
    sandboxes: Sandboxes,
    names: Vec<String>,
}

impl Copies {
    /// So many, locked and dialled as the sandbox at an address is. The keeper may manage them if they are locked; they are of the
    /// standard shop.
    pub async fn like(server: &Address, purpose: &str, count: usize, keeper: &Credentials) -> Result<Self, Failure> {
        let mut sandboxes = Sandboxes::open(server).await?;
        let settings = sandboxes.settings(server).await?;
        let is_locked = settings.get("access").and_then(Value::as_text) == Some("locked");
        let keeper = if is_locked { keeper.clone() } else { Credentials::None };
        Copies::make(server, sandboxes.kept_by(keeper), purpose, count, &settings).await
    }

    /// So many, open to all, that charge so much for a round trip.
    pub async fn dialled(server: &Address, purpose: &str, count: usize, rtt_ms: u32) -> Result<Self, Failure> {
        let settings = Value::object([("rtt_ms", i64::from(rtt_ms).into())]);
        Copies::make(server, Sandboxes::open(server).await?, purpose, count, &settings).await
    }

    async fn make(
        server: &Address,
        sandboxes: Sandboxes,
        purpose: &str,
        count: usize,
        settings: &Value,
    ) -> Result<Self, Failure> {
        let mut copies = Copies { server: server.clone(), sandboxes, names: Vec::new() };
        for name in throw_away_names(purpose, count) {
            let made = copies.sandboxes.reset(&name).await;
            copies.names.push(name.clone());
            let set_up = match made {
                Ok(()) => copies.sandboxes.set_up(&name, settings).await,
                Err(failure) => Err(failure),
            };
            if let Err(failure) = set_up {
                copies.forget().await;
                return Err(failure);
            }
        }
        Ok(copies)
    }

    /// Where one is.
    pub fn address(&self, number: usize) -> Address {
        self.names.get(number).map_or_else(|| self.server.clone(), |name| self.server.in_sandbox(name))
    }

    /// Makes one as it was when new.
    pub async fn renew(&mut self, number: usize) -> Result<(), Failure> {
        match self.names.get(number) {
            Some(name) => self.sandboxes.reset(name).await,
            None => Ok(()),
        }
    }

    /// Throws them away.
    pub async fn forget(mut self) {
        for name in &self.names {
            // If the server is gone, so are they; and what was found out before is no less true.
            let _ = self.sandboxes.forget(name).await;
        }
    }
}

/// Names for throw-away sandboxes: of the same length, so that they weigh the same in every style.
pub fn throw_away_names(purpose: &str, count: usize) -> Vec<String> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let token = since.as_nanos() as u64 & 0xffff_ffff;
    (0..count).map(|number| format!("{purpose}-{token:08x}-{number:02}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn a_connection_that_was_closed_meanwhile_is_opened_anew() -> Result<(), Box<dyn std::error::Error>> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let server = Address { tls: false, authority: listener.local_addr()?.to_string(), prefix: String::new() };
        // It answers one request on each connection, and closes it without a word.
        let serving = tokio::spawn(async move {
            let mut asked = Vec::new();
            for _ in 0..3 {
                let (mut stream, _) = listener.accept().await?;
                let mut request = [0; 1_024];
                let count = stream.read(&mut request).await?;
                asked.extend(String::from_utf8_lossy(&request[..count]).lines().next().map(str::to_owned));
                stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await?;
            }
            Ok::<_, std::io::Error>(asked)
        });
        let mut sandboxes = Sandboxes::open(&server).await?;
        sandboxes.reset("one").await?;
        sandboxes.forget("one").await?;
        sandboxes.forget("two").await?;
        let asked = serving.await??;
        let expected = ["POST /sandboxes/one/reset", "DELETE /sandboxes/one", "DELETE /sandboxes/two"];
        assert_eq!(asked, expected.map(|line| format!("{line} HTTP/1.1")));
        // Nobody is there any more, and that is told.
        assert!(matches!(sandboxes.forget("two").await, Err(Failure::Broken(_))));
        Ok(())
    }
}
