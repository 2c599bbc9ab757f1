//! The pages to which the `type` of a problem leads: HTML for people, the same as JSON for programs.

use super::{Refusal, code, document, problem};
use crate::forms::wants_page;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, Resource, web};
use domain::operations::OPERATIONS;
use domain::{Error, Reason};
use serde_json::{Value, json};
use std::fmt::Write;

const STYLE: &str = include_str!("page.css");

/// A resource for GET and HEAD only.
pub fn read_only(path: &str) -> Resource {
    web::resource(path).default_service(web::to(|request: HttpRequest| async move {
        wire::refusal::not_allowed(&request, "GET, HEAD", |status, error| {
            problem(&request, &Refusal::new(error, status))
        })
    }))
}

/// A page for clients that prefer one, else the same as JSON.
pub fn page_or_json(request: &HttpRequest, title: &str, page: impl FnOnce() -> String, json: &Value) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((header::VARY, "Accept"));
    if !wants_page(request.headers()) {
        return response.content_type("application/json").body(json.to_string());
    }
    response.content_type("text/html; charset=utf-8").body(format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width\"/>\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n{}</body>\n</html>\n",
        page()
    ))
}

/// `GET /problems`: all reasons.
pub async fn list(request: HttpRequest) -> HttpResponse {
    let base = wire::base(&request);
    let rows: Vec<Value> = Reason::ALL.iter().map(|reason| row(*reason)).collect();
    let page = || {
        let mut page = "<h1>Problems</h1>\n<p>Each error has one code, the same in every style.</p>\n<dl>\n".to_owned();
        for reason in Reason::ALL {
            let (word, meaning) = (reason.word(), reason.meaning());
            let address = base.http(&format!("/problems/{word}"));
            // Writing to a String can't fail, so its result is ignored in this file.
            let _ = writeln!(page, "<dt><a href=\"{address}\">{word}</a></dt><dd>{meaning}</dd>");
        }
        page.push_str("</dl>\n");
        page
    };
    page_or_json(&request, "Problems", page, &json!({"items": rows}))
}

/// `GET /problems/{reason}`: the meaning of a problem's type, and what to do about it.
pub async fn explain(request: HttpRequest, word: web::Path<String>) -> HttpResponse {
    let Some(reason) = Reason::find(&word) else {
        let message = format!("there is no problem \"{}\"", domain::value::shown(&word));
        return problem(&request, &Error::new(Reason::UnknownOperation, message).into());
    };
    page_or_json(&request, reason.word(), || page(&request, reason), &row(reason))
}

fn row(reason: Reason) -> Value {
    json!({
        "reason": reason.word(), "kind": reason.kind().word(), "statuses": statuses(reason),
        "meaning": reason.meaning(), "advice": advice(reason), "operations": refused_by(reason),
    })
}

fn page(request: &HttpRequest, reason: Reason) -> String {
    let statuses: Vec<String> = statuses(reason).iter().map(u16::to_string).collect();
    let (word, kind, statuses) = (reason.word(), reason.kind().word(), statuses.join(", "));
    let mut page = format!(
        "<h1><code>{word}</code></h1>\n<p class=\"meaning\">{}</p>\n<p>{}</p>\n\
         <dl>\n<dt>Kind</dt><dd>{kind}</dd>\n<dt>Status</dt><dd>{statuses}</dd>\n",
        reason.meaning(),
        advice(reason)
    );
    let operations = refused_by(reason);
    if operations.len() < OPERATIONS.len() && !operations.is_empty() {
        let _ = writeln!(page, "<dt>Operations</dt><dd>{}</dd>", operations.join(", "));
    }
    let example = document(request, &Error::new(reason, "here is what went wrong in this request"), code(reason));
    let _ = writeln!(page, "</dl>\n<p>An example:</p>\n<pre>{}</pre>", shown(&example));
    let _ = writeln!(page, "<p><a href=\"{}\">All problems</a></p>", wire::base(request).http("/problems"));
    page
}

/// JSON in a page.
fn shown(document: &str) -> String {
    let value: Value = serde_json::from_str(document).unwrap_or_default();
    let mut out = String::new();
    wire::xml::text(&mut out, &format!("{value:#}"));
    out
}

/// The operations that can refuse for that reason.
fn refused_by(reason: Reason) -> Vec<&'static str> {
    let refusing = OPERATIONS.iter().filter(|operation| operation.reasons().any(|other| other == reason));
    refusing.map(|operation| operation.name).collect()
}

/// The more specific statuses, with their reasons.
pub const FURTHER: &[(StatusCode, Reason)] = &[
    (StatusCode::METHOD_NOT_ALLOWED, Reason::UnknownOperation),
    (StatusCode::NOT_ACCEPTABLE, Reason::Unreadable),
    (StatusCode::PRECONDITION_FAILED, Reason::StaleVersion),
    (StatusCode::URI_TOO_LONG, Reason::TooLarge),
    (StatusCode::UNSUPPORTED_MEDIA_TYPE, Reason::Unreadable),
    (StatusCode::PRECONDITION_REQUIRED, Reason::InvalidInput),
    (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, Reason::TooLarge),
];

/// The statuses of a reason: first the usual one, then the more specific ones.
fn statuses(reason: Reason) -> Vec<u16> {
    let further = FURTHER.iter().filter(|(_, of)| *of == reason).map(|(status, _)| *status);
    [code(reason)].into_iter().chain(further).map(|status| status.as_u16()).collect()
}

/// What to do about it, in a sentence or two.
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
