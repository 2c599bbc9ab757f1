//! May a program act for somebody? Its user is asked: the authorization endpoint (RFC 6749 section 3.1).
//!
//! Whoever follows a link to it must come to no harm. What the link says of where to go is compared with what the client has
//! registered: if it is not that, nobody is sent anywhere, and the page says what is wrong. There is no cookie: who consents
//! says the password, so no other page can consent in somebody's name.

use super::form::Form;
use super::{NAME, issuer, pages};
use crate::door::Door;
use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use auth::oauth::{Challenge, Client, Grant};
use domain::access::Secret;
use domain::authenticator::TokenClaims;
use domain::{Error, Kind, RequestContext, Shop};
use form_urlencoded::Serializer;

/// Characters of the state that a client is given back: enough for any, and few enough for a header.
const STATE_CHARS_MAX: usize = 1_000;

/// What a client asks its user for.
pub struct Asked<'f> {
    /// The client.
    pub client: &'static Client,
    /// Where the user is sent back to.
    pub redirect_uri: &'f str,
    /// What the client wants to hear again.
    pub state: Option<&'f str>,
    /// As it was sent, for the page.
    pub code_challenge: &'f str,
    challenge: Challenge,
}

/// What is wrong with what a client asks.
enum Wrong<'f> {
    /// Nobody may be sent anywhere for it, so the page says it.
    Shown(&'static str),
    /// The client is told.
    Told { redirect_uri: &'f str, state: Option<&'f str>, error: &'static str, problem: &'static str },
}

/// `GET /oauth/authorize`
pub async fn ask(request: HttpRequest) -> HttpResponse {
    let form = Form::read(request.query_string().as_bytes());
    match (wire::request_context(&request, NAME), read(&form, &issuer(&wire::base(&request)))) {
        (Err(error), _) => pages::problem(rest::status(error.reason), &error.message),
        (Ok(_), Err(wrong)) => wrong.response(&request),
        (Ok(meta), Ok(asked)) => pages::consent(StatusCode::OK, &meta.sandbox, &asked, "", None),
    }
}

/// `POST /oauth/authorize`
pub async fn decide(request: HttpRequest, shop: Data<Shop>, door: Data<Door>) -> HttpResponse {
    let (meta, body) = match (wire::request_context(&request, NAME), wire::body(&request).map_err(rest::Refusal::from))
    {
        (Ok(meta), Ok(body)) => (meta, body),
        (Err(error), _) => return pages::problem(rest::status(error.reason), &error.message),
        (_, Err(rest::Refusal { error, status })) => return pages::problem(status, &error.message),
    };
    let form = Form::read(&body);
    // What the page was given, and has given back, is no more to be trusted than it was.
    let asked = match read(&form, &issuer(&wire::base(&request))) {
        Ok(asked) => asked,
        Err(wrong) => return wrong.response(&request),
    };
    match form.get("decision") {
        Some("allow") => allow(&request, &shop, &door, &meta, &asked, &form).await,
        Some("deny") => {
            let denied = [("error", "access_denied"), ("error_description", "the user has not consented")];
            go_back(&request, asked.redirect_uri, asked.state, &denied)
        }
        _ => pages::problem(StatusCode::BAD_REQUEST, "The decision is allow or deny."),
    }
}

async fn allow(
    request: &HttpRequest,
    shop: &Shop,
    door: &Door,
    meta: &RequestContext,
    asked: &Asked<'_>,
    form: &Form,
) -> HttpResponse {
    let (email, password) = (form.get("email").unwrap_or_default(), form.get("password").unwrap_or_default());
    let done = async {
        let user = shop.user_with_password(meta, email, Secret::new(password)).await?;
        let bearer = TokenClaims { sandbox: meta.sandbox.clone(), user: user.id, since: user.created_at };
        let Asked { client, redirect_uri, challenge, .. } = asked;
        let (redirect_uri, challenge) = ((*redirect_uri).to_owned(), challenge.clone());
        door.keeper.codes().issue(Grant { client: client.id, redirect_uri, challenge, bearer })
    };
    match done.await {
        Ok(code) => go_back(request, asked.redirect_uri, asked.state, &[("code", code.reveal())]),
        Err(error) => ask_again(meta, asked, email, &error),
    }
}

