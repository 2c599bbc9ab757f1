//! A client of HTTP/2 with prior knowledge, for the tests of the server's.

use crate::raw::{Line, Response};
use crate::runtime;
use bytes::Bytes;
use h2::client::{ResponseFuture, SendRequest, handshake};
use h2::{Error, Reason, RecvStream};
use http::Request;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use wire::Address;

/// Only a broken server is this slow.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection.
pub struct Http2 {
    address: Address,
    sender: SendRequest<Bytes>,
    /// Ends with the connection.
    connection: JoinHandle<Result<(), Error>>,
}

/// The header of a frame, without its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameHeader {
    /// The type.
    pub kind: u8,
    /// The flags.
    pub flags: u8,
    /// The stream; 0 is the connection itself.
    pub stream: u32,
}

/// A stream whose response has begun.
pub struct Http2Stream(RecvStream);

impl Http2 {
    /// Connects.
    pub fn open(address: &Address) -> Http2 {
        runtime().block_on(async {
            let stream = TcpStream::connect(address.dial()).await.expect("a connection");
            stream.set_nodelay(true).expect("a socket option");
            let (sender, connection) = handshake(stream).await.expect("a handshake");
            Http2 { address: address.clone(), sender, connection: tokio::spawn(connection) }
        })
    }

    /// Sends a request and returns its whole response.
    pub fn send(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Response, Error> {
        let response = self.begin(method, target, headers, body)?;
        let whole = async {
            let (head, mut body) = response.await?.into_parts();
            let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
            let headers = head.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
            let mut response = Response { status: head.status.as_u16(), headers, body: Vec::new() };
            while let Some(piece) = body.data().await {
                let piece = piece?;
                body.flow_control().release_capacity(piece.len())?;
                response.body.extend_from_slice(&piece);
            }
            Ok(response)
        };
        in_time(whole)
    }

    /// Sends a request.
    pub fn begin(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<ResponseFuture, Error> {
        let mut request = Request::builder().method(method).uri(self.address.http(target));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(()).expect("a request");
        runtime().block_on(async {
            let mut sender = self.sender.clone().ready().await?;
            let (response, mut stream) = sender.send_request(request, body.is_empty())?;
            if !body.is_empty() {
                stream.send_data(Bytes::copy_from_slice(body), true)?;
            }
            Ok(response)
        })
    }

    /// Opens streams and resets each at once, until the connection ends or there were so many. Returns the error that ended it.
    pub fn reset_streams(&mut self, target: &str, count: usize) -> Option<Error> {
        let request = || Request::builder().uri(self.address.http(target)).body(()).expect("a request");
        runtime().block_on(async {
            for _ in 0..count {
                let mut sender = match self.sender.clone().ready().await {
                    Ok(sender) => sender,
                    Err(error) => return Some(error),
                };
                match sender.send_request(request(), true) {
                    Ok((_, mut stream)) => stream.send_reset(Reason::CANCEL),
                    Err(error) => return Some(error),
                }
                tokio::task::yield_now().await;
            }
            None
        })
    }

    /// Waits for the response's head.
    pub fn head(response: ResponseFuture) -> (u16, Http2Stream) {
        let response = in_time(response).expect("a response");
        (response.status().as_u16(), Http2Stream(response.into_body()))
    }

    /// Waits until the server has ended the connection without an error.
    pub fn ended(self) -> Result<(), Error> {
        let Http2 { sender, connection, .. } = self;
        drop(sender);
        in_time(connection).expect("no panic")
    }
}

impl Http2Stream {
    /// The next bytes of the body; `None` at its end.
    pub fn piece(&mut self) -> Option<Bytes> {
        let piece = in_time(self.0.data())?.expect("no error");
        self.0.flow_control().release_capacity(piece.len()).expect("a window");
        Some(piece)
    }
}

/// A frame as bytes (RFC 9113 section 4.1).
pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a short payload").to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// The header and the payload of the next frame; `None` at the end.
pub fn next(line: &mut Line) -> Option<(FrameHeader, Vec<u8>)> {
    let [high, middle, low, kind, flags, stream @ ..] = *line.take(9)?.first_chunk::<9>()?;
    let header = FrameHeader { kind, flags, stream: u32::from_be_bytes(stream) };
    Some((header, line.take(u32::from_be_bytes([0, high, middle, low]) as usize)?))
}

/// What comes of it, if that is soon enough.
fn in_time<F: Future>(future: F) -> F::Output {
    runtime().block_on(async { timeout(PATIENCE, future).await }).expect("in time")
}
