//! HTTP/2 over cleartext TCP with prior knowledge (RFC 9113 section 3.3), by hyper.
//!
//! actix-web can serve HTTP/2 too, but sends no trailers, which gRPC needs. So hyper speaks the protocol, and each request is handed to the
//! same application that answers HTTP/1.1. WebSockets are opened over HTTP/1.1 alone.

use crate::frames::FollowedStream;
use crate::streams::{OpenStream, Streams};
use actix_http::{BoxedPayloadStream, HttpMessage, Payload, Request};
use actix_service::Service;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::error::PayloadError;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode, Version};
use actix_web::rt::net::TcpStream;
use bytes::Bytes;
use futures_util::TryStreamExt;
use http::request::Parts;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyDataStream;
use hyper::body::Incoming;
use hyper::rt::Executor;
use hyper::server::conn::http2::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Sleep, interval, sleep};
use wire::control::{Allowed, ConnectionControl};
use wire::io::ObservedStream;
use wire::limits::{HEARTBEAT_MS, NEXT_HEAD_MS, WRITE_STALL_MS};
use wire::shutdown::Shutdown;
use wire::trailers::Trailers;

/// Streams of a connection at the same time.
pub const STREAMS_MAX: u32 = 100;
/// Bytes of a request's header fields, as RFC 9113 section 6.5.2 counts them.
const HEADER_LIST_BYTES_MAX: u32 = 64 * 1024;
/// Streams that a client has opened and reset, but the server has not seen yet (CVE-2023-44487); beyond, the connection ends.
const RESET_STREAMS_MAX: usize = 20;
/// Bytes that a client may send on a stream before the server has read them.
const STREAM_WINDOW_BYTES: u32 = 256 * 1024;
/// The same on all streams of a connection.
const CONNECTION_WINDOW_BYTES: u32 = 1024 * 1024;
/// Bytes of a response that wait for the client to open its window.
const SEND_BUFFER_BYTES: usize = 64 * 1024;
/// Bytes of a response that are handed over at a time.
const PIECE_BYTES: usize = 16 * 1024;
/// Time between two searches for idle connections and for streams that are not read.
const TICK_MS: u64 = 1_000;
/// How long an idle client may take to close its connection after GOAWAY.
const CLOSING_MS: u64 = 5_000;
/// How long the beginning of a response that breaks off may take to leave.
const CUT_MS: u64 = 50;

/// Serves a connection until it ends.
pub async fn serve<S, B>(io: ObservedStream<TcpStream>, app: Rc<S>, shutdown: Shutdown)
where
    S: Service<Request, Response = ServiceResponse<B>, Error = actix_web::Error> + 'static,
    B: MessageBody + 'static,
{
    let (peer, control, observer, streams) = (io.peer(), io.control(), io.observer(), Rc::new(Streams::default()));
    let answer = service_fn({
        let streams = streams.clone();
        move |request: http::Request<Incoming>| {
            let target = request.uri().path_and_query().map_or("", |target| target.as_str());
            let control = Arc::new(control.of_stream(observer.answers(request.method().as_str(), target)));
            respond(app.clone(), request, peer, control, streams.open())
        }
    });
    let connection = Builder::new(Local)
        .max_concurrent_streams(STREAMS_MAX)
        .max_header_list_size(HEADER_LIST_BYTES_MAX)
        .max_pending_accept_reset_streams(RESET_STREAMS_MAX)
        .initial_stream_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .max_send_buf_size(SEND_BUFFER_BYTES)
        .timer(TokioTimer::new())
        // A ping keeps a quiet stream open, and finds a client that is gone.
        .keep_alive_interval(Duration::from_millis(HEARTBEAT_MS))
        .keep_alive_timeout(Duration::from_millis(WRITE_STALL_MS))
        .serve_connection(TokioIo::new(FollowedStream::new(io.of_http2(), streams.clone())), answer);
    let (mut connection, mut stopping) = (pin!(connection), pin!(shutdown.started()));
    let (mut tick, mut is_stopping) = (interval(Duration::from_millis(TICK_MS)), false);
    loop {
        let is_time_to_stop = tokio::select! {
            _ = connection.as_mut() => return,
            () = stopping.as_mut(), if !is_stopping => true,
            _ = tick.tick() => streams.is_idle_for(NEXT_HEAD_MS),
        };
        if streams.is_stalled() || is_stopping && streams.is_idle_for(CLOSING_MS) {
            return;
        }
        if is_time_to_stop && !is_stopping {
            is_stopping = true;
            // GOAWAY: the streams that are open are still answered.
            connection.as_mut().graceful_shutdown();
        }
    }
}

/// Runs futures on the thread of the connection, as actix does.
#[derive(Clone)]
struct Local;

impl<F: Future + 'static> Executor<F> for Local {
    fn execute(&self, future: F) {
        tokio::task::spawn_local(async move {
            future.await;
        });
    }
}

