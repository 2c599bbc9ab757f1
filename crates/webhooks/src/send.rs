//! Sends a message: one HTTP request with a time limit, to an address that the policy allows.

use crate::message::Message;
use crate::outcome::Outcome;
use crate::policy::Policy;
use crate::target::{Host, Target};
use bytes::Bytes;
use domain::time::Timestamp;
use http::header::{CONTENT_TYPE, HOST, RETRY_AFTER, USER_AGENT};
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

/// Time of an attempt, from the name lookup to the response head: the least that Standard Webhooks 1.0.0, "Request timeouts",
/// recommends.
pub const ATTEMPT_MS: u64 = 15_000;
/// Time to connect to one address of a host, before the next one is tried.
const CONNECT_MS: u64 = 4_000;
/// Addresses of a host that an attempt tries.
const ADDRESSES_MAX: usize = 3;
/// Bytes of a response head.
const HEAD_BYTES_MAX: usize = 16 * 1024;
/// Bytes of a response body that are read and dropped: a server whose connection closes while it writes may log a failure.
const BODY_BYTES_MAX: usize = 64 * 1024;
/// Time to read a response body.
const BODY_MS: u64 = 1_000;
/// The header `User-Agent`.
const AGENT: &str = "Parlance-Webhooks";

/// Resolves host names.
pub trait Resolver: Send + Sync {
    /// Returns the addresses of a name, each with the port; an error if the name cannot be resolved.
    fn look_up(&self, name: &str, port: u16) -> Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;
}

/// The operating system's resolver.
pub struct SystemResolver;

impl Resolver for SystemResolver {
    fn look_up(&self, name: &str, port: u16) -> Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>> {
        let name = name.to_owned();
        Box::pin(async move { Ok(tokio::net::lookup_host((name, port)).await?.collect()) })
    }
}

/// Sends messages. Cheap to clone.
#[derive(Clone)]
pub struct Sender {
    policy: Policy,
    resolver: Arc<dyn Resolver>,
    tls: TlsConnector,
    attempt_ms: u64,
}

impl Sender {
    /// Creates a sender for the hosts that the policy allows, with Mozilla's root certificates. The error comes from the TLS setup.
    pub fn new(policy: Policy) -> Result<Sender, rustls::Error> {
        Sender::with_roots(policy, webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect())
    }

    /// Creates a sender with other root certificates.
    pub fn with_roots(policy: Policy, roots: RootCertStore) -> Result<Sender, rustls::Error> {
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions()?.with_root_certificates(roots);
        let mut config = config.with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let tls = TlsConnector::from(Arc::new(config));
        Ok(Sender { policy, resolver: Arc::new(SystemResolver), tls, attempt_ms: ATTEMPT_MS })
    }

    /// Uses another resolver.
    pub fn with_resolver(self, resolver: Arc<dyn Resolver>) -> Sender {
        Sender { resolver, ..self }
    }

    /// Uses another time limit for an attempt.
    pub fn with_attempt_ms(self, attempt_ms: u64) -> Sender {
        Sender { attempt_ms, ..self }
    }

    /// Makes one attempt.
    pub async fn send(&self, message: &Message) -> Outcome {
        let response = timeout(Duration::from_millis(self.attempt_ms), self.attempt(message)).await;
        let too_long = || Err(format!("no answer within {} seconds", self.attempt_ms.div_ceil(1_000)));
        let response = match response.unwrap_or_else(|_| too_long()) {
            Ok(response) => response,
            Err(problem) => return Outcome::Unreachable(problem),
        };
        let outcome = Outcome::Responded {
            status: response.head.status(),
            retry_after: retry_after(response.head.headers(), message.timestamp),
        };
        let _ = timeout(Duration::from_millis(BODY_MS), response.drain_body()).await;
        outcome
    }

    async fn attempt(&self, message: &Message) -> Result<OpenResponse, String> {
        let target = Target::parse(&message.url)?;
        let stream = connect(&self.addresses(&target).await?).await?;
        let request = request(&target, message)?;
        if !target.is_secure {
            return exchange(stream, request).await;
        }
        let name = match &target.host {
            Host::Address(address) => ServerName::from(*address),
            Host::Name(name) => ServerName::try_from(name.clone()).map_err(|_| no_address())?,
        };
        let stream = self.tls.connect(name, stream).await.map_err(|cause| format!("no TLS: {cause}"))?;
        exchange(stream, request).await
    }

