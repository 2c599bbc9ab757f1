//! Pages as HTML for people, and as JSON for programs: the problems, to which the `type` of a problem document leads, and the
//! deprecated addresses.

use crate::errors::{FURTHER, Refusal, code, document, problem};
use crate::routes::ROUTES;
use crate::{CHANGES, PATH};
use actix_web::http::header;
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, Handler, HttpRequest, HttpResponse};
use domain::operations::OPERATIONS;
use domain::time::Timestamp;
use domain::{Error, Reason};
use serde_json::{Value, json};
use wire::accept::wants_page;
use wire::refusal::not_allowed;

const STYLE: &str = include_str!("page.css");

pub fn mount(config: &mut ServiceConfig) {
    add(config, CHANGES, changes);
    add(config, "/problems", list);
    add(config, "/problems/{reason}", explain);
}

/// Adds a page, for GET and HEAD only.
fn add<A: FromRequest + 'static>(config: &mut ServiceConfig, path: &str, page: impl Handler<A, Output = HttpResponse>) {
    let resource = web::resource(path).route(web::get().to(page.clone())).route(web::head().to(page));
    config.service(resource.default_service(web::to(|request: HttpRequest| async move {
        not_allowed(&request, "GET, HEAD", |status, error| problem(&request, &Refusal::new(error, status)))
    })));
}

/// A page for clients that prefer one, else the same as JSON.
fn page_or_json(request: &HttpRequest, title: &str, page: &str, json: &Value) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((header::VARY, "Accept"));
    if !wants_page(request.headers()) {
        return response.content_type("application/json").body(json.to_string());
    }
    response.content_type("text/html; charset=utf-8").body(format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width\"/>\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n{page}</body>\n</html>\n"
    ))
}

/// `GET /rest/changes`: the deprecated addresses, to which their `Link` with relation `deprecation` leads (RFC 9745 section 3).
async fn changes(request: HttpRequest) -> HttpResponse {
    let (mut items, mut rows) = (Vec::new(), String::new());
    for (route, old) in ROUTES.iter().filter_map(|route| Some((route, route.old.as_ref()?))) {
        let (method, since, until) = (route.method.name(), Timestamp(old.since_seconds).to_string(), old.until);
        let (path, instead) = (format!("{PATH}{}", route.path), format!("{PATH}{}", old.instead));
        rows += &format!(
            "<dt><code>{method} {path}</code></dt><dd>deprecated at {since}, served until {until}; instead: \
             <code>{method} {instead}</code></dd>\n"
        );
        items.push(json!({
            "method": method, "path": path, "deprecated_at": since, "sunset": until, "instead": instead,
        }));
    }
    let page = format!(
        "<h1>Changes</h1>\n<p>Deprecated addresses still work for a while. Each of their responses has headers that say so: \
         <code>Deprecation</code> (since when), <code>Sunset</code> (until when) and <code>Link</code> (the successor).</p>\n<dl>\n{rows}</dl>\n"
    );
    page_or_json(&request, "Changes", &page, &json!({"items": items}))
}

/// `GET /problems`: all reasons.
async fn list(request: HttpRequest) -> HttpResponse {
    let row = |reason: &Reason| {
        let (word, meaning) = (reason.word(), reason.meaning());
        let address = wire::base(&request).http(&format!("/problems/{word}"));
        format!("<dt><a href=\"{address}\">{word}</a></dt><dd>{meaning}</dd>\n")
    };
    let rows: String = Reason::ALL.iter().map(row).collect();
    let page =
        format!("<h1>Problems</h1>\n<p>Each error has one code, the same in every style.</p>\n<dl>\n{rows}</dl>\n");
    let items: Vec<Value> = Reason::ALL.iter().map(|reason| explained(*reason)).collect();
    page_or_json(&request, "Problems", &page, &json!({"items": items}))
}

/// `GET /problems/{reason}`: the meaning of a problem's type, and what to do about it.
async fn explain(request: HttpRequest, word: web::Path<String>) -> HttpResponse {
    let Some(reason) = Reason::find(&word) else {
        let message = format!("there is no problem \"{}\"", domain::value::shown(&word));
        return problem(&request, &Error::new(Reason::UnknownOperation, message).into());
    };
    page_or_json(&request, reason.word(), &explanation(&request, reason), &explained(reason))
}

