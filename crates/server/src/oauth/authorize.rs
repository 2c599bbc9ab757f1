//! The authorization endpoint (RFC 6749 section 3.1): the user decides whether a program may act for them.
//!
//! A hostile link to it must do no harm. The redirect_uri in the link is compared with those that the client has registered; if it is
//! none of them, the user is not redirected, and the page says what is wrong. There is no cookie: consent takes the user's password, so
//! no other page can consent for the user.

use super::form::Form;
use super::metadata::{NAME, issuer};
use super::pages;
use super::request::{AuthorizationRequest, Invalid, parse};
use crate::ports::Ports;
use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use auth::oauth::Grant;
use domain::access::Secret;
use domain::authenticator::TokenClaims;
use domain::{Error, Kind, RequestContext, Shop};
use form_urlencoded::Serializer;
use wire::refusal::set_retry_after;

/// `GET /oauth/authorize`
pub async fn show(request: HttpRequest) -> HttpResponse {
    let form = Form::parse(request.query_string().as_bytes());
    match (wire::request_context(&request, NAME), parse(&form, &issuer(&wire::base(&request)))) {
        (Err(error), _) => pages::problem(rest::status(error.reason), &error.message),
        (Ok(_), Err(invalid)) => refuse(&request, invalid),
        (Ok(context), Ok(authorization)) => pages::consent(StatusCode::OK, &context.sandbox, &authorization, "", None),
    }
}

/// `POST /oauth/authorize`
pub async fn decide(request: HttpRequest, shop: Data<Shop>, ports: Data<Ports>) -> HttpResponse {
    let (context, body) =
        match (wire::request_context(&request, NAME), wire::body(&request).map_err(rest::Refusal::from)) {
            (Ok(context), Ok(body)) => (context, body),
            (Err(error), _) => return pages::problem(rest::status(error.reason), &error.message),
            (_, Err(rest::Refusal { error, status, .. })) => return pages::problem(status, &error.message),
        };
    let form = Form::parse(&body);
    // The hidden fields of the form are no more to be trusted than the link was.
    let authorization = match parse(&form, &issuer(&wire::base(&request))) {
        Ok(authorization) => authorization,
        Err(invalid) => return refuse(&request, invalid),
    };
    match form.get("decision") {
        Some("allow") => allow(&request, &shop, &ports, &context, &authorization, &form).await,
        Some("deny") => {
            let denied = [("error", "access_denied"), ("error_description", "the user has not consented")];
            redirect_to_client(&request, authorization.redirect_uri, authorization.state, &denied)
        }
        _ => pages::problem(StatusCode::BAD_REQUEST, "The decision is allow or deny."),
    }
}

async fn allow(
    request: &HttpRequest,
    shop: &Shop,
    ports: &Ports,
    context: &RequestContext,
    authorization: &AuthorizationRequest<'_>,
    form: &Form,
) -> HttpResponse {
    let (email, password) = (form.get("email").unwrap_or_default(), form.get("password").unwrap_or_default());
    let code = async {
        let user = shop.user_with_password(context, email, Secret::new(password)).await?;
        let claims = TokenClaims { sandbox: context.sandbox.clone(), user: user.id, since: user.created_at };
        let AuthorizationRequest { client, redirect_uri, challenge, .. } = authorization;
        let (redirect_uri, challenge) = ((*redirect_uri).to_owned(), challenge.clone());
        ports.authenticator.codes().issue(Grant { client: client.id, redirect_uri, challenge, bearer: claims })
    };
    match code.await {
        Ok(code) => {
            redirect_to_client(request, authorization.redirect_uri, authorization.state, &[("code", code.reveal())])
        }
        Err(error) => show_again(context, authorization, email, &error),
    }
}

/// The page again, with the error.
fn show_again(
    context: &RequestContext,
    authorization: &AuthorizationRequest<'_>,
    email: &str,
    error: &Error,
) -> HttpResponse {
    let status = match error.kind() {
        // After a 401 the browser would ask for HTTP Basic (RFC 9110 section 15.5.2).
        Kind::Unauthenticated => StatusCode::FORBIDDEN,
        _ => rest::status(error.reason),
    };
    let mut response = pages::consent(status, &context.sandbox, authorization, email, Some(&error.message));
    set_retry_after(&mut response, error.retry_after_ms);
    response
}

fn refuse(request: &HttpRequest, invalid: Invalid<'_>) -> HttpResponse {
    match invalid {
        Invalid::Show(problem) => pages::problem(StatusCode::BAD_REQUEST, problem),
        Invalid::Redirect { redirect_uri, state, error, problem } => {
            let parameters = [("error", error), ("error_description", problem)];
            redirect_to_client(request, redirect_uri, state, &parameters)
        }
    }
}

/// Redirects the user to the client, with these parameters, the state and the issuer (RFC 9207 section 2).
fn redirect_to_client(
    request: &HttpRequest,
    redirect_uri: &str,
    state: Option<&str>,
    parameters: &[(&str, &str)],
) -> HttpResponse {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(parameters);
    query.extend_pairs(state.map(|state| ("state", state)));
    query.append_pair("iss", &issuer(&wire::base(request)));
    let location = format!("{redirect_uri}?{}", query.finish());
    // RFC 9700 section 4.12: after a 303, no browser sends the form with the password on.
    let mut response = HttpResponse::SeeOther();
    response.insert_header((header::LOCATION, location));
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response.insert_header((header::REFERRER_POLICY, "no-referrer"));
    response.finish()
}
