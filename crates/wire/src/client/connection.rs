//! A client connection whose bytes are all recorded.

use crate::address::Address;
use crate::client::{CallRequest, Client, DecodeError, Message, Outcome, Refused, WireRequest, WireResponse};
use crate::decompression::decompress;
use crate::io::{ObservedStream, Recorder, Recording};
use crate::limits::{REPLY_BYTES_MAX, REPLY_TIMEOUT_MS};
use crate::measure::{self, Measured};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming as HyperBody;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Message as Frame, protocol::CloseFrame};
use tokio_tungstenite::{WebSocketStream, client_async};

/// A connection to a server.
pub struct Connection {
    address: Address,
    recorder: Arc<Recorder>,
    /// The bytes of opening a WebSocket: the HTTP handshake, and the first messages.
    handshake: (Recording, Recording),
    /// The responses to the first messages; or how the socket was closed instead.
    opened: Vec<Result<WireResponse, (u16, String)>>,
    transport: Transport,
    /// An HTTP response that is not decoded yet.
    pending: Option<http::Response<Bytes>>,
    is_replayed: bool,
}

enum Transport {
    Http(SendRequest<Full<Bytes>>),
    Events {
        body: HyperBody,
        unread: String,
    },
    Socket(Box<WebSocketStream<ObservedStream<TcpStream>>>),
    /// Between two of the others, and after the end.
    Closed,
}

/// Why there is no response.
#[derive(Debug)]
pub enum Failure {
    /// No connection, or it broke.
    Broken(String),
    /// The response does not follow the protocol.
    DecodeError(DecodeError),
    /// The server closed the WebSocket with this code and reason.
    Closed(u16, String),
    /// A preparation was refused, such as creating a sandbox.
    Refused(Box<Refused>),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Broken(problem) => f.write_str(problem),
            Failure::DecodeError(error) => error.fmt(f),
            Failure::Closed(code, reason) => write!(f, "the server closed the socket: {code} {reason}"),
            Failure::Refused(refused) => refused.fmt(f),
        }
    }
}

impl std::error::Error for Failure {}

/// A failure of the connection, as text.
pub fn broken(problem: impl fmt::Display) -> Failure {
    Failure::Broken(problem.to_string())
}

impl Connection {
    /// Connects for an encoded call. A WebSocket is opened, and its first messages are exchanged; if they were refused,
    /// the first call returns that.
    pub async fn open(address: &Address, outgoing: &WireRequest) -> Result<Connection, Failure> {
        let recorder = Arc::new(Recorder::default());
        let dial = address.dial();
        let stream = TcpStream::connect(&dial).await.map_err(|error| broken(format!("{dial}: {error}")))?;
        stream.set_nodelay(true).map_err(broken)?;
        let io = ObservedStream::new(stream, recorder.clone());
        let (address, nothing) = (address.clone(), Default::default());
        let (opened, transport, pending) = (Vec::new(), Transport::Closed, None);
        let mut connection =
            Connection { address, recorder, handshake: nothing, opened, transport, pending, is_replayed: false };
        match outgoing {
            WireRequest::Http(_) | WireRequest::EventStream(_) => {
                let (sender, driver) = handshake(TokioIo::new(io)).await.map_err(broken)?;
                // A broken connection is reported by the call that waits for a response.
                tokio::spawn(async move { driver.await.unwrap_or_default() });
                connection.transport = Transport::Http(sender);
            }
            WireRequest::Socket(message) => connection.open_socket(io, message).await?,
        }
        Ok(connection)
    }

    async fn open_socket(&mut self, io: ObservedStream<TcpStream>, message: &Message) -> Result<(), Failure> {
        let mut request = self.address.ws(message.path).into_client_request().map_err(broken)?;
        if !message.subprotocol.is_empty() {
            let subprotocol = HeaderValue::from_static(message.subprotocol);
            request.headers_mut().insert("sec-websocket-protocol", subprotocol);
        }
        request.headers_mut().extend(message.headers.clone());
        let (socket, _) = client_async(request, io).await.map_err(broken)?;
        self.transport = Transport::Socket(Box::new(socket));
        self.handshake.0 = self.recorder.take();
        for words in &message.opening {
            self.send_frame(words).await?;
            match self.next_frame().await {
                Ok(frame) => self.opened.push(Ok(WireResponse::Frame(frame))),
                Err(Failure::Closed(code, reason)) => {
                    self.opened.push(Err((code, reason)));
                    break;
                }
                Err(broken) => return Err(broken),
            }
        }
        self.handshake.1 = self.recorder.take();
        Ok(())
    }