/// The page again, with what was wrong.
fn ask_again(meta: &RequestContext, asked: &Asked<'_>, email: &str, error: &Error) -> HttpResponse {
    let status = match error.kind() {
        // A 401 would have the browser ask for HTTP Basic (RFC 9110 section 15.5.2).
        Kind::Unauthenticated => StatusCode::FORBIDDEN,
        _ => rest::status(error.reason),
    };
    let mut response = pages::consent(status, &meta.sandbox, asked, email, Some(&error.message));
    if let Some(ms) = error.retry_after_ms {
        response.headers_mut().insert(header::RETRY_AFTER, ms.div_ceil(1_000).into());
    }
    response
}

/// What the client asks of the server that is found at `here`, or what is wrong with it.
fn read<'f>(form: &'f Form, here: &str) -> Result<Asked<'f>, Wrong<'f>> {
    // Section 4.1.2.1: with these wrong, nobody is sent anywhere.
    if ["client_id", "redirect_uri", "state"].iter().any(|name| form.repeats(name)) {
        return Err(Wrong::Shown("A parameter is there more than once."));
    }
    let client = form.get("client_id").and_then(Client::find).ok_or(Wrong::Shown("The client is not known here."))?;
    let redirect_uri = form.get("redirect_uri").filter(|uri| client.may_redirect(uri, here));
    let redirect_uri = redirect_uri.ok_or(Wrong::Shown("The redirect_uri is none that the client has registered."))?;
    let state = form.get("state");
    if state.is_some_and(|state| state.len() > STATE_CHARS_MAX) {
        return Err(Wrong::Shown("The state is too long."));
    }
    let told = |error, problem| Wrong::Told { redirect_uri, state, error, problem };
    if form.repeats_any() {
        return Err(told("invalid_request", "a parameter is there more than once"));
    }
    match form.get("response_type") {
        Some("code") => {}
        Some(_) => return Err(told("unsupported_response_type", "the response_type must be code")),
        None => return Err(told("invalid_request", "the parameter response_type is missing")),
    }
    if form.get("scope").is_some() {
        return Err(told("invalid_scope", "there are no scopes here: leave scope out"));
    }
    let (code_challenge, method) = (form.get("code_challenge"), form.get("code_challenge_method"));
    let challenge = Challenge::parse(code_challenge, method).map_err(|problem| told("invalid_request", problem))?;
    Ok(Asked { client, redirect_uri, state, code_challenge: code_challenge.unwrap_or_default(), challenge })
}

impl Wrong<'_> {
    fn response(self, request: &HttpRequest) -> HttpResponse {
        match self {
            Wrong::Shown(problem) => pages::problem(StatusCode::BAD_REQUEST, problem),
            Wrong::Told { redirect_uri, state, error, problem } => {
                go_back(request, redirect_uri, state, &[("error", error), ("error_description", problem)])
            }
        }
    }
}

/// Sends the user back to the client, with what it is to know, its state, and who says it (RFC 9207 section 2).
fn go_back(request: &HttpRequest, redirect_uri: &str, state: Option<&str>, told: &[(&str, &str)]) -> HttpResponse {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(told);
    query.extend_pairs(state.map(|state| ("state", state)));
    query.append_pair("iss", &issuer(&wire::base(request)));
    let location = format!("{redirect_uri}?{}", query.finish());
    // RFC 9700 section 4.12: 303, after which no browser sends the password on.
    let mut response = HttpResponse::SeeOther();
    response.insert_header((header::LOCATION, location));
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response.insert_header((header::REFERRER_POLICY, "no-referrer"));
    response.finish()
}