    /// Returns the addresses of a host, after the policy has checked them all. A public name can resolve to a private address, and
    /// to another one in each lookup (DNS rebinding); so the attempt connects to the addresses that were checked here.
    async fn addresses(&self, target: &Target) -> Result<Vec<SocketAddr>, String> {
        let addresses = match &target.host {
            Host::Address(address) => vec![SocketAddr::new(*address, target.port)],
            Host::Name(name) => self.resolver.look_up(name, target.port).await.unwrap_or_default(),
        };
        // The same message for an unknown name and for a forbidden address: it must not reveal the names of a private network.
        let allowed = !addresses.is_empty() && addresses.iter().all(|address| self.policy.allows(address.ip()));
        if allowed { Ok(addresses) } else { Err(no_address()) }
    }
}

fn no_address() -> String {
    "the host has no address to which a call may go".to_owned()
}

async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, String> {
    let mut problem = no_address();
    for address in addresses.iter().take(ADDRESSES_MAX) {
        match timeout(Duration::from_millis(CONNECT_MS), TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(cause)) => problem = format!("no connection: {}", cause.kind()),
            Err(_) => problem = "no connection: timed out".to_owned(),
        }
    }
    Err(problem)
}

/// Standard Webhooks 1.0.0, "Webhook headers".
fn request(target: &Target, message: &Message) -> Result<Request<Full<Bytes>>, String> {
    let request = Request::post(target.path.as_str())
        .header(HOST, target.authority.as_str())
        .header(USER_AGENT, AGENT)
        .header(CONTENT_TYPE, "application/json")
        .header("webhook-id", &message.id)
        .header("webhook-timestamp", message.timestamp.0)
        .header("webhook-signature", &message.signature);
    request.body(Full::from(message.body.clone())).map_err(|cause| format!("no request: {cause}"))
}

/// A response whose body has not been read, and the task that drives its connection.
struct OpenResponse {
    head: Response<Incoming>,
    connection: Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// Sends the request and reads the response head. Redirects are not followed.
async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> Result<OpenResponse, String> {
    let broken = |cause: hyper::Error| format!("no answer: {cause}");
    let opened = http1::Builder::new().max_buf_size(HEAD_BYTES_MAX).handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = opened.map_err(broken)?;
    // An error of the connection also ends `send_request`, which reports it.
    let mut connection: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(async move { _ = connection.await });
    let mut sent = pin!(sender.send_request(request));
    let response = tokio::select! {
        response = &mut sent => response,
        () = &mut connection => {
            connection = Box::pin(std::future::pending());
            sent.await
        }
    };
    Ok(OpenResponse { head: response.map_err(broken)?, connection })
}

impl OpenResponse {
    async fn drain_body(mut self) {
        let mut body = self.head.into_body();
        let read = async {
            let mut left = BODY_BYTES_MAX;
            while let Some(Ok(frame)) = body.frame().await {
                let Some(rest) = left.checked_sub(frame.data_ref().map_or(0, Bytes::len)) else { break };
                left = rest;
            }
        };
        tokio::select! {
            () = read => {}
            () = &mut self.connection => {}
        }
    }
}

/// RFC 9110 section 10.2.3: seconds, or a date.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<i64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.parse().unwrap_or(i64::MAX));
    }
    let date = httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(i64::try_from(date.as_secs()).unwrap_or(i64::MAX).saturating_sub(now.0).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        for (text, seconds) in [
            ("0", Some(0)),
            ("120", Some(120)),
            ("99999999999999999999", Some(i64::MAX)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(60)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(60)),
            ("Sun Nov  6 08:48:00 1994", Some(0)),
            ("", None),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]);
            assert_eq!(retry_after(&headers, Timestamp(784_111_717)), seconds, "{text}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), Timestamp(0)), None);
    }
}
