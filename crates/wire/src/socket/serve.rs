//! The session loop of a WebSocket whose messages are calls and event streams, whatever their grammar.

use super::streams::{StreamId, Streams};
use super::{Heartbeat, Session, SocketClose, SocketConfig, SocketInput, Tick, UpgradeError};
use super::{accept, answer, only_text, ping, pong, send};
use crate::control::ConnectionControl;
use crate::latency::connected;
use crate::limits::SOCKET_CALLS_MAX;
use crate::shutdown::Shutdown;
use crate::socket::SendError;
use actix_web::{HttpRequest, HttpResponse, web};
use actix_ws::{AggregatedMessageStream, CloseReason};
use domain::faults::ResponseFault;
use domain::{RequestContext, Shop};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use std::sync::Arc;

/// The server half of a style that speaks over a WebSocket.
pub trait SocketProtocol: 'static {
    /// What names a stream.
    type StreamId: StreamId;
    /// A call that was read and not yet executed.
    type Call: 'static;
    /// What comes of a call.
    type Outcome: 'static;

    /// Reads a message.
    fn receive(&mut self, text: String, streams: Streams<Self::StreamId>) -> Received<Self::Call>;

    /// Executes a call, and takes as long as its reply shall take. Several calls are executed at the same time.
    fn execute(call: Self::Call) -> impl Future<Output = Self::Outcome> + 'static;

    /// The reply to a call that was executed, with what the call changes about the socket.
    fn reply(&mut self, outcome: Self::Outcome, streams: &Streams<Self::StreamId>) -> SocketReply;

    /// Why the socket must close after what has been sent; most never must.
    fn must_close(&self) -> Option<CloseReason> {
        None
    }
}

/// What follows from a message.
pub enum Received<Call> {
    /// A call.
    Call(Call),
    /// Nothing to execute: these are the replies.
    Replies(Vec<String>),
    /// The message ends the socket.
    Close(CloseReason),
}

/// The reply to a call.
pub struct SocketReply {
    /// The message; none, if the call wants no reply.
    pub text: Option<String>,
    /// How much of the message is sent.
    pub fault: ResponseFault,
}

/// Accepts a WebSocket (see [`accept`]) and serves it until either end closes it.
pub fn serve<P: SocketProtocol>(
    request: &HttpRequest,
    payload: web::Payload,
    (shop, context): (&Shop, &RequestContext),
    subprotocols: &[&str],
    protocol: P,
) -> Result<HttpResponse, UpgradeError> {
    let (config, access) = (SocketConfig::of(request), shop.settings(context).access);
    let (response, session, messages) = accept(request, payload, subprotocols, &config, access)?;
    let control = request.conn_data::<Arc<ConnectionControl>>().cloned();
    let (heartbeat, shutdown) = (Heartbeat::new(config.heartbeat_ms), Shutdown::of(request));
    let (shop, context) = (shop.clone(), context.clone());
    let socket = Socket { protocol, session, control, streams: Streams::default() };
    actix_web::rt::spawn(async move {
        connected(&shop, &context).await;
        socket.run(messages, heartbeat, shutdown).await;
    });
    Ok(response)
}

struct Socket<P: SocketProtocol> {
    protocol: P,
    session: Session,
    control: Option<Arc<ConnectionControl>>,
    streams: Streams<P::StreamId>,
}

impl<P: SocketProtocol> Socket<P> {
    async fn run(mut self, mut messages: AggregatedMessageStream, mut heartbeat: Heartbeat, shutdown: Shutdown) {
        let (mut calls, mut last_call) = (FuturesUnordered::new(), 0);
        let mut close = loop {
            // An event that cannot be sent has not reached the client, so it resumes before that event.
            let resume = self.streams.cursor();
            let sent = tokio::select! {
                // At the limit further messages wait unread: the client feels it as back pressure.
                message = messages.next(), if calls.len() < SOCKET_CALLS_MAX => match heartbeat.receive(message) {
                    SocketInput::Text(text) => {
                        last_call += 1;
                        match self.protocol.receive(text, self.streams.for_call(last_call)) {
                            Received::Call(call) => {
                                calls.push(numbered(last_call, P::execute(call)));
                                Ok(())
                            }
                            Received::Replies(texts) => self.send_all(texts).await,
                            Received::Close(reason) => break SocketClose::now(Some(reason)),
                        }
                    }
                    SocketInput::Binary(_) => break only_text(),
                    SocketInput::Ping(payload) => pong(&mut self.session, &payload).await,
                    SocketInput::Nothing => Ok(()),
                    SocketInput::End(close) => break close,
                },
                Some((call, outcome)) = calls.next(), if !calls.is_empty() => self.reply(call, outcome).await,
                message = self.streams.next() => send(&mut self.session, message).await,
                tick = heartbeat.next_tick() => match tick {
                    Tick::Silent => break SocketClose::unread(self.streams.cursor()),
                    Tick::Ping => self.ping().await,
                },
                () = shutdown.started() => break SocketClose::drained(self.streams.cursor()),
            };
            if let Err(unsent) = sent {
                break SocketClose::after(unsent, resume);
            }
            if let Some(reason) = self.protocol.must_close() {
                break SocketClose::now(Some(reason));
            }
        };
        while close.answers_first
            && let Some((call, outcome)) = calls.next().await
        {
            if let Err(unsent) = self.reply(call, outcome).await {
                close = SocketClose::after(unsent, self.streams.cursor());
            }
        }
        // Sending the close may take a while; no stream shall run until then.
        self.streams.stop_all();
        close.send(self.session).await;
        // A call that was received is executed, even if its reply can no longer be sent.
        calls.for_each(async |_| {}).await;
    }

    async fn reply(&mut self, call: u64, outcome: P::Outcome) -> Result<(), SendError> {
        let SocketReply { text, fault } = self.protocol.reply(outcome, &self.streams);
        if let Some(text) = text {
            answer(&mut self.session, text, fault, self.control.as_deref()).await?;
        }
        self.streams.confirm(call);
        Ok(())
    }

    async fn ping(&mut self) -> Result<(), SendError> {
        ping(&mut self.session).await?;
        self.send_all(self.streams.heartbeats()).await
    }

    async fn send_all(&mut self, texts: Vec<String>) -> Result<(), SendError> {
        for text in texts {
            send(&mut self.session, text).await?;
        }
        Ok(())
    }
}

/// A call with its number, by which [`Streams`] knows what it has started.
async fn numbered<T>(call: u64, outcome: impl Future<Output = T>) -> (u64, T) {
    (call, outcome.await)
}