    /// The bytes of opening a WebSocket; none for HTTP.
    pub fn handshake(&self) -> Measured {
        let (upgrade, opening) = (measure::http(&self.handshake.0), measure::frames(&self.handshake.1));
        let mut all = upgrade;
        all.sent += opening.sent;
        all.received += opening.received;
        all
    }

    /// The recording of opening a WebSocket: the HTTP handshake, and the first messages.
    pub fn handshake_recordings(&self) -> &(Recording, Recording) {
        &self.handshake
    }

    /// The recording since it was last taken.
    pub fn take_recording(&self) -> Recording {
        self.recorder.take()
    }

    /// The bytes since they were last taken, split into their parts.
    pub fn take_measured(&self) -> Measured {
        let recording = self.recorder.take();
        match self.transport {
            Transport::Socket(_) => measure::frames(&recording),
            Transport::Http(_) | Transport::Events { .. } | Transport::Closed => measure::http(&recording),
        }
    }

    /// Sends an encoded call and waits for its outcome; control messages are skipped. If the first messages were refused,
    /// nothing is sent: the call would be anonymous.
    pub async fn call(
        &mut self,
        client: &dyn Client,
        call_request: &CallRequest,
        outgoing: &WireRequest,
    ) -> Result<Outcome, Failure> {
        if let Some(refused) = self.refused_opening(client, call_request)? {
            return Ok(Outcome::Refused(refused));
        }
        self.send(outgoing).await?;
        match self.transport {
            Transport::Events { .. } => Ok(Outcome::Started),
            Transport::Http(_) | Transport::Socket(_) | Transport::Closed => self.receive(client, call_request).await,
        }
    }

    /// Whether the last outcome was a stored result.
    pub fn is_replayed(&self) -> bool {
        self.is_replayed
    }

    /// Why the first messages were refused, if they were. Checked once; the connection can't be used afterwards.
    fn refused_opening(&mut self, client: &dyn Client, call_request: &CallRequest) -> Result<Option<Refused>, Failure> {
        while let Some(answer) = self.opened.first() {
            let refused = match answer {
                Ok(incoming) => match client.decode(call_request, incoming).map_err(Failure::DecodeError)? {
                    Outcome::Refused(refused) => Some(refused),
                    Outcome::Reply(_) | Outcome::Event(_) | Outcome::Started | Outcome::Ended | Outcome::Control => {
                        None
                    }
                },
                Err((code, reason)) => {
                    let refused = client.closed(*code, reason);
                    Some(refused.ok_or_else(|| Failure::Closed(*code, reason.clone()))?)
                }
            };
            if refused.is_some() {
                return Ok(refused);
            }
            drop(self.opened.remove(0));
        }
        Ok(None)
    }

    /// Sends an encoded call. Its outcome is received afterwards.
    pub async fn send(&mut self, outgoing: &WireRequest) -> Result<(), Failure> {
        match outgoing {
            WireRequest::Http(request) | WireRequest::EventStream(request) => self.send_request(request.clone()).await,
            WireRequest::Socket(message) => self.send_frame(&message.text).await,
        }
    }

