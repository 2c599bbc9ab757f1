//! For which proof does a program get a token? The token endpoint (RFC 6749 section 3.2).

use super::NAME;
use super::form::{Form, decoded};
use crate::door::Door;
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

/// `POST /oauth/token`
pub async fn token(request: HttpRequest, shop: Data<Shop>, door: Data<Door>) -> HttpResponse {
    let mut response = match issue(&request, &shop, &door).await {
        Ok(answer) => HttpResponse::Ok().content_type("application/json").body(answer),
        Err(refusal) => refusal.response(request.headers()),
    };
    // Section 5.1: both, for a token and for a refusal.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

async fn issue(request: &HttpRequest, shop: &Shop, door: &Door) -> Result<String, Refusal> {
    let meta = wire::request_context(request, NAME)?;
    let form = form(request)?;
    let client = client(&meta.credentials, &form)?;
    if form.get("scope").is_some() {
        return Err(Refusal::new("invalid_scope", "there are no scopes here: leave scope out"));
    }
    let user = match form.get("grant_type") {
        Some("client_credentials") => of_client(shop, &meta, client).await?,
        Some("authorization_code") => of_code(shop, door, &meta, client, &form).await?,
        Some(_) => {
            let known = "the grant types are authorization_code and client_credentials";
            return Err(Refusal::new("unsupported_grant_type", known));
        }
        None => return Err(missing("grant_type")),
    };
    let now = (shop.config().clock)();
    let Token { token, expires_at } = shop.token_for(&meta, &user, now)?;
    let expires_in = expires_at.0 - now.0;
    Ok(json!({"access_token": token.as_str(), "token_type": "Bearer", "expires_in": expires_in}).to_string())
}

fn form(request: &HttpRequest) -> Result<Form, Refusal> {
    media_type(request, &["application/x-www-form-urlencoded"])?;
    let form = Form::read(&wire::body(request).map_err(Refusal::unread)?);
    if form.repeats_any() {
        return Err(Refusal::new("invalid_request", "a parameter is there more than once"));
    }
    Ok(form)
}

/// Which client asks, once it has proved to be itself: by HTTP Basic or in the body, and not in both (section 2.3).
fn client(credentials: &Credentials, form: &Form) -> Result<&'static Client, Refusal> {
    let in_body = (form.get("client_id"), form.get("client_secret"));
    let (id, secret) = match (credentials, in_body) {
        (Credentials::Password { .. }, (_, Some(_))) => {
            return Err(Refusal::new("invalid_request", "the client says its secret twice"));
        }
        (Credentials::Password { email: id, password }, (said, None)) => {
            let id = decoded(id);
            if said.is_some_and(|said| said != id) {
                return Err(Refusal::new("invalid_request", "the client says two names"));
            }
            (id, Some(Secret::new(decoded(password.reveal()))))
        }
        (Credentials::None | Credentials::ApiKey(_), (Some(id), secret)) => (id.to_owned(), secret.map(Secret::new)),
        (Credentials::None | Credentials::ApiKey(_), (None, _)) => {
            return Err(Refusal::unknown_client("no client has said its name"));
        }
        (Credentials::Token(_) | Credentials::Unusable(_), _) => {
            return Err(Refusal::unknown_client("a client proves to be itself by Basic, or in the body"));
        }
    };
    let known = Client::find(&id).filter(|client| client.is_itself(secret.as_ref()));
    known.ok_or_else(|| Refusal::unknown_client("no client has that name and that secret"))
}

/// Section 4.4: the client acts for itself.
async fn of_client(shop: &Shop, meta: &RequestContext, client: &Client) -> Result<User, Refusal> {
    match client.trust {
        Trust::Confidential { acts_as, .. } => {
            let gone = || Refusal::new("unauthorized_client", "the user that the client acts as is not there");
            user(shop, meta, acts_as).await?.ok_or_else(gone)
        }
        Trust::Public { .. } => {
            Err(Refusal::new("unauthorized_client", "a client without a secret can't act for itself"))
        }
    }
}

/// Section 4.1.3: the client acts for whoever has consented.
async fn of_code(
    shop: &Shop,
    door: &Door,
    meta: &RequestContext,
    client: &Client,
    form: &Form,
) -> Result<User, Refusal> {
    if matches!(client.trust, Trust::Confidential { .. }) {
        return Err(Refusal::new("unauthorized_client", "the client is not one that users consent to"));
    }
    let required = |name: &'static str| form.get(name).ok_or_else(|| missing(name));
    let exchange = Exchange {
        code: required("code")?,
        client: client.id,
        redirect_uri: required("redirect_uri")?,
        verifier: required("code_verifier")?,
        sandbox: &meta.sandbox,
    };
    let invalid = |problem| Refusal::new("invalid_grant", problem);
    let bearer = door.keeper.codes().redeem(&exchange).map_err(invalid)?;
    let same = user(shop, meta, bearer.user).await?.filter(|user| user.created_at == bearer.since);
    same.ok_or_else(|| invalid("the user is no longer there"))
}

async fn user(shop: &Shop, meta: &RequestContext, id: UserId) -> Result<Option<User>, Error> {
    match shop.user_for_token(meta, id).await {
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

    fn response(&self, asked: &HeaderMap) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if self.status == StatusCode::UNAUTHORIZED && asked.contains_key(header::AUTHORIZATION) {
            response.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"parlance\", charset=\"UTF-8\""));
        }
        if let Some(ms) = self.retry_after_ms {
            response.insert_header((header::RETRY_AFTER, ms.div_ceil(1_000)));
        }
        let description = describable(&self.description);
        let body = json!({"error": self.error, "error_description": description});
        response.content_type("application/json").body(body.to_string())
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        // Section 5.2 has no words for a server in trouble; those of section 4.1.2.1 say it.
        let word = match error.kind() {
            Kind::RateLimited | Kind::Unavailable => "temporarily_unavailable",
            Kind::Internal => "server_error",
            _ => "invalid_request",
        };
        let status = rest::status(error.reason);
        Refusal { status, retry_after_ms: error.retry_after_ms, ..Refusal::new(word, error.message) }
    }
}

/// The characters that a description may have: visible ASCII and spaces, but no quotes and no backslash.
fn describable(text: &str) -> String {
    let is_allowed = |c: char| matches!(c, ' ' | '!' | '#'..='[' | ']'..='~');
    text.chars().map(|c| if is_allowed(c) { c } else { '\'' }).collect()
}