/// Has the application answer a request.
async fn respond<S, B>(
    app: Rc<S>,
    request: http::Request<Incoming>,
    peer: SocketAddr,
    control: Arc<ConnectionControl>,
    stream: Rc<OpenStream>,
) -> Result<http::Response<ResponseBody>, Box<dyn Error + Send + Sync>>
where
    S: Service<Request, Response = ServiceResponse<B>, Error = actix_web::Error>,
    B: MessageBody + 'static,
{
    let (parts, body) = request.into_parts();
    if is_malformed(&parts) {
        return Err(h2::Error::from(h2::Reason::PROTOCOL_ERROR).into());
    }
    let is_head = parts.method == http::Method::HEAD;
    let request = request_of(parts, body, peer, control.clone())?;
    let response = app.call(request).await.map_err(|error| error.to_string())?;
    let (allowed, response) = (control.allowed(), response.map_into_boxed_body().into_parts().1);
    if allowed == Allowed::Nothing {
        return Err("the response is dropped".into());
    }
    let trailers = response.extensions().get::<Trailers>().cloned();
    let (head, body) = response.into_parts();
    let mut sent = http::Response::builder().status(head.status().as_u16());
    // hyper removes the fields about the connection (RFC 9113 section 8.2.2).
    for (name, value) in head.headers() {
        sent = sent.header(name.as_str(), value.as_bytes());
    }
    // hyper adds the length of a body that is sent. RFC 9110 section 8.6: 204 and 304 have none.
    let has_length = !matches!(head.status(), StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    if let BodySize::Sized(bytes) = body.size()
        && has_length
        && (is_head || bytes == 0 && trailers.is_none())
    {
        sent = sent.header(http::header::CONTENT_LENGTH, bytes);
    }
    let body = (!is_head).then_some(body).filter(|body| !matches!(body.size(), BodySize::None | BodySize::Sized(0)));
    let left = if let Allowed::Body(bytes) = allowed { Some(bytes) } else { None };
    Ok(sent.body(ResponseBody { body, piece: Bytes::new(), left, breaking: None, trailers, stream })?)
}

/// Whether a request breaks a rule that hyper leaves to us: white space around a value (RFC 9113 section 8.2.1), a Host that differs from
/// the authority (section 8.3.1), CONNECT without an authority (section 8.5).
fn is_malformed(parts: &Parts) -> bool {
    let is_padded = |value: &http::HeaderValue| value.as_bytes().trim_ascii().len() < value.len();
    let authority = parts.uri.authority().map(|authority| authority.as_str());
    let hosts = parts.headers.get_all(http::header::HOST);
    parts.headers.values().any(is_padded)
        || authority.is_some_and(|authority| hosts.iter().any(|host| host.as_bytes() != authority.as_bytes()))
        || parts.method == http::Method::CONNECT && authority.is_none()
}

/// The request as the application knows it from HTTP/1.1.
fn request_of(
    parts: Parts,
    body: Incoming,
    peer: SocketAddr,
    control: Arc<ConnectionControl>,
) -> Result<Request, actix_http::error::HttpError> {
    let mut request = if body.is_end_stream() {
        Request::new()
    } else {
        let payload = BodyDataStream::new(body).map_err(|error| PayloadError::Io(io::Error::other(error)));
        Request::with_payload(Payload::from(Box::pin(payload) as BoxedPayloadStream))
    };
    let head = request.head_mut();
    head.method = Method::from_bytes(parts.method.as_str().as_bytes())?;
    head.uri = parts.uri.path_and_query().map_or("/", |target| target.as_str()).parse()?;
    (head.version, head.peer_addr) = (Version::HTTP_2, Some(peer));
    for (name, value) in &parts.headers {
        head.headers
            .append(HeaderName::from_bytes(name.as_str().as_bytes())?, HeaderValue::from_bytes(value.as_bytes())?);
    }
    // RFC 9113 section 8.3.1: the authority takes the place of Host.
    if let Some(authority) = parts.uri.authority() {
        head.headers.insert(header::HOST, HeaderValue::from_str(authority.as_str())?);
    }
    request.extensions_mut().insert(control);
    Ok(request)
}

/// The body of a response, in pieces.
struct ResponseBody {
    /// `None` at its end.
    body: Option<BoxBody>,
    /// The rest of what the body gave last.
    piece: Bytes,
    /// Bytes until the response breaks off; `None` if it does not.
    left: Option<u64>,
    /// Runs before it breaks off, as a reset overtakes what was sent before.
    breaking: Option<Pin<Box<Sleep>>>,
    /// What follows the body; `None` once it is sent.
    trailers: Option<Trailers>,
    stream: Rc<OpenStream>,
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = io::Error;

    /// hyper asks when the client has room for more.
    fn poll_frame(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = &mut *self;
        this.stream.goes_on();
        if this.left == Some(0) {
            let breaking = this.breaking.get_or_insert_with(|| Box::pin(sleep(Duration::from_millis(CUT_MS))));
            ready!(breaking.as_mut().poll(task));
            return Poll::Ready(Some(Err(io::Error::other("the response breaks off"))));
        }
        while this.piece.is_empty() {
            let Some(body) = &mut this.body else {
                return Poll::Ready(this.trailers.take().map(|trailers| Ok(Frame::trailers(trailers.take()))));
            };
            match ready!(Pin::new(body).poll_next(task)) {
                Some(piece) => this.piece = piece.map_err(|error| io::Error::other(error.to_string()))?,
                None => this.body = None,
            }
            // Its last piece ends the stream, without an empty frame behind it.
            this.body.take_if(|body| body.size() == BodySize::Sized(0));
        }
        let allowed = this.left.map_or(PIECE_BYTES, |left| usize::try_from(left).unwrap_or(PIECE_BYTES));
        let piece = this.piece.split_to(this.piece.len().min(PIECE_BYTES).min(allowed));
        this.left = this.left.map(|left| left - piece.len() as u64);
        this.stream.waits();
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_none() && self.piece.is_empty() && self.left != Some(0) && self.trailers.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        match self.body.as_ref().map(MessageBody::size) {
            Some(BodySize::Sized(bytes)) if self.trailers.is_none() => SizeHint::with_exact(bytes),
            _ => SizeHint::default(),
        }
    }
}
