//! `GET /lab/wire`: the live traffic of a sandbox as server-sent events; `GET /lab/wire/{id}`: one whole exchange. With
//! `?sandboxes=all`, an admin of `main` sees that of all sandboxes.

use super::lab::{Lab, NAME, authorize_instructor, refuse, respond};
use crate::capture::{Delivery, Subscription, View};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::sandbox::Access;
use domain::{Error, Reason, RequestContext, Shop};
use wire::event_stream::{Blocks, event_stream};
use wire::refusal::nothing_at;

pub async fn watch(request: HttpRequest, shop: Data<Shop>, lab: Data<Lab>) -> HttpResponse {
    let traffic = async {
        let (context, view) = authorized(&request, &shop).await?;
        let capture = lab.config.capture.as_ref();
        let capture =
            capture.ok_or_else(|| Error::new(Reason::UnknownOperation, "this server does not capture its traffic"))?;
        let subscription = capture.subscribe(view)?;
        let was_open = shop.settings(&context).access == Access::Open;
        Ok::<_, Error>(Traffic { subscription, shop: shop.get_ref().clone(), context, was_open })
    };
    match traffic.await {
        Ok(traffic) => event_stream(&request, traffic),
        Err(error) => refuse(&request, &error),
    }
}

pub async fn open(request: HttpRequest, id: Path<String>, shop: Data<Shop>, lab: Data<Lab>) -> HttpResponse {
    let (_, view) = match authorized(&request, &shop).await {
        Ok(authorized) => authorized,
        Err(error) => return refuse(&request, &error),
    };
    let found = lab.config.capture.as_ref().zip(id.parse().ok());
    let found = found.and_then(|(capture, id)| capture.find(&view, id));
    found.map_or_else(|| nothing_at(&request, &[]), |exchange| respond(&request, Ok(&*exchange)))
}

/// What a caller may see. Callers who may manage a sandbox may see its traffic: every caller in an open one, an admin in a locked
/// one. Only an admin of `main` may see all.
async fn authorized(request: &HttpRequest, shop: &Shop) -> Result<(RequestContext, View), Error> {
    let context = wire::request_context(request, NAME)?;
    if request.query_string() != ALL {
        shop.authorize_admin(&context).await?;
        let view = Some(context.sandbox.clone());
        return Ok((context, view));
    }
    authorize_instructor(&context, shop).await?;
    Ok((context, None))
}

/// The query that asks for the traffic of all sandboxes.
const ALL: &str = "sandboxes=all";

struct Traffic {
    subscription: Subscription,
    shop: Shop,
    context: RequestContext,
    /// Whether the sandbox was open when the stream began.
    was_open: bool,
}

impl Blocks for Traffic {
    fn first(&self) -> String {
        "\n".to_owned()
    }

    async fn next(&mut self) -> Option<Result<String, Error>> {
        Some(Ok(match self.subscription.next().await? {
            Delivery::Exchange(exchange) => format!("event: exchange\ndata: {exchange}\n\n"),
            Delivery::Missed(count) => format!("event: missed\ndata: {{\"count\":{count}}}\n\n"),
        }))
    }

    fn check(&self) -> Result<(), Error> {
        // A caller of the open sandbox may not watch on once it is locked.
        if self.was_open && self.shop.settings(&self.context).access == Access::Locked {
            let message = "the sandbox has been locked; connect again as an admin";
            return Err(Error::new(Reason::CredentialsMissing, message));
        }
        Ok(())
    }
}
