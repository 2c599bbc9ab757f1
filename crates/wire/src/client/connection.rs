//! A client connection whose bytes are all recorded.

use crate::address::Address;
use crate::client::stream::{Framing, StreamBody};
use crate::client::{CallRequest, Client, DecodeError, Message, Outcome, Refused, WireRequest, WireResponse};
use crate::decompression::decompress;
use crate::io::ObservedStream;
use crate::limits::{REPLY_BYTES_MAX, REPLY_TIMEOUT_MS};
use crate::measure::Measured;
use crate::recorder::{Recorder, Recording};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Incoming};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Message as Frame, protocol::CloseFrame};
use tokio_tungstenite::{WebSocketStream, client_async};

/// Bytes that a server may send on a stream of HTTP/2 before this end reads: with so many, a recording has no window updates.
const WINDOW_BYTES: u32 = (1 << 31) - 1;

/// A connection to a server.
pub struct Connection {
    address: Address,
    recorder: Arc<Recorder>,
    /// What crossed the wire before the first call.
    handshake: Vec<Recording>,
    /// The responses to the first messages; or how the socket was closed instead.
    opened: Vec<Result<WireResponse, (u16, String)>>,
    transport: Transport,
    /// A response that goes on.
    stream: Option<StreamBody>,
    /// An HTTP response that is not decoded yet.
    pending: Option<http::Response<Bytes>>,
    is_replayed: bool,
}

enum Transport {
    Http1(http1::SendRequest<Full<Bytes>>),
    Http2(http2::SendRequest<Full<Bytes>>),
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
        let is_http2 = outgoing.version() == http::Version::HTTP_2;
        let recorder = Arc::new(if is_http2 { Recorder::of_http2() } else { Recorder::default() });
        let dial = address.dial();
        let stream = TcpStream::connect(&dial).await.map_err(|error| broken(format!("{dial}: {error}")))?;
        stream.set_nodelay(true).map_err(broken)?;
        let io = ObservedStream::new(stream, recorder.clone());
        let mut connection = Connection {
            address: address.clone(),
            recorder,
            handshake: Vec::new(),
            opened: Vec::new(),
            transport: Transport::Closed,
            stream: None,
            pending: None,
            is_replayed: false,
        };
        // A broken connection is reported by the call that waits for a response.
        match outgoing {
            WireRequest::Http(_) | WireRequest::EventStream(_) if is_http2 => {
                let (sender, driver) = http2::Builder::new(TokioExecutor::new())
                    .initial_stream_window_size(WINDOW_BYTES)
                    .initial_connection_window_size(WINDOW_BYTES)
                    .handshake(TokioIo::new(io))
                    .await
                    .map_err(broken)?;
                tokio::spawn(async move { driver.await.unwrap_or_default() });
                connection.transport = Transport::Http2(sender);
            }
            WireRequest::Http(_) | WireRequest::EventStream(_) => {
                let (sender, driver) = http1::handshake(TokioIo::new(io)).await.map_err(broken)?;
                tokio::spawn(async move { driver.await.unwrap_or_default() });
                connection.transport = Transport::Http1(sender);
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
        self.handshake.push(self.recorder.take_upgrade());
        for words in &message.opening {
            self.send_frame(words).await?;
            match self.next_frame().await {
                Ok(frame) => self.opened.push(Ok(WireResponse::Frame(frame.into()))),
                Err(Failure::Closed(code, reason)) => {
                    self.opened.push(Err((code, reason)));
                    break;
                }
                Err(broken) => return Err(broken),
            }
        }
        self.handshake.extend((!message.opening.is_empty()).then(|| self.recorder.take()));
        Ok(())
    }

    /// The bytes of opening the connection.
    pub fn handshake(&self) -> Measured {
        self.handshake.iter().map(Measured::of).fold(Measured::default(), |mut all, measured| {
            all += measured;
            all
        })
    }

    /// The recordings of opening the connection: none for HTTP/1.1; the preface and the settings of HTTP/2, once a response has come; the
    /// handshake of a WebSocket, and its first messages.
    pub fn handshake_recordings(&self) -> &[Recording] {
        &self.handshake
    }

    /// The recording since it was last taken.
    pub fn take_recording(&self) -> Recording {
        self.recorder.take()
    }

    /// The bytes since they were last taken, split into their parts.
    pub fn take_measured(&self) -> Measured {
        Measured::of(&self.recorder.take())
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
        if self.stream.is_some() { Ok(Outcome::Started) } else { self.receive(client, call_request).await }
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
            WireRequest::Http(request) => self.send_request(request.clone(), false).await,
            WireRequest::EventStream(request) => self.send_request(request.clone(), true).await,
            WireRequest::Socket(message) => self.send_frame(&message.text).await,
        }
    }

