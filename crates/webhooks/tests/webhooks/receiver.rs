//! An HTTP receiver on this machine that records requests and returns prepared responses.

use std::collections::HashMap;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_rustls::TlsAcceptor;

/// How the receiver responds.
#[derive(Clone)]
pub enum Response {
    /// These bytes.
    Bytes(&'static str),
    /// These bytes, repeated without end.
    Endless(&'static str),
    /// 200, after this notification.
    After(Arc<Notify>),
    /// No response.
    Never,
}

pub const OK: Response = Response::Bytes("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
pub const FAIL: Response = Response::Bytes("HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n");
pub const GONE: Response = Response::Bytes("HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n");

/// A request that the receiver recorded.
pub struct ReceivedRequest {
    pub request: String,
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl ReceivedRequest {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// A listener and its recorded requests.
pub struct Receiver {
    pub port: u16,
    received: UnboundedReceiver<ReceivedRequest>,
}

impl Receiver {
    /// Responds to each request with the next response, and to all further ones with the last.
    pub async fn open(responses: Vec<Response>) -> Receiver {
        Receiver::listen(responses, None).await
    }

    /// The same over TLS.
    pub async fn open_secure(responses: Vec<Response>, tls: TlsAcceptor) -> Receiver {
        Receiver::listen(responses, Some(tls)).await
    }

    async fn listen(responses: Vec<Response>, tls: Option<TlsAcceptor>) -> Receiver {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let (port, (sender, received)) = (listener.local_addr().unwrap().port(), unbounded_channel());
        tokio::spawn(async move {
            for turn in 0.. {
                let (stream, _) = listener.accept().await.unwrap();
                let response = responses.get(turn).or(responses.last()).unwrap().clone();
                match tls.clone() {
                    None => _ = tokio::spawn(serve(stream, response, sender.clone())),
                    Some(tls) => {
                        let sender = sender.clone();
                        tokio::spawn(async move {
                            // A client that does not trust the certificate ends here.
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, response, sender).await;
                            }
                        });
                    }
                }
            }
        });
        Receiver { port, received }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook?shop=1", self.port)
    }

    /// Waits for the next request.
    pub async fn next_request(&mut self) -> ReceivedRequest {
        self.received.recv().await.unwrap()
    }

    /// Number of recorded requests that no test has read.
    pub fn unread(&self) -> usize {
        self.received.len()
    }
}

async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    response: Response,
    sender: UnboundedSender<ReceivedRequest>,
) {
    sender.send(read(&mut stream).await).unwrap_or_default();
    match response {
        Response::Bytes(bytes) => stream.write_all(bytes.as_bytes()).await.unwrap_or_default(),
        Response::Endless(bytes) => while stream.write_all(bytes.as_bytes()).await.is_ok() {},
        Response::After(gate) => {
            gate.notified().await;
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap_or_default();
        }
        Response::Never => std::future::pending().await,
    }
}

/// One request; the body by its Content-Length.
async fn read(stream: &mut (impl AsyncRead + Unpin)) -> ReceivedRequest {
    let mut bytes = Vec::new();
    let end = loop {
        assert_ne!(stream.read_buf(&mut bytes).await.unwrap(), 0, "the request is whole");
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let (request, lines) = head.split_once("\r\n").unwrap();
    let headers: HashMap<_, _> = lines.lines().filter_map(|line| line.split_once(": ")).collect();
    let length: usize = headers["content-length"].parse().unwrap();
    while bytes.len() < end + length {
        assert_ne!(stream.read_buf(&mut bytes).await.unwrap(), 0, "the request is whole");
    }
    let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    ReceivedRequest { request: request.to_owned(), headers, body: String::from_utf8(bytes[end..].to_vec()).unwrap() }
}