    /// Sends a request that is no call of an operation, and waits for the response.
    pub async fn fetch(&mut self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, Failure> {
        self.send_request(request).await?;
        self.pending.take().ok_or_else(|| broken("a stream came instead of a response"))
    }

    async fn send_request(&mut self, request: http::Request<Bytes>) -> Result<(), Failure> {
        let Transport::Http(sender) = &mut self.transport else {
            return Err(broken("the connection is not one of HTTP"));
        };
        sender.ready().await.map_err(|_| broken("the connection was closed"))?;
        let (mut parts, body) = request.into_parts();
        let target = format!("{}{}", self.address.prefix, parts.uri);
        parts.uri = target.parse().map_err(broken)?;
        let host = HeaderValue::from_str(&self.address.authority).map_err(broken)?;
        parts.headers.insert(http::header::HOST, host);
        let response = sender.send_request(http::Request::from_parts(parts, Full::new(body)));
        let response = timeout(Duration::from_millis(REPLY_TIMEOUT_MS), response).await;
        let response = response.map_err(|_| broken("no answer came in time"))?.map_err(broken)?;
        let media_type = response.headers().get(http::header::CONTENT_TYPE).map(HeaderValue::as_bytes);
        if media_type.is_some_and(|media_type| media_type.starts_with(b"text/event-stream")) {
            self.transport = Transport::Events { body: response.into_body(), unread: String::new() };
            return Ok(());
        }
        let (mut parts, body) = response.into_parts();
        let mut body = Limited::new(body, REPLY_BYTES_MAX).collect().await.map_err(broken)?.to_bytes();
        if let Some(coding) = parts.headers.remove(http::header::CONTENT_ENCODING) {
            let coding = coding.to_str().map_err(broken)?;
            body = decompress(coding, &body, REPLY_BYTES_MAX).map_err(broken)?.into();
        }
        self.pending = Some(http::Response::from_parts(parts, body));
        Ok(())
    }

    /// Waits for the next outcome of the call.
    pub async fn receive(&mut self, client: &dyn Client, call_request: &CallRequest) -> Result<Outcome, Failure> {
        self.receive_raw(client, call_request).await.map(|(input, _)| input)
    }

    /// The same, with the response; `None` if it was received while opening the connection.
    pub async fn receive_raw(
        &mut self,
        client: &dyn Client,
        call_request: &CallRequest,
    ) -> Result<(Outcome, Option<WireResponse>), Failure> {
        if let Some(refused) = self.refused_opening(client, call_request)? {
            return Ok((Outcome::Refused(refused), None));
        }
        loop {
            let incoming = self.next_incoming().await?;
            self.is_replayed = call_request.options.idempotency_key.is_some() && client.is_replayed(&incoming);
            match client.decode(call_request, &incoming).map_err(Failure::DecodeError)? {
                Outcome::Control => {}
                input => return Ok((input, Some(incoming))),
            }
        }
    }

    async fn next_incoming(&mut self) -> Result<WireResponse, Failure> {
        if let Some(response) = self.pending.take() {
            return Ok(WireResponse::Http(response));
        }
        match self.transport {
            Transport::Socket(_) => self.next_frame().await.map(WireResponse::Frame),
            Transport::Events { .. } => self.next_event().await.map(WireResponse::Frame),
            Transport::Http(_) | Transport::Closed => Err(broken("no request was sent")),
        }
    }

    /// The next whole event of a stream, with its fields (HTML standard, section 9.2.5): it ends at an empty line.
    async fn next_event(&mut self) -> Result<String, Failure> {
        let Transport::Events { body, unread } = &mut self.transport else {
            return Err(broken("the connection is not a stream of events"));
        };
        loop {
            if let Some(end) = unread.find("\n\n") {
                let event = unread[..end].to_owned();
                unread.drain(..end + 2);
                return Ok(event);
            }
            let frame = timeout(Duration::from_millis(REPLY_TIMEOUT_MS), body.frame()).await;
            let frame = frame.map_err(|_| broken("no event came in time"))?;
            let frame = frame.ok_or_else(|| broken("the stream has ended"))?.map_err(broken)?;
            unread.push_str(&String::from_utf8_lossy(&frame.into_data().unwrap_or_default()));
        }
    }

    async fn next_frame(&mut self) -> Result<String, Failure> {
        let Transport::Socket(socket) = &mut self.transport else {
            return Err(broken("the connection is not a WebSocket"));
        };
        loop {
            let frame = timeout(Duration::from_millis(REPLY_TIMEOUT_MS), socket.next()).await;
            let frame = frame.map_err(|_| broken("no frame came in time"))?;
            match frame.ok_or_else(|| broken("the socket has ended"))?.map_err(broken)? {
                Frame::Text(text) => return Ok(text.as_str().to_owned()),
                Frame::Close(Some(CloseFrame { code, reason })) => {
                    return Err(Failure::Closed(code.into(), reason.as_str().to_owned()));
                }
                Frame::Close(None) => return Err(Failure::Closed(1005, String::new())),
                // Pings are answered by the library.
                Frame::Ping(_) | Frame::Pong(_) | Frame::Frame(_) => {}
                Frame::Binary(_) => return Err(broken("a binary frame came")),
            }
        }
    }

    /// Closes a WebSocket, so that its server half ends at once.
    pub async fn close(mut self) {
        if let Transport::Socket(socket) = &mut self.transport {
            // The other end may be gone already.
            let _ = timeout(Duration::from_millis(REPLY_TIMEOUT_MS), WebSocketStream::close(socket, None)).await;
        }
    }

    async fn send_frame(&mut self, text: &str) -> Result<(), Failure> {
        let Transport::Socket(socket) = &mut self.transport else {
            return Err(broken("the connection is not a WebSocket"));
        };
        socket.send(Frame::text(text.to_owned())).await.map_err(broken)
    }
}
