//! `Expect: 100-continue` (RFC 9110 section 10.1.1): the client sends the head alone and waits before it sends the content.
//!
//! The application is called with the head. If it answers without reading the content, the client gets that answer, in the grammar of
//! its style: too large, a wrong media type or coding, no such address. Otherwise the client gets `100 Continue`, and the application is
//! called again with the content.

use actix_http::{HttpMessage, Request, Response, StatusCode};
use actix_service::{Service, ServiceFactory, fn_factory, fn_service};
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{AppConfig, ServiceResponse};
use actix_web::http::header::{self, HeaderValue};
use std::rc::Rc;
use std::sync::Arc;
use wire::content::HeadOnly;
use wire::control::ConnectionControl;

/// The service that actix-http calls before it sends `100 Continue`: it returns the request, or the final answer.
pub fn expect<A, B>(
    app: A,
) -> impl ServiceFactory<Request, Config = (), Response = Request, Error = Response<BoxBody>, InitError = A::InitError>
where
    A: ServiceFactory<Request, Config = AppConfig, Response = ServiceResponse<B>, Error = actix_web::Error>,
    A::Service: 'static,
    B: MessageBody + 'static,
{
    let app = Rc::new(app);
    fn_factory(move || {
        let app = app.clone();
        async move {
            let app = Rc::new(app.new_service(AppConfig::default()).await?);
            Ok(fn_service(move |request| call_with_head(app.clone(), request)))
        }
    })
}

async fn call_with_head<A, B>(app: Rc<A>, request: Request) -> Result<Request, Response<BoxBody>>
where
    A: Service<Request, Response = ServiceResponse<B>, Error = actix_web::Error>,
    B: MessageBody + 'static,
{
    if !has_content(&request) {
        return Ok(request);
    }
    let head_only = HeadOnly::default();
    let answer = app.call(head_of(&request, head_only.clone())).await;
    match answer {
        Ok(answer) if !head_only.needs_body() => {
            let answer = answer.map_into_boxed_body();
            if let (Some(control), BodySize::Sized(bytes)) =
                (request.conn_data::<Arc<ConnectionControl>>(), answer.response().body().size())
            {
                // The client may have sent the body without waiting. As nothing reads it, the connection ends after this answer.
                control.linger();
                control.cut(bytes);
            }
            Err(answer.into_parts().1.into())
        }
        Ok(_) => Ok(request),
        Err(_) => Err(Response::new(StatusCode::INTERNAL_SERVER_ERROR)),
    }
}

/// Whether the request has content.
fn has_content(request: &Request) -> bool {
    let headers = request.headers();
    let is_not_empty = |length: &HeaderValue| length.as_bytes() != b"0";
    headers.contains_key(header::TRANSFER_ENCODING) || headers.get(header::CONTENT_LENGTH).is_some_and(is_not_empty)
}

/// A request with the same head, marked as having no content yet.
fn head_of(request: &Request, mark: HeadOnly) -> Request {
    let mut copy = Request::new();
    let (head, whole) = (copy.head_mut(), request.head());
    (head.uri, head.method, head.version) = (whole.uri.clone(), whole.method.clone(), whole.version);
    (head.headers, head.peer_addr) = (whole.headers.clone(), whole.peer_addr);
    copy.extensions_mut().insert(mark);
    copy
}
