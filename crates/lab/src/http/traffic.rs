//! How does somebody look at the traffic? As server-sent events, a line for each exchange, and each exchange to be opened by its
//! number.

use super::stream::{Blocks, stream};
use super::{Lab, NAME, answer, refused};
use crate::capture::{Heard, Look};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::sandbox::Access;
use domain::{Error, Reason, RequestContext, Shop};
use std::time::Duration;
use tokio::time::{Interval, interval};
use wire::limits::SSE_RETRY_MS;
use wire::refusal::nothing_at;
use wire::shutdown::Shutdown;
use wire::socket::SocketConfig;

/// `GET /lab/wire`
pub async fn watch(request: HttpRequest, shop: Data<Shop>, lab: Data<Lab>, drain: Data<Shutdown>) -> HttpResponse {
    let looking = async {
        let meta = let_in(&request, &shop).await?;
        let tap = lab
            .setting
            .tap
            .as_ref()
            .ok_or_else(|| Error::new(Reason::UnknownOperation, "nobody looks at the wire here"))?;
        let look = tap.look(meta.sandbox.clone())?;
        let is_open = shop.settings(&meta).access == Access::Open;
        let beats = interval(Duration::from_millis(SocketConfig::of(&request).heartbeat_ms.max(1)));
        let (shop, drain) = (shop.get_ref().clone(), drain.get_ref().clone());
        Ok::<_, Error>(Looking { look, shop, meta, is_open, beats, drain })
    };
    looking.await.map_or_else(|error| refused(&request, &error), stream)
}

/// `GET /lab/wire/{id}`
pub async fn open(request: HttpRequest, id: Path<String>, shop: Data<Shop>, lab: Data<Lab>) -> HttpResponse {
    let meta = match let_in(&request, &shop).await {
        Ok(meta) => meta,
        Err(error) => return refused(&request, &error),
    };
    let found = lab.setting.tap.as_ref().zip(id.parse().ok()).and_then(|(tap, id)| tap.find(&meta.sandbox, id));
    found.map_or_else(|| nothing_at(&request), |exchange| answer(&request, Ok(exchange)))
}

/// Who may set up a sandbox may look at what goes on there: in an open one everybody, in a locked one an admin.
async fn let_in(request: &HttpRequest, shop: &Shop) -> Result<RequestContext, Error> {
    let meta = wire::request_context(request, NAME)?;
    shop.authorize_admin(&meta).await?;
    Ok(meta)
}

/// Somebody who looks.
struct Looking {
    look: Look,
    shop: Shop,
    meta: RequestContext,
    /// Whether the sandbox was open when it began.
    is_open: bool,
    beats: Interval,
    drain: Shutdown,
}

impl Blocks for Looking {
    fn first(&mut self) -> String {
        // The first beat is at once, and this block is one already.
        self.beats.reset();
        format!("retry: {SSE_RETRY_MS}\n\n")
    }

    async fn next(&mut self) -> Option<Result<String, Error>> {
        let block = tokio::select! {
            biased;
            () = self.drain.begun() => return Some(Err(Error::new(Reason::Draining, "the server is shutting down"))),
            heard = self.look.next() => match heard? {
                Heard::Exchange(exchange) => format!("event: exchange\ndata: {exchange}\n\n"),
                Heard::Missed(count) => format!("event: missed\ndata: {{\"count\":{count}}}\n\n"),
            },
            _ = self.beats.tick() => ": still here\n\n".to_owned(),
        };
        // Who came in while it was open may not look on once it is locked.
        if self.is_open && self.shop.settings(&self.meta).access == Access::Locked {
            let why = "the sandbox has been locked; look again as an admin";
            return Some(Err(Error::new(Reason::CredentialsMissing, why)));
        }
        Some(Ok(block))
    }
}
