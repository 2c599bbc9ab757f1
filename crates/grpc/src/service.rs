//! From a request to its operation and back, in every form of the service.

use crate::errors::{Refusal, UNIMPLEMENTED, within};
use crate::messages::{Codec, Form, begin, form_of, refuse, refuse_as, respond, unary_get};
use crate::{CONTRACTS, NAME, PATH, SPELLING, contract, events, standard};
use actix_web::dev::RequestHead;
use actix_web::http::Version;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, guard};
use bytes::Bytes;
use domain::operations::{OPERATIONS, OperationKind};
use domain::{Error, Operation, Reason, RequestContext, Sandbox, Shop};
use std::collections::HashMap;
use std::sync::LazyLock;
use wire::compression::COMPRESS_MIN_BYTES;
use wire::conditional::caching;
use wire::content::Unread;
use wire::middleware::RequestStreams;
use wire::names::pascal;
use wire::rate_limit::add_rate_limit;
use wire::refusal::{add_challenges, not_allowed};

/// The sandbox, as a client says it that can't put it into the path.
const SANDBOX: &str = "x-sandbox";
/// What a sandbox's name stands before in an authority: `alice.localhost`.
const LOCAL_SUFFIX: &str = ".localhost";
/// The longest deadline in milliseconds; the protocol allows more digits than anyone waits.
const DEADLINE_MS_MAX: u64 = 24 * 60 * 60 * 1_000;

/// The operations by the names of their methods.
static METHODS: LazyLock<HashMap<String, &'static Operation>> =
    LazyLock::new(|| OPERATIONS.iter().map(|operation| (pascal(operation.name), *operation)).collect());

/// The operation with that method.
pub fn find(method: &str) -> Option<&'static Operation> {
    METHODS.get(method).copied()
}

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    CONTRACTS.iter().for_each(|contract| contract.mount(config));
    contract::mount(config);
    standard::mount(config);
    let method = web::resource(format!("{PATH}/{{method}}")).route(web::post().to(handle));
    let method = method.route(web::get().to(handle_get)).route(web::head().to(handle_get));
    config.service(method.default_service(web::to(wrong_method)));
    config.service(web::resource(PATH).route(web::to(no_method)));
    config.app_data(Data::new(RequestStreams(is_answered_early)));
    mount_rest(config);
}

/// Adds the route of what no service has, behind all others: a client of gRPC knows no 404.
fn mount_rest(config: &mut ServiceConfig) {
    let rest = web::resource("/{path:.*}").guard(guard::Post()).guard(guard::fn_guard(is_grpc));
    config.service(rest.route(web::to(unknown_service)));
}

/// A client may wait for an answer before it ends its request: reflection is a stream in both directions, and for what is not there the
/// head is enough. The version is checked before the media type, as this is asked of every request of every style.
fn is_answered_early(head: &RequestHead) -> bool {
    let path = head.uri.path();
    let is_method = || path.strip_prefix(PATH).and_then(|method| find(method.strip_prefix('/')?)).is_some();
    let is_unknown = || !is_method() && !standard::is_at(path);
    let is_grpc = || head.version == Version::HTTP_2 && Form::of(head.headers()) == Some(Form::Grpc);
    standard::is_streamed(path) || is_grpc() && is_unknown()
}

fn is_grpc(context: &guard::GuardContext<'_>) -> bool {
    matches!(Form::of(context.head().headers()), Some(Form::Grpc | Form::Web { .. }))
}

async fn handle(request: HttpRequest, shop: Data<Shop>, method: web::Path<String>) -> HttpResponse {
    let form = match form_of(&request) {
        Ok(form) => form,
        Err(response) => return *response,
    };
    handle_call(&request, &shop, form, || wire::body(&request), &method).await
}

/// Connect's GET, which is for methods without side effects.
async fn handle_get(request: HttpRequest, shop: Data<Shop>, method: web::Path<String>) -> HttpResponse {
    if !is_query(&method) {
        return wrong_method(request, method).await;
    }
    match unary_get::read(request.query_string()) {
        Ok((form, message)) => handle_call(&request, &shop, form, || Ok(message), &method).await,
        Err(refusal) => refuse(Form::Connect(Codec::Json), &refusal),
    }
}

/// The body is read last: a client may wait for a refusal before it sends one (RFC 9110 section 10.1.1).
async fn handle_call(
    request: &HttpRequest,
    shop: &Shop,
    form: Form,
    body: impl FnOnce() -> Result<Bytes, Unread>,
    method: &str,
) -> HttpResponse {
    let (context, answered) = match context_of(request) {
        Ok(context) => {
            let answered = match body() {
                Err(Unread { error, status: Some(status) }) if matches!(form, Form::Connect(_)) => {
                    return refuse_as(form, status, &error.into());
                }
                Err(unread) => Err(unread.error.into()),
                Ok(body) => answer(request, shop, &context, form, body, method).await,
            };
            (Some(context), answered)
        }
        Err(error) => (None, Err(error.into())),
    };
    let mut response = match answered {
        Ok(response) => response,
        Err(refusal) => {
            let mut response = refuse(form, &refusal);
            if let (Form::Connect(_), Some(context)) = (form, &context) {
                add_challenges(&mut response, context, &refusal.error);
            }
            response
        }
    };
    if let Some(context) = &context {
        add_rate_limit(&mut response, context);
    }
    response
}

