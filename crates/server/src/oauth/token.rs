//! The token endpoint (RFC 6749 section 3.2).

use super::form::{Form, decoded};
use super::metadata::NAME;
use crate::ports::Ports;
use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{StatusCode, header::HeaderMap};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use auth::oauth::{Client, Exchange, Trust};
use domain::access::{Credentials, Secret};
use domain::logins::Token;
use domain::users::{User, UserId};
use domain::{Error, Kind, RequestContext, Shop};
use serde_json::json;
use wire::content::{Unread, media_type};
use wire::refusal::{describable, set_retry_after};

/// `POST /oauth/token`
pub async fn token(request: HttpRequest, shop: Data<Shop>, ports: Data<Ports>) -> HttpResponse {
    let mut response = match issue(&request, &shop, &ports).await {
        Ok(answer) => HttpResponse::Ok().content_type("application/json").body(answer),
        Err(refusal) => refusal.response(request.headers()),
    };
    // Section 5.1: no response may be cached.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

async fn issue(request: &HttpRequest, shop: &Shop, ports: &Ports) -> Result<String, Refusal> {
    let context = wire::request_context(request, NAME)?;
    let form = form(request)?;
    let client = client(&context.credentials, &form)?;
    if form.get("scope").is_some() {
        return Err(Refusal::new("invalid_scope", "this server has no scopes; leave scope out"));
    }
    let user = match form.get("grant_type") {
        Some("client_credentials") => of_client(shop, &context, client).await?,
        Some("authorization_code") => of_code(shop, ports, &context, client, &form).await?,
        Some(_) => {
            let supported = "grant_type must be authorization_code or client_credentials";
            return Err(Refusal::new("unsupported_grant_type", supported));
        }
        None => return Err(missing("grant_type")),
    };
    let now = (shop.config().clock)();
    let Token { token, expires_at } = shop.token_for(&context, &user, now)?;
    let expires_in = expires_at.0 - now.0;
    Ok(json!({"access_token": token.as_str(), "token_type": "Bearer", "expires_in": expires_in}).to_string())
}

fn form(request: &HttpRequest) -> Result<Form, Refusal> {
    media_type(request.headers(), &["application/x-www-form-urlencoded"])?;
    let form = Form::parse(&wire::body(request).map_err(Refusal::unread)?);
    if form.repeats_any() {
        return Err(Refusal::new("invalid_request", "a parameter is repeated"));
    }
    Ok(form)
}

/// The authenticated client. Its id and secret come by HTTP Basic or in the body, not both (section 2.3).
fn client(credentials: &Credentials, form: &Form) -> Result<&'static Client, Refusal> {
    let in_body = (form.get("client_id"), form.get("client_secret"));
    let (id, secret) = match (credentials, in_body) {
        (Credentials::Password { .. }, (_, Some(_))) => {
            return Err(Refusal::new(
                "invalid_request",
                "the client secret is sent twice, in Authorization and in the body",
            ));
        }
        (Credentials::Password { email: id, password }, (in_body, None)) => {
            let id = decoded(id);
            if in_body.is_some_and(|in_body| in_body != id) {
                return Err(Refusal::new("invalid_request", "client_id differs from that in Authorization"));
            }
            (id, Some(Secret::new(decoded(password.reveal()))))
        }
        (Credentials::None | Credentials::ApiKey(_), (Some(id), secret)) => (id.to_owned(), secret.map(Secret::new)),
        (Credentials::None | Credentials::ApiKey(_), (None, _)) => {
            return Err(Refusal::unknown_client("client_id is missing"));
        }
        (Credentials::Token(_) | Credentials::Unusable(_), _) => {
            return Err(Refusal::unknown_client("authenticate the client by HTTP Basic or in the body"));
        }
    };
    let client = Client::find(&id).filter(|client| client.is_itself(secret.as_ref()));
    client.ok_or_else(|| Refusal::unknown_client("no client has this client_id and client_secret"))
}

/// The user of a client that acts for itself (section 4.4).
async fn of_client(shop: &Shop, context: &RequestContext, client: &Client) -> Result<User, Refusal> {
    match client.trust {
        Trust::Confidential { acts_as, .. } => {
            let gone = || Refusal::new("unauthorized_client", "the user that the client acts as does not exist");
            user(shop, context, acts_as).await?.ok_or_else(gone)
        }
        Trust::Public { .. } => {
            Err(Refusal::new("unauthorized_client", "a client without a secret can't use client_credentials"))
        }
    }
}

/// The user that has consented (section 4.1.3).
async fn of_code(
    shop: &Shop,
    ports: &Ports,
    context: &RequestContext,
    client: &Client,
    form: &Form,
) -> Result<User, Refusal> {
    if matches!(client.trust, Trust::Confidential { .. }) {
        return Err(Refusal::new("unauthorized_client", "this client can't use authorization_code"));
    }
    let required = |name: &'static str| form.get(name).ok_or_else(|| missing(name));
    let exchange = Exchange {
        code: required("code")?,
        client: client.id,
        redirect_uri: required("redirect_uri")?,
        verifier: required("code_verifier")?,
        sandbox: &context.sandbox,
    };
    let invalid = |problem| Refusal::new("invalid_grant", problem);
    let claims = ports.authenticator.codes().redeem(&exchange).map_err(invalid)?;
    let same = user(shop, context, claims.user).await?.filter(|user| user.created_at == claims.since);
    same.ok_or_else(|| invalid("the user no longer exists"))
}

async fn user(shop: &Shop, context: &RequestContext, id: UserId) -> Result<Option<User>, Error> {
    match shop.user_for_token(context, id).await {
        Ok(user) => Ok(Some(user)),
        Err(error) if error.kind() == Kind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn missing(name: &'static str) -> Refusal {
    Refusal::new("invalid_request", format!("the parameter {name} is missing"))
}

/// Why there is no token (section 5.2).
struct Refusal {
    status: StatusCode,
    error: &'static str,
    description: String,
    retry_after_ms: Option<u32>,
}

impl Refusal {
    fn new(error: &'static str, description: impl Into<String>) -> Self {
        Refusal { status: StatusCode::BAD_REQUEST, error, description: description.into(), retry_after_ms: None }
    }

    fn unknown_client(description: &'static str) -> Self {
        Refusal { status: StatusCode::UNAUTHORIZED, ..Refusal::new("invalid_client", description) }
    }

    fn unread(unread: Unread) -> Self {
        let status = unread.status;
        let refusal = Refusal::from(unread.error);
        Refusal { status: status.unwrap_or(refusal.status), ..refusal }
    }

    fn response(&self, request: &HeaderMap) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if self.status == StatusCode::UNAUTHORIZED && request.contains_key(header::AUTHORIZATION) {
            response.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"parlance\", charset=\"UTF-8\""));
        }
        let description = describable(&self.description);
        let body = json!({"error": self.error, "error_description": description});
        let mut response = response.content_type("application/json").body(body.to_string());
        set_retry_after(&mut response, self.retry_after_ms);
        response
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        // Section 5.2 has no codes for errors of the server, so these are those of section 4.1.2.1.
        let code = match error.kind() {
            Kind::RateLimited | Kind::Unavailable => "temporarily_unavailable",
            Kind::Internal => "server_error",
            _ => "invalid_request",
        };
        let status = rest::status(error.reason);
        Refusal { status, retry_after_ms: error.retry_after_ms, ..Refusal::new(code, error.message) }
    }
}
