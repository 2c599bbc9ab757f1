//! What all addresses of the lab share: the server's config, the limits, and how a result or a refusal is sent.

use super::body::Call;
use crate::capture::TrafficCapture;
use crate::exercises::{Learners, OfLab};
use crate::report::microseconds;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use domain::access::{Credentials, Secret};
use domain::{Error, Reason, RequestContext, Sandbox, Shop};
use serde::Serialize;
use std::sync::{Arc, LazyLock};
use std::time::Instant;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wire::client::CallOptions;
use wire::connection::Failure;
use wire::{Adapter, Address, CallRequest, Refused, refusal};

/// The name of these addresses, as protocols have names.
pub const NAME: &str = "lab";
/// Comparisons and scenarios at the same time. Each is work without a pause, and disturbs the measurements of the others.
const COMPARISONS_MAX: usize = 2;
/// Clients that follow the events at the same time: each has a connection for every channel.
const FOLLOWERS_MAX: usize = 64;

/// The server's part of the lab.
pub struct LabConfig {
    /// The server's own address, as a client on this machine uses it.
    pub own: Address,
    /// Every style that it serves.
    pub styles: &'static [Adapter],
    /// The demo users.
    pub people: Vec<Person>,
    /// Credentials that may manage the temporary sandboxes of a locked shop.
    pub admin: Credentials,
    /// The page on which a browser tries a style out, if this build has one.
    pub explorer: fn(&str) -> Option<&'static str>,
    /// The live traffic, if the server captures it.
    pub capture: Option<Arc<TrafficCapture>>,
    /// The sandboxes that have their exercises on, if the server captures its traffic.
    pub learners: Option<Arc<Learners>>,
}

/// A user of the demo shop.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Person {
    /// The user's id.
    pub user_id: i32,
    /// The name.
    pub name: String,
    /// The user's role in the shop.
    pub role: &'static str,
    /// The address to log in with.
    pub email: String,
    /// The password, which is public.
    pub password: &'static str,
    /// The API key, which is public, too.
    pub api_key: String,
}

/// The lab of a server.
pub struct Lab {
    pub(super) config: LabConfig,
    comparisons: Arc<Semaphore>,
    followers: Arc<Semaphore>,
}

impl Lab {
    /// A lab with this config.
    pub fn new(config: LabConfig) -> Lab {
        let semaphore = |max| Arc::new(Semaphore::new(max));
        Lab { config, comparisons: semaphore(COMPARISONS_MAX), followers: semaphore(FOLLOWERS_MAX) }
    }

    /// Runs a comparison or a scenario in a task of its own, so that it deletes its sandboxes also when the client has gone.
    pub(super) async fn measure<T: 'static>(
        &self,
        work: impl Future<Output = Result<T, Failure>> + 'static,
    ) -> Result<T, Error> {
        let permit = self.comparison_permit()?;
        let task = actix_web::rt::spawn(async move {
            let result = work.await;
            drop(permit);
            result
        });
        task.await.map_err(|_| Error::internal())?.map_err(error_of)
    }

    fn comparison_permit(&self) -> Result<OwnedSemaphorePermit, Error> {
        permit(&self.comparisons, || format!("{COMPARISONS_MAX} comparisons are running already"))
    }

    /// A permit for one more follower.
    pub(super) fn follower_permit(&self) -> Result<OwnedSemaphorePermit, Error> {
        permit(&self.followers, || format!("{FOLLOWERS_MAX} clients follow the events already"))
    }

    /// The sandboxes that have their exercises on.
    pub(super) fn learners(&self) -> Result<&Learners, Error> {
        let missing = || Error::new(Reason::UnknownOperation, "this server does not capture its traffic");
        self.config.learners.as_deref().ok_or_else(missing)
    }

    /// The lab makes calls in the sandbox of a request: they do not count as exercises.
    pub(super) fn call_of_lab(&self, request: &HttpRequest) -> Option<OfLab> {
        let context = wire::request_context(request, NAME).ok()?;
        self.config.learners.as_deref()?.call_of_lab(&context.sandbox)
    }

    /// The server's own address, in the sandbox of a request.
    pub(super) fn address_for(&self, request: &HttpRequest) -> Address {
        let here = wire::base(request);
        here.sandbox().map_or_else(|| self.config.own.clone(), |name| self.config.own.in_sandbox(name))
    }
}

fn permit(semaphore: &Arc<Semaphore>, problem: impl Fn() -> String) -> Result<OwnedSemaphorePermit, Error> {
    semaphore.clone().try_acquire_owned().map_err(|_| Error::overloaded(problem()))
}