    /// Sends a request that is no call of an operation, and waits for the response.
    pub async fn fetch(&mut self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, Failure> {
        self.send_request(request, false).await?;
        self.pending.take().ok_or_else(|| broken("a stream came instead of a response"))
    }

    async fn send_request(&mut self, request: http::Request<Bytes>, is_stream: bool) -> Result<(), Failure> {
        self.stream = None;
        let response = timeout(Duration::from_millis(REPLY_TIMEOUT_MS), self.respond(request)).await;
        let response = response.map_err(|_| broken("no answer came in time"))??;
        let headers = response.headers();
        let media_type = headers.get(http::header::CONTENT_TYPE).map_or(b"".as_slice(), HeaderValue::as_bytes);
        // A response of gRPC without messages has its trailers in its head.
        let framing = Framing::of(media_type, is_stream).filter(|_| !response.body().is_end_stream());
        if let Some(framing) = framing {
            self.stream = Some(StreamBody::new(response.into_body(), framing));
            return Ok(());
        }
        self.pending = Some(whole(response).await?);
        Ok(())
    }

    /// Sends requests without waiting in between, each on a stream of HTTP/2 of its own; returns the responses in the order of the
    /// requests.
    pub async fn fetch_at_once(
        &mut self,
        requests: Vec<http::Request<Bytes>>,
    ) -> Result<Vec<http::Response<Bytes>>, Failure> {
        let Transport::Http2(sender) = &mut self.transport else {
            return Err(broken("only HTTP/2 has several streams on a connection"));
        };
        let (mut begun, mut responses) = (Vec::new(), Vec::new());
        for request in requests {
            sender.ready().await.map_err(broken)?;
            begun.push(sender.send_request(absolute(&self.address, request)?));
        }
        for response in begun {
            let response = timeout(Duration::from_millis(REPLY_TIMEOUT_MS), response).await;
            responses.push(whole(response.map_err(|_| broken("no answer came in time"))?.map_err(broken)?).await?);
            self.handshake.extend(self.recorder.take_opening().await);
        }
        Ok(responses)
    }

    /// Sends a request and waits for the head of the response.
    async fn respond(&mut self, request: http::Request<Bytes>) -> Result<http::Response<Incoming>, Failure> {
        let is_closed = |_| broken("the connection was closed");
        match &mut self.transport {
            Transport::Http1(sender) => {
                let (mut parts, body) = request.into_parts();
                parts.uri = format!("{}{}", self.address.prefix, parts.uri).parse().map_err(broken)?;
                let host = HeaderValue::from_str(&self.address.authority).map_err(broken)?;
                parts.headers.insert(http::header::HOST, host);
                sender.ready().await.map_err(is_closed)?;
                sender.send_request(http::Request::from_parts(parts, Full::new(body))).await.map_err(broken)
            }
            Transport::Http2(sender) => {
                sender.ready().await.map_err(is_closed)?;
                let response = sender.send_request(absolute(&self.address, request)?).await.map_err(broken)?;
                // By now the settings have crossed, or are about to. To wait for them before the request would cost a round trip that
                // the protocol does not have (RFC 9113 section 3.4).
                self.handshake.extend(self.recorder.take_opening().await);
                Ok(response)
            }
            Transport::Socket(_) | Transport::Closed => Err(broken("the connection is not one of HTTP")),
        }
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
        if let Some(stream) = &mut self.stream {
            return stream.next().await.map_err(Failure::Broken);
        }
        match self.transport {
            Transport::Socket(_) => Ok(WireResponse::Frame(self.next_frame().await?.into())),
            Transport::Http1(_) | Transport::Http2(_) | Transport::Closed => Err(broken("no request was sent")),
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

/// The request for a connection of HTTP/2. RFC 9113 section 8.3.1: scheme and authority are fields of their own, in the place of Host.
fn absolute(address: &Address, request: http::Request<Bytes>) -> Result<http::Request<Full<Bytes>>, Failure> {
    let (mut parts, body) = request.into_parts();
    parts.uri = address.http(&parts.uri.to_string()).parse().map_err(broken)?;
    Ok(http::Request::from_parts(parts, Full::new(body)))
}

/// The whole response, decompressed. The trailers of its body stand among its headers.
async fn whole(response: http::Response<Incoming>) -> Result<http::Response<Bytes>, Failure> {
    let (mut parts, body) = response.into_parts();
    let body = Limited::new(body, REPLY_BYTES_MAX).collect().await.map_err(broken)?;
    parts.headers.extend(body.trailers().cloned().unwrap_or_default());
    let mut body = body.to_bytes();
    if let Some(coding) = parts.headers.remove(http::header::CONTENT_ENCODING) {
        let coding = coding.to_str().map_err(broken)?;
        body = decompress(coding, &body, REPLY_BYTES_MAX).map_err(broken)?.into();
    }
    Ok(http::Response::from_parts(parts, body))
}
