//! Who is called? A listener on this machine that writes down what it hears, and answers as it is told.

use std::collections::HashMap;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_rustls::TlsAcceptor;

/// How a call is answered.
#[derive(Clone)]
pub enum Answer {
    /// With these bytes.
    Say(&'static str),
    /// With these, again and again.
    SayForever(&'static str),
    /// With 200, but not before this.
    After(Arc<Notify>),
    /// Not at all.
    Never,
}

pub const OK: Answer = Answer::Say("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
pub const FAIL: Answer = Answer::Say("HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n");
pub const GONE: Answer = Answer::Say("HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n");

/// What was heard.
pub struct Heard {
    pub request: String,
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Heard {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// Somebody who listens.
pub struct Receiver {
    pub port: u16,
    heard: UnboundedReceiver<Heard>,
}

impl Receiver {
    /// Answers each call in turn as it is told, and all further ones as the last.
    pub async fn open(answers: Vec<Answer>) -> Receiver {
        Receiver::listen(answers, None).await
    }

    /// The same over TLS.
    pub async fn open_secure(answers: Vec<Answer>, tls: TlsAcceptor) -> Receiver {
        Receiver::listen(answers, Some(tls)).await
    }

    async fn listen(answers: Vec<Answer>, tls: Option<TlsAcceptor>) -> Receiver {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let (port, (tell, heard)) = (listener.local_addr().unwrap().port(), unbounded_channel());
        tokio::spawn(async move {
            for turn in 0.. {
                let (stream, _) = listener.accept().await.unwrap();
                let answer = answers.get(turn).or(answers.last()).unwrap().clone();
                match tls.clone() {
                    None => _ = tokio::spawn(serve(stream, answer, tell.clone())),
                    Some(tls) => {
                        let tell = tell.clone();
                        tokio::spawn(async move {
                            // Who does not trust us does not come further than this.
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, answer, tell).await;
                            }
                        });
                    }
                }
            }
        });
        Receiver { port, heard }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook?shop=1", self.port)
    }

    /// Waits for the next call.
    pub async fn hear(&mut self) -> Heard {
        self.heard.recv().await.unwrap()
    }

    /// How many calls were heard that nobody has waited for.
    pub fn unheard(&self) -> usize {
        self.heard.len()
    }
}

async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: Answer, tell: UnboundedSender<Heard>) {
    tell.send(read(&mut stream).await).unwrap_or_default();
    match answer {
        Answer::Say(bytes) => stream.write_all(bytes.as_bytes()).await.unwrap_or_default(),
        Answer::SayForever(bytes) => while stream.write_all(bytes.as_bytes()).await.is_ok() {},
        Answer::After(gate) => {
            gate.notified().await;
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap_or_default();
        }
        Answer::Never => std::future::pending().await,
    }
}

/// One request; the body by its Content-Length.
async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Heard {
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
    Heard { request: request.to_owned(), headers, body: String::from_utf8(bytes[end..].to_vec()).unwrap() }
}
