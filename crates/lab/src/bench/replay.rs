//! A connection that sends the recorded bytes of a call again and again, and reads no more of an answer than where it ends.

use super::script::{Script, whole_answer};
use crate::report::ByteCount;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use wire::connection::{Failure, broken};
use wire::http2;
use wire::limits::{REPLY_BYTES_MAX, REPLY_TIMEOUT_MS};
use wire::measure::{split_frames, split_http};
use wire::recorder::RecordedKind;
use wire::{Address, Refused};

/// Characters of an unexpected answer that are shown.
const SHOWN_CHARS_MAX: usize = 400;
/// A control frame of a WebSocket that answers a ping: final, masked with zeros (RFC 6455 section 5.5.3).
const PONG: u8 = 0x8a;

/// An open connection.
pub struct Replay {
    stream: TcpStream,
    script: Arc<Script>,
    /// What was received and is not read yet.
    received: Vec<u8>,
    /// Calls that were made.
    calls: u32,
    bytes: ByteCount,
}

impl Replay {
    /// Connects, and sends what opens the connection. Over HTTP/2 the first call follows without waiting (RFC 9113 section 3.4).
    pub async fn open(address: &Address, script: &Arc<Script>) -> Result<Replay, Failure> {
        let dial = address.dial();
        let stream = TcpStream::connect(&dial).await.map_err(|error| broken(format!("{dial}: {error}")))?;
        stream.set_nodelay(true).map_err(broken)?;
        let (script, bytes) = (script.clone(), ByteCount::default());
        let mut replay = Replay { stream, script, received: Vec::new(), calls: 0, bytes };
        replay.handshake().await?;
        Ok(replay)
    }

    async fn handshake(&mut self) -> Result<(), Failure> {
        let script = self.script.clone();
        match script.kind {
            RecordedKind::Http1 => {}
            RecordedKind::Http2 => self.send(&script.opening).await?,
            RecordedKind::WebSocket => {
                self.send(&script.opening).await?;
                let head = |bytes: &[u8]| split_http(bytes).0.first().map(|message| message.head.len());
                self.receive(head).await?;
                let (messages, answers) = &script.greeting;
                if *answers > 0 {
                    self.send(messages).await?;
                    let all = |bytes: &[u8]| {
                        let frames = split_frames(bytes).0;
                        (frames.iter().filter(|frame| frame.is_whole).count() == *answers).then_some(bytes.len())
                    };
                    self.receive(all).await?;
                }
            }
        }
        Ok(())
    }

    /// Makes the call. An answer that is not like the recorded one is an error.
    pub async fn call(&mut self) -> Result<(), Failure> {
        let script = self.script.clone();
        self.send(&script.request(self.calls)).await?;
        self.calls += 1;
        let mut answer = None;
        let bytes = self
            .receive(|bytes| {
                answer = whole_answer(script.kind, bytes);
                answer.is_some().then_some(bytes.len())
            })
            .await?;
        self.answer_pings(&bytes).await?;
        match answer {
            Some(answer) if script.accepts(&answer) => Ok(()),
            _ => Err(unexpected(&bytes)),
        }
    }

    /// The bytes since they were last taken.
    pub fn take_bytes(&mut self) -> ByteCount {
        std::mem::take(&mut self.bytes)
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.bytes.sent += bytes.len() as u64;
        self.stream.write_all(bytes).await.map_err(broken)
    }

    /// Receives until the end is found, and takes the bytes up to there.
    async fn receive(&mut self, mut end: impl FnMut(&[u8]) -> Option<usize>) -> Result<Vec<u8>, Failure> {
        loop {
            if let Some(end) = end(&self.received).filter(|_| !self.received.is_empty()) {
                let rest = self.received.split_off(end);
                return Ok(std::mem::replace(&mut self.received, rest));
            }
            let read = timeout(Duration::from_millis(REPLY_TIMEOUT_MS), self.stream.read_buf(&mut self.received)).await;
            let count = read.map_err(|_| broken("no answer came in time"))?.map_err(broken)?;
            self.bytes.received += count as u64;
            if count == 0 || self.received.len() > REPLY_BYTES_MAX {
                return Err(broken("the server closed the connection, or its answer is too long"));
            }
        }
    }

    /// The server closes connections that do not answer its heartbeat.
    async fn answer_pings(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let mut pongs = Vec::new();
        match self.script.kind {
            RecordedKind::Http1 => {}
            RecordedKind::Http2 => {
                let frames = http2::split(bytes).frames;
                pongs.extend(frames.iter().filter_map(http2::Frame::pong).flatten());
            }
            RecordedKind::WebSocket => {
                for ping in split_frames(bytes).0.iter().filter(|frame| frame.opcode() == 9) {
                    pongs.extend([PONG, 0x80 | ping.payload.len() as u8, 0, 0, 0, 0]);
                    pongs.extend_from_slice(ping.payload);
                }
            }
        }
        if pongs.is_empty() { Ok(()) } else { self.send(&pongs).await }
    }
}

/// The call was refused while it was measured.
fn unexpected(bytes: &[u8]) -> Failure {
    let text: String = String::from_utf8_lossy(bytes).chars().take(SHOWN_CHARS_MAX).collect();
    let message = format!("an answer is not like the first one, so there are no numbers:\n{text}");
    Failure::Refused(Box::new(Refused { code: "while measuring".to_owned(), message, ..Refused::default() }))
}
