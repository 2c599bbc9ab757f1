//! The pages of OAuth: one asks for consent, one shows an error, one shows the code.
//!
//! They work with a screen reader, and are as [`page`] makes them.

use super::form::Form;
use super::request::AuthorizationRequest;
use crate::pages::page;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use auth::demo;
use auth::oauth::{CLIENTS, Client, Trust};
use domain::Sandbox;
use wire::xml::for_html;

/// Asks the user whether the client may act for them.
pub fn consent(
    status: StatusCode,
    sandbox: &Sandbox,
    authorization: &AuthorizationRequest<'_>,
    email: &str,
    problem: Option<&str>,
) -> HttpResponse {
    let AuthorizationRequest { client, redirect_uri, .. } = authorization;
    let alert = problem.map(|problem| format!("<p role=\"alert\">{}</p>", for_html(problem))).unwrap_or_default();
    let body = format!(
        "<h1>May {name} act for you?</h1>\n{alert}\n\
         <p><strong>{name}</strong> (<code>{id}</code>) asks to act for you in the sandbox \
         <strong>{sandbox}</strong> for an hour. Afterwards your browser goes to <code>{redirect_uri}</code>.</p>\n\
         <form method=\"post\" action=\"authorize\">\n{hidden}\
         <label for=\"email\">Your email</label>\n\
         <input id=\"email\" name=\"email\" type=\"email\" autocomplete=\"username\" required value=\"{email}\">\n\
         <label for=\"password\">Your password</label>\n\
         <input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"current-password\" required>\n\
         <button name=\"decision\" value=\"allow\">Allow</button>\n\
         <button name=\"decision\" value=\"deny\" formnovalidate>Deny</button>\n</form>\n\
         <p>The made-up users of a shop, as ada@example.com, all have the password <code>{demo}</code>.</p>",
        name = for_html(client.name),
        id = for_html(client.id),
        sandbox = for_html(sandbox.as_str()),
        redirect_uri = for_html(*redirect_uri),
        hidden = hidden(authorization),
        email = for_html(email),
        demo = demo::PASSWORD,
    );
    // After the form the browser goes on to the client, which the policy must let it.
    page(status, "Consent", &body, &format!("'self' {}", origin(redirect_uri)))
}

/// The authorization request as hidden fields of the form.
fn hidden(authorization: &AuthorizationRequest<'_>) -> String {
    let fields = [
        ("response_type", Some("code")),
        ("client_id", Some(authorization.client.id)),
        ("redirect_uri", Some(authorization.redirect_uri)),
        ("state", authorization.state),
        ("code_challenge", Some(authorization.code_challenge)),
        ("code_challenge_method", Some("S256")),
    ];
    let field = |(name, value): (&str, &str)| {
        format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">\n", for_html(value))
    };
    fields.into_iter().filter_map(|(name, value)| Some(field((name, value?)))).collect()
}

/// Shows what is wrong with a request whose user must not be redirected.
pub fn problem(status: StatusCode, problem: &str) -> HttpResponse {
    let body = format!(
        "<h1>This request is invalid</h1>\n<p role=\"alert\">{}</p>\n\
         <p>The program that sent you here has made a mistake, or it pretends to be another program. You are not redirected \
         to it.</p>\n{}",
        for_html(problem),
        clients()
    );
    page(status, "Invalid request", &body, "'none'")
}

/// `GET /oauth/done`: shows what the redirect gives to a client, for learners who have no client yet.
pub async fn done(request: HttpRequest) -> HttpResponse {
    let form = Form::parse(request.query_string().as_bytes());
    let parameters = ["code", "state", "iss", "error", "error_description"];
    let line = |name: &str| {
        let value = form.get(name)?;
        Some(format!("<dt>{name}</dt>\n<dd><code>{}</code></dd>\n", for_html(value)))
    };
    let lines: String = parameters.into_iter().filter_map(line).collect();
    let body = format!(
        "<h1>What the program receives</h1>\n<dl>\n{lines}</dl>\n\
         <p>With a code it would now get a token from the issuer's token endpoint: <code>POST /oauth/token</code> with \
         <code>grant_type=authorization_code</code>, <code>code</code>, <code>redirect_uri</code>, <code>client_id</code> \
         and <code>code_verifier</code>. A code is valid once, for a minute.</p>\n{}",
        clients()
    );
    page(StatusCode::OK, "Done", &body, "'none'")
}

/// Scheme, host and port of an address for a policy. Content Security Policy Level 3 section 2.3.1 has no syntax for
/// the host `[::1]`, so this is the scheme alone then.
fn origin(uri: &str) -> &str {
    if uri.starts_with("http://[") {
        return "http:";
    }
    uri.match_indices('/').nth(2).map_or(uri, |(end, _)| &uri[..end])
}

/// The registered clients, for learners who write one.
fn clients() -> String {
    let described = |client: &Client| {
        let is = match &client.trust {
            Trust::Confidential { secret, acts_as } => {
                format!("acts as user {}, with the secret <code>{}</code>", acts_as.0, for_html(*secret))
            }
            Trust::Public { redirect_uris, own_pages } => {
                let code = |uri: &&str| format!("<code>{}</code>", for_html(*uri));
                let all: Vec<String> = redirect_uris.iter().chain(*own_pages).map(code).collect();
                format!("has no secret; redirect_uri: {} (paths are on this server)", all.join(", "))
            }
        };
        format!("<dt><code>{}</code></dt>\n<dd>{is}</dd>\n", for_html(client.id))
    };
    format!(
        "<h2>Clients</h2>\n<dl>\n{}</dl>\n<p>On <code>127.0.0.1</code> and <code>[::1]</code>, any port is accepted.</p>",
        CLIENTS.iter().map(described).collect::<String>()
    )
}