fn explained(reason: Reason) -> Value {
    json!({
        "reason": reason.word(), "kind": reason.kind().word(), "statuses": statuses(reason),
        "meaning": reason.meaning(), "advice": advice(reason), "operations": refused_by(reason),
    })
}

fn explanation(request: &HttpRequest, reason: Reason) -> String {
    let (word, meaning, kind, advice) = (reason.word(), reason.meaning(), reason.kind().word(), advice(reason));
    let statuses: Vec<String> = statuses(reason).iter().map(u16::to_string).collect();
    let statuses = statuses.join(", ");
    let operations = match refused_by(reason) {
        some if !some.is_empty() && some.len() < OPERATIONS.len() => {
            format!("<dt>Operations</dt><dd>{}</dd>\n", some.join(", "))
        }
        _ => String::new(),
    };
    let example = document(request, &Error::new(reason, "here is what went wrong in this request"), code(reason));
    let example: Value = serde_json::from_str(&example).unwrap_or_default();
    let escaped = wire::xml::escaped(&format!("{example:#}"));
    let problems = wire::base(request).http("/problems");
    format!(
        "<h1><code>{word}</code></h1>\n<p class=\"meaning\">{meaning}</p>\n<p>{advice}</p>\n\
         <dl>\n<dt>Kind</dt><dd>{kind}</dd>\n<dt>Status</dt><dd>{statuses}</dd>\n{operations}</dl>\n\
         <p>An example:</p>\n<pre>{escaped}</pre>\n<p><a href=\"{problems}\">All problems</a></p>\n"
    )
}

fn refused_by(reason: Reason) -> Vec<&'static str> {
    let refusing = OPERATIONS.iter().filter(|operation| operation.reasons().any(|other| other == reason));
    refusing.map(|operation| operation.name).collect()
}

/// The statuses of a reason: first the usual one, then the more specific ones.
fn statuses(reason: Reason) -> Vec<u16> {
    let further = FURTHER.iter().filter(|(_, of)| *of == reason).map(|(status, _)| *status);
    [code(reason)].into_iter().chain(further).map(|status| status.as_u16()).collect()
}

fn advice(reason: Reason) -> &'static str {
    match reason {
        Reason::Unreadable => "Check the syntax of the body, its Content-Type, and the media type in Accept.",
        Reason::UnknownOperation => "Check the address and the method: Allow lists the methods of an address.",
        Reason::TooLarge => "Send less at once: the detail has the limit.",
        Reason::InvalidInput => {
            "Each violation has a pointer to the member and the rule. Correct them all and try again."
        }
        Reason::CredentialsMissing => {
            "Send credentials: an API key, an email and a password, or a token. WWW-Authenticate lists the schemes."
        }
        Reason::CredentialsWrong => "Check the key, the password or the token, and send only one of them.",
        Reason::TokenExpired => "Log in again and use the new token.",
        Reason::NotAllowed => "Call as the owner of the resource, or as staff.",
        Reason::UserNotFound | Reason::ProductNotFound | Reason::OrderNotFound | Reason::WebhookNotFound => {
            "Check the id and the sandbox: each sandbox has its own data. Data of other customers is reported as not found."
        }
        Reason::EmailTaken => "Choose another email, or find the user who has it.",
        Reason::StaleVersion => {
            "Read the resource again, see what has changed, and repeat the change with the new version."
        }
        Reason::IdempotencyKeyReused => "Use a new key for each new command; only a repetition has the same key.",
        Reason::OutOfStock => "Order fewer pieces, or wait until there are more.",
        Reason::StatusNotAllowed => {
            "Read the order: its status goes along placed, paid, shipped, delivered, and only the first two can be cancelled."
        }
        Reason::CartIsEmpty => "Add a product to the cart first.",
        Reason::UserHasOrders => "Keep the user: every order needs its buyer.",
        Reason::CursorExpired => "Start again without a cursor: the events in between are no longer kept.",
        Reason::RateLimited => {
            "Wait as long as Retry-After says. Every response has the remaining operations in RateLimit."
        }
        Reason::Overloaded | Reason::Draining => {
            "Wait as long as Retry-After says and try again; with an Idempotency-Key, nothing is executed twice."
        }
        Reason::Internal => "The server failed. Try again, with an Idempotency-Key if it was a command.",
    }
}
