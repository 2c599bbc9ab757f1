//! The authorization request (RFC 6749 section 4.1.1).

use super::form::Form;
use auth::oauth::{Challenge, Client};

/// The longest `state`, in characters: it is sent back in a header.
const STATE_CHARS_MAX: usize = 1_000;

/// What a client asks for.
pub struct AuthorizationRequest<'f> {
    /// The client.
    pub client: &'static Client,
    /// The address to redirect the user to.
    pub redirect_uri: &'f str,
    /// A value for the client itself, sent back unchanged.
    pub state: Option<&'f str>,
    /// The code challenge as it was sent, for the page.
    pub code_challenge: &'f str,
    /// The code challenge (RFC 7636).
    pub challenge: Challenge,
}

/// What is wrong with an authorization request.
pub enum Invalid<'f> {
    /// The user must not be redirected, so the page shows the problem.
    Show(&'static str),
    /// The client gets the error by a redirect.
    Redirect { redirect_uri: &'f str, state: Option<&'f str>, error: &'static str, problem: &'static str },
}

/// The authorization request to the server at `here`, or what is wrong with it.
pub fn parse<'f>(form: &'f Form, here: &str) -> Result<AuthorizationRequest<'f>, Invalid<'f>> {
    // Section 4.1.2.1: if these are wrong, the user must not be redirected.
    if ["client_id", "redirect_uri", "state"].iter().any(|name| form.repeats(name)) {
        return Err(Invalid::Show("A parameter is repeated."));
    }
    let client = form.get("client_id").and_then(Client::find).ok_or(Invalid::Show("The client_id is unknown."))?;
    let redirect_uri = form.get("redirect_uri").filter(|uri| client.may_redirect(uri, here));
    let redirect_uri = redirect_uri.ok_or(Invalid::Show("The client has not registered this redirect_uri."))?;
    let state = form.get("state");
    if state.is_some_and(|state| state.len() > STATE_CHARS_MAX) {
        return Err(Invalid::Show("The state is too long."));
    }
    let redirect = |error, problem| Invalid::Redirect { redirect_uri, state, error, problem };
    if form.repeats_any() {
        return Err(redirect("invalid_request", "a parameter is repeated"));
    }
    match form.get("response_type") {
        Some("code") => {}
        Some(_) => return Err(redirect("unsupported_response_type", "the response_type must be code")),
        None => return Err(redirect("invalid_request", "the parameter response_type is missing")),
    }
    if form.get("scope").is_some() {
        return Err(redirect("invalid_scope", "this server has no scopes; leave scope out"));
    }
    let (code_challenge, method) = (form.get("code_challenge"), form.get("code_challenge_method"));
    let challenge = Challenge::parse(code_challenge, method).map_err(|problem| redirect("invalid_request", problem))?;
    Ok(AuthorizationRequest {
        client,
        redirect_uri,
        state,
        code_challenge: code_challenge.unwrap_or_default(),
        challenge,
    })
}