/// Read, call, write.
async fn answer(
    request: &HttpRequest,
    shop: &Shop,
    context: &RequestContext,
    form: Form,
    body: Bytes,
    method: &str,
) -> Result<HttpResponse, Refusal> {
    let Some(operation) = find(method) else {
        return Err(shop.unknown_operation(context, method).await.into());
    };
    let is_stream = operation.kind == OperationKind::Stream;
    if is_stream && matches!(form, Form::Connect(_)) || !is_stream && matches!(form, Form::ConnectStream(_)) {
        let media_type = if is_stream { "application/connect+json" } else { "application/json" };
        let message = format!("Content-Type must be {media_type} for {method}, got \"{}\"", form.media_type());
        return Err(Error::unreadable(message).into());
    }
    let message = form.message(request.headers(), body)?;
    let deadline = deadline(request, form)?;
    let input = match form.input(&message, operation) {
        Ok(input) => input,
        Err(error) => return Err(shop.refuse(context, Some(operation), error.spelled(&SPELLING)).await.into()),
    };
    if is_stream {
        return events::stream(request, shop, context, form, input, deadline).await;
    }
    let reply = within(deadline, shop.execute(context, operation, input)).await??;
    // A simulated round trip or an injected delay, which is waited for when the response is sent.
    let delay = context.response.latency().map_or(0, |latency| latency.rtt_ms + latency.fault.delay_ms);
    if let Some(ms) = deadline.filter(|ms| u64::from(delay) > *ms) {
        return Err(Refusal::deadline_exceeded(ms));
    }
    let message = form.reply(operation, &reply);
    let is_gzip = form.accepts_gzip(request) && message.len() >= COMPRESS_MIN_BYTES;
    let mut response = begin(form, is_gzip);
    if request.method().is_safe() {
        response.insert_header((CACHE_CONTROL, caching(&context.credentials)));
    }
    Ok(respond(&mut response, form, form.frame(message, is_gzip), None))
}

/// The context of a request. The sandbox is that of the path, of `x-sandbox`, or of the authority.
fn context_of(request: &HttpRequest) -> Result<RequestContext, Error> {
    let mut context = wire::request_context(request, NAME)?.spelled(&SPELLING);
    if context.sandbox == Sandbox::main() {
        let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
        let host = || text("host")?.split(':').next()?.strip_suffix(LOCAL_SUFFIX);
        if let Some(name) = text(SANDBOX).or_else(host) {
            context.sandbox = wire::request::sandbox_named(name)?;
        }
    }
    Ok(context)
}

/// The deadline in milliseconds (gRPC over HTTP/2, "Requests": `grpc-timeout`; Connect: `connect-timeout-ms`).
fn deadline(request: &HttpRequest, form: Form) -> Result<Option<u64>, Error> {
    let text = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap_or("?"));
    let wrong = |name: &str, what: &str, text: &str| {
        Error::unreadable(format!("{name} must be {what}, got \"{}\"", domain::value::shown(text)))
    };
    if let Form::Connect(_) | Form::ConnectStream(_) = form {
        let Some(timeout) = text("connect-timeout-ms") else { return Ok(None) };
        let ms: Option<u64> = timeout.parse().ok().filter(|_| timeout.len() <= 10);
        return ms
            .map(|ms| Some(ms.min(DEADLINE_MS_MAX)))
            .ok_or_else(|| wrong("connect-timeout-ms", "a number of milliseconds", timeout));
    }
    let Some(timeout) = text("grpc-timeout") else { return Ok(None) };
    let parsed = timeout.split_at_checked(timeout.len().saturating_sub(1)).and_then(|(digits, unit)| {
        let number: u64 = digits.parse().ok().filter(|_| digits.len() <= 8 && !digits.starts_with('+'))?;
        Some(match unit {
            "H" => number * 3_600_000,
            "M" => number * 60_000,
            "S" => number * 1_000,
            "m" => number,
            "u" => number.div_ceil(1_000),
            "n" => number.div_ceil(1_000_000),
            _ => return None,
        })
    });
    let what = "up to 8 digits and a unit (H, M, S, m, u or n)";
    parsed.map(|ms| Some(ms.min(DEADLINE_MS_MAX))).ok_or_else(|| wrong("grpc-timeout", what, timeout))
}

/// Whether a method has no side effects.
fn is_query(method: &str) -> bool {
    find(method).is_some_and(|operation| operation.kind == OperationKind::Query)
}

async fn wrong_method(request: HttpRequest, method: web::Path<String>) -> HttpResponse {
    let allowed = if is_query(&method) { "GET, HEAD, POST" } else { "POST" };
    not_allowed(&request, allowed, |status, error| refuse_as(Form::Connect(Codec::Json), status, &error.into()))
}

/// The address of the service alone.
async fn no_method(request: HttpRequest) -> HttpResponse {
    let message = format!("the address has no method; use {PATH}/GetUser; {} lists all", contract::PROTO_PATH);
    let refusal = Refusal::from(Error::new(Reason::UnknownOperation, message));
    refuse(form_of(&request).unwrap_or(Form::Connect(Codec::Json)), &refusal)
}

/// A call of a service that is not there.
async fn unknown_service(request: HttpRequest) -> HttpResponse {
    let form = match form_of(&request) {
        Ok(form) => form,
        Err(response) => return *response,
    };
    let shown = domain::value::shown(request.path());
    let message = format!("there is no method at {shown}; use {PATH}/GetUser; {} lists all", contract::PROTO_PATH);
    refuse(form, &Refusal { code: UNIMPLEMENTED, error: Error::new(Reason::UnknownOperation, message) })
}
