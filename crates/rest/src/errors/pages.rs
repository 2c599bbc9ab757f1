//! The pages to which the `type` of a problem leads: HTML for people, the same as JSON for programs.

use super::{Refusal, code, document, problem};
use crate::headers::accept::wants_page;
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
        let mut page =
            "<h1>Problems</h1>\n<p>One mistake has one word, the same in every style.</p>\n<dl>\n".to_owned();
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
        let message = format!("no problem is called \"{}\"", domain::value::shown(&word));
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
        let _ = writeln!(page, "<dt>Said by</dt><dd>{}</dd>", operations.join(", "));
    }
    let example = document(request, &Error::new(reason, "here it says what went wrong this time"), code(reason));
    let _ = writeln!(page, "</dl>\n<p>It looks like this:</p>\n<pre>{}</pre>", shown(&example));
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
        Reason::Unreadable => "Check the syntax of the body, its Content-Type, and which form Accept asks for.",
        Reason::UnknownOperation => "Check the address and the method: Allow says which methods there are.",
        Reason::TooLarge => "Send less at once: the detail says how much is read.",
        Reason::InvalidInput => {
            "Each violation has a pointer to the member and says what may stand there. Mend them all and try again."
        }
        Reason::CredentialsMissing => {
            "Say who you are: by an API key, by email and password, or by a token. WWW-Authenticate says how."
        }
        Reason::CredentialsWrong => "Check the key, the password or the token, and send just one of them.",
        Reason::TokenExpired => "Log in again, and go on with the new token.",
        Reason::NotAllowed => "Ask as somebody who may: the owner of the thing, or the staff.",
        Reason::UserNotFound | Reason::ProductNotFound | Reason::OrderNotFound | Reason::WebhookNotFound => {
            "Check the id, and the sandbox: each has things of its own. What one may not see is not there either."
        }
        Reason::EmailTaken => "Choose another address, or find the user who has it.",
        Reason::StaleVersion => {
            "Read the thing again, see what has changed, and send the change anew with the new version."
        }
        Reason::IdempotencyKeyReused => "Make up a new key for each new command; only a repetition has the same one.",
        Reason::OutOfStock => "Order fewer pieces, or wait until there are more.",
        Reason::StatusNotAllowed => {
            "Read the order: placed, paid, shipped, delivered is the way, and only the first two can be cancelled."
        }
        Reason::CartIsEmpty => "Put something into the cart first.",
        Reason::UserHasOrders => "Keep the user: orders belong to somebody.",
        Reason::CursorExpired => "Begin anew, without a cursor: what lies between is no longer kept.",
        Reason::RateLimited => "Wait as long as Retry-After says. RateLimit tells in every answer what is left.",
        Reason::Overloaded | Reason::Draining => {
            "Wait as long as Retry-After says and try again; with an Idempotency-Key, nothing happens twice."
        }
        Reason::Internal => "It is not your mistake. Try again, with an Idempotency-Key if it was a command.",
    }
}
