//! How does a lane hear news that nobody pushes? It asks again and again, at a beat or as soon as it was answered.

use super::lane::{End, Lane};
use super::{By, LONG_POLL_SECONDS, Subject, What};
use bytes::Bytes;
use domain::Value;
use domain::limits::PAGE_ITEMS_DEFAULT;
use http::header::{ETAG, HeaderName, HeaderValue, IF_NONE_MATCH};
use http::{Request, StatusCode, Uri};
use std::convert::Infallible;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};
use wire::client::{WireRequest, WireResponse};
use wire::{CallRequest, Outcome};

/// What says how long somebody would wait (RFC 7240 section 2).
const PREFER: HeaderName = HeaderName::from_static("prefer");

/// What was seen at an address, by its tag.
type Seen = Option<(Uri, HeaderValue)>;

/// What an answer was to the lane.
enum Answer {
    /// There is more to be had at once.
    More,
    /// There was news.
    News,
    /// There was none.
    Nothing,
}

impl Lane {
    /// Asks again and again.
    pub(super) async fn poll(&mut self) -> Result<Infallible, End> {
        let mut seen = None;
        self.connect(&WireRequest::Http(self.request(&self.question(), &seen)?)).await?;
        self.tell(What::Listens).await?;
        if let Subject::Order(..) = self.subject {
            sleep_until(self.next_beat()).await;
        }
        loop {
            let next_beat = self.next_beat();
            let answer = self.ask_once(&mut seen).await?;
            match (answer, self.way.by) {
                (Answer::More, _) | (Answer::News, By::Prefer | By::Wait) => {}
                // Whoever was kept waiting for long enough asks again at once: the beat is over.
                (Answer::News | Answer::Nothing, _) => sleep_until(next_beat).await,
            }
        }
    }

    /// Asks and takes what is answered.
    async fn ask_once(&mut self, seen: &mut Seen) -> Result<Answer, End> {
        let ask = self.question();
        let request = self.request(&ask, seen)?;
        let address = request.uri().clone();
        self.count(1);
        let response = self.line()?.fetch(request).await;
        let at = Instant::now();
        if self.count(0) == 0 && response.is_err() {
            // The connection had ended before: nothing was sent.
            self.spent().requests -= 1;
        }
        let response = response?;
        if response.status() == StatusCode::NOT_MODIFIED {
            return Ok(Answer::Nothing);
        }
        if let Some(tag) = response.headers().get(ETAG) {
            *seen = Some((address, tag.clone()));
        }
        let incoming = WireResponse::Http(response);
        let heard = self.way.style.client.decode(&ask, &incoming);
        match heard.map_err(|garbled| End::Broken(garbled.to_string()))? {
            Outcome::Reply(reply) => self.take_reply(reply, at, incoming.text()).await,
            Outcome::Refused(refused) => Err(refused.into()),
            Outcome::Event(_) | Outcome::Started | Outcome::Ended | Outcome::Control => {
                Err(End::Broken("the answer is none".to_owned()))
            }
        }
    }

    async fn take_reply(&mut self, reply: Value, at: Instant, raw: String) -> Result<Answer, End> {
        match &mut self.subject {
            Subject::Log(_) => self.take_page(&reply, at, &raw).await,
            Subject::Order(_, known) => {
                let status = reply.get("status").and_then(Value::as_text).unwrap_or_default();
                if status == known {
                    return Ok(Answer::Nothing);
                }
                *known = status.to_owned();
                self.tell(What::News(reply, at, raw)).await.map(|()| Answer::News)
            }
        }
    }

    async fn take_page(&mut self, page: &Value, at: Instant, raw: &str) -> Result<Answer, End> {
        let next = page.get("next").and_then(Value::int);
        let next = next.ok_or_else(|| End::Broken("a page of the log has no next".to_owned()))?;
        let items = page.get("items").map(Value::items).unwrap_or_default();
        for event in items {
            self.take(event.clone(), at, raw.to_owned()).await?;
        }
        // Where events of others were passed over, that is beyond the last of the items.
        self.subject = Subject::Log(next);
        Ok(match items.len() {
            0 => Answer::Nothing,
            full if full >= PAGE_ITEMS_DEFAULT as usize => Answer::More,
            _ => Answer::News,
        })
    }

    fn question(&self) -> CallRequest {
        match (&self.subject, self.way.by) {
            (Subject::Order(id, _), _) => self.ask("get_order", Value::object([("id", (*id).into())])),
            (Subject::Log(after), By::Wait) => {
                let wait = ("wait_seconds", i64::from(LONG_POLL_SECONDS).into());
                self.ask("list_events", Value::object([("after", (*after).into()), wait]))
            }
            (Subject::Log(after), By::Push | By::Poll | By::ConditionalPoll | By::Prefer) => {
                self.ask("list_events", Value::object([("after", (*after).into())]))
            }
        }
    }

    /// The question as a request, with what the way says beside it.
    fn request(&self, ask: &CallRequest, seen: &Seen) -> Result<Request<Bytes>, End> {
        let WireRequest::Http(mut request) = self.way.style.client.encode(ask) else {
            return Err(End::Broken(format!("{} is not asked over HTTP", self.way.style.title)));
        };
        let options = match (self.way.by, seen) {
            (By::Prefer, _) => HeaderValue::from_str(&format!("wait={LONG_POLL_SECONDS}")).ok().map(|it| (PREFER, it)),
            // Another address has other tags.
            (By::ConditionalPoll, Some((address, tag))) if address == request.uri() => {
                Some((IF_NONE_MATCH, tag.clone()))
            }
            (By::Push | By::Poll | By::ConditionalPoll | By::Wait, _) => None,
        };
        request.headers_mut().extend(options);
        Ok(request)
    }

    /// The next beat of the clock that all who look at the same thing share.
    fn next_beat(&self) -> Instant {
        let beat_ms = u128::from(self.pace.poll_ms.max(1));
        let next_ms = (self.begun.elapsed().as_millis() / beat_ms + 1) * beat_ms;
        self.begun + Duration::from_millis(u64::try_from(next_ms).unwrap_or(u64::MAX))
    }
}
