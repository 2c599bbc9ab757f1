//! What does a request say of itself?

use crate::address::Address;
use actix_web::http::header;
use actix_web::{HttpMessage, HttpRequest};
use bytes::Bytes;
use domain::{Error, Meta, Reason, Sandbox};

/// What [`front`](crate::front) found before routing.
#[derive(Clone)]
pub(crate) struct Arrived {
    /// The name in the path, whether it can be one or not; nothing if the path has no prefix.
    pub sandbox: Option<String>,
    /// The whole body.
    pub body: Result<Bytes, Error>,
}

/// What the request says of itself, for the door. `protocol` is the adapter's name.
pub fn meta(request: &HttpRequest, protocol: &'static str) -> Result<Meta, Error> {
    let extensions = request.extensions();
    let sandbox = match extensions.get::<Arrived>().and_then(|arrived| arrived.sandbox.as_deref()) {
        None => Sandbox::main(),
        Some(name) => sandbox_named(name)?,
    };
    Ok(Meta { protocol, sandbox })
}

/// The sandbox of that name, or that there can be none.
pub fn sandbox_named(name: &str) -> Result<Sandbox, Error> {
    Sandbox::parse(name).ok_or_else(|| {
        let shown = domain::value::shown(name);
        let message = format!("no sandbox can be called \"{shown}\": a name is [a-z0-9][a-z0-9-]{{0,39}}");
        Error::new(Reason::UnknownOperation, message)
    })
}

/// The body of the request, or why it was not read.
pub fn body(request: &HttpRequest) -> Result<Bytes, Error> {
    match request.extensions().get::<Arrived>() {
        Some(arrived) => arrived.body.clone(),
        None => Ok(Bytes::new()),
    }
}

/// The address that the client used, for links and contracts: the Host header, if it is one, and the sandbox.
pub fn base(request: &HttpRequest) -> Address {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
    let authority = host.filter(|host| !host.is_empty() && host.chars().all(sound)).unwrap_or("localhost");
    let extensions = request.extensions();
    let name = extensions.get::<Arrived>().and_then(|arrived| arrived.sandbox.as_deref());
    let prefix = name.and_then(Sandbox::parse).map(|sandbox| format!("/sandboxes/{sandbox}"));
    Address { authority: authority.to_owned(), prefix: prefix.unwrap_or_default() }
}