/// Refuses everybody but an admin of `main`: what concerns all sandboxes is there alone.
pub async fn authorize_instructor(context: &RequestContext, shop: &Shop) -> Result<(), Error> {
    if context.sandbox != Sandbox::main() {
        return Err(Error::new(Reason::NotAllowed, "all sandboxes are shown in main alone"));
    }
    shop.authorize_instructor(context).await
}

/// The call in a body, with the caller's credentials.
pub fn call_request(request: &HttpRequest, call: Call) -> Result<CallRequest, Error> {
    Ok(CallRequest::with_options(&call.operation, call.input, options(request, call.api_key)?))
}

/// The credentials of this API key, or else of the request.
pub fn options(request: &HttpRequest, api_key: Option<String>) -> Result<CallOptions, Error> {
    let credentials = match api_key {
        Some(key) => Credentials::ApiKey(Secret::new(key)),
        None => wire::request_context(request, NAME)?.credentials,
    };
    Ok(CallOptions { credentials, ..CallOptions::default() })
}

/// A moment by a clock that all addresses share, in microseconds.
pub fn clock_us(at: Instant) -> f64 {
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    // It begins at its first use, which may be after the moment.
    let begun = *BEGUN;
    if at < begun { -microseconds(begun - at) } else { microseconds(at - begun) }
}

/// A result as JSON, or a refusal with its status in REST.
pub fn respond(request: &HttpRequest, result: Result<impl Serialize, Error>) -> HttpResponse {
    match result.and_then(|document| serde_json::to_string(&document).map_err(|_| Error::internal())) {
        Ok(document) => HttpResponse::Ok().content_type("application/json").body(document),
        Err(error) => refuse(request, &error),
    }
}

/// A refusal with its status in REST. RFC 9110 section 15.5.2 asks for a challenge; it is never Basic here: for that, Chromium opens
/// its login dialog even for a `fetch` or an `EventSource` of the page.
pub fn refuse(request: &HttpRequest, error: &Error) -> HttpResponse {
    let Ok(context) = wire::request_context(request, NAME) else { return refusal::refusal(error) };
    let mut response = refusal::refused(&context, error);
    let challenges: Vec<_> = response.headers_mut().remove(header::WWW_AUTHENTICATE).collect();
    for challenge in challenges.into_iter().filter(|challenge| !challenge.as_bytes().starts_with(b"Basic")) {
        response.headers_mut().append(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// Why the server could not call itself: the shop's own refusal, or an internal error.
pub fn error_of(failure: Failure) -> Error {
    match failure {
        Failure::Refused(refused) => {
            let Refused { reason, message, errors, retry_after_ms, .. } = *refused;
            let reason = reason.as_deref().and_then(Reason::find).unwrap_or(Reason::Internal);
            let retry_after_ms = retry_after_ms.and_then(|ms| u32::try_from(ms).ok());
            Error { errors, retry_after_ms, ..Error::new(reason, message) }
        }
        Failure::Broken(_) | Failure::DecodeError(_) | Failure::Closed(..) => {
            tracing::error!("a comparison or a scenario has failed: {failure}");
            Error { message: "the measurement was interrupted".to_owned(), ..Error::internal() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_comparison_too_many_is_refused_at_once() {
        let lab = Lab::new(LabConfig {
            own: Address { tls: false, authority: "localhost".to_owned(), prefix: String::new() },
            styles: &[],
            people: Vec::new(),
            admin: Credentials::None,
            explorer: |_| None,
            capture: None,
            learners: None,
        });
        let mut permits: Vec<_> = (0..COMPARISONS_MAX).map(|_| lab.comparison_permit().unwrap()).collect();
        assert_eq!(lab.comparison_permit().unwrap_err().reason, Reason::Overloaded);
        permits.pop();
        assert!(lab.comparison_permit().is_ok());
    }

    #[test]
    fn a_refusal_is_passed_on_and_a_broken_connection_is_not_described() {
        let error = error_of(Failure::Broken("127.0.0.1:9: connection refused".to_owned()));
        assert_eq!((error.reason, error.message.as_str()), (Reason::Internal, "the measurement was interrupted"));
        let refusal = Error::overloaded("there are 500 sandboxes");
        let reply = wire::json::read_reply(wire::json::error_object(&refusal, true).as_bytes()).unwrap();
        assert_eq!(error_of(Failure::Refused(Box::new(wire::json::refused(&reply)))), refusal);
    }
}
