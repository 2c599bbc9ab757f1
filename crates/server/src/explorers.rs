//! Where does a browser try a style out? At Swagger UI for REST and at GraphiQL for GraphQL, from the binary itself: neither page
//! asks another host for anything, and its policy sees to that.

use ::web::WebFile;
use actix_web::http::header::{self, AcceptEncoding, ContentEncoding, ETag, Encoding, EntityTag, Header, IfNoneMatch};
use actix_web::http::{Method, StatusCode};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use domain::{Error, Reason};
use wire::refusal::{not_allowed, nothing_at, refuse};

/// A page and all that belongs to it. Its addresses are relative, so that it works in every sandbox.
pub struct Explorer {
    /// The program.
    pub title: &'static str,
    /// Where it is served; its files are below.
    pub path: &'static str,
    /// The name of the protocol, and of the folder in `crates/web/pages`.
    protocol: &'static str,
    /// What its Content-Security-Policy allows beside [`POLICY`].
    policy: &'static str,
}

/// Every explorer.
pub static EXPLORERS: &[Explorer] = &[
    Explorer {
        title: "Swagger UI",
        path: "/rest/docs",
        protocol: "rest",
        // Its style sheet has its images in it.
        policy: "style-src 'self'; img-src 'self' data:",
    },
    Explorer {
        title: "GraphiQL",
        path: "/graphql/docs",
        protocol: "graphql",
        // Its editor, Monaco, writes its colours into style elements, and underlines mistakes with images in them; the style
        // sheet has its fonts in it. Its workers are scripts of ours, as every page may have.
        policy: "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src data:",
    },
];

/// Of every page (Content Security Policy Level 3): nothing but scripts of ours, no form that goes anywhere, in no frame of another site;
/// and it may ask the shop.
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

/// Those of a protocol, if this build has any.
pub fn of(protocol: &str) -> impl Iterator<Item = &'static Explorer> {
    EXPLORERS.iter().filter(move |explorer| ::web::is_built() && explorer.protocol == protocol)
}

/// Adds the routes to the application; before those of the protocols, which may take all that is below their paths.
pub fn mount(config: &mut ServiceConfig) {
    for explorer in EXPLORERS {
        let serve = move |request: HttpRequest| async move { serve(&request, explorer) };
        config.service(web::scope(explorer.path).default_service(web::to(serve)));
    }
}

fn serve(request: &HttpRequest, explorer: &Explorer) -> HttpResponse {
    let name = match request.path().strip_prefix(explorer.path) {
        Some("") => "index.html",
        // The files' addresses in the page count from the folder that it seems to be in.
        Some("/") if ::web::is_built() && is_read(request) => {
            return HttpResponse::PermanentRedirect().insert_header((header::LOCATION, "../docs")).finish();
        }
        Some(rest) => rest.trim_start_matches('/'),
        None => return nothing_at(request),
    };
    send(request, explorer.policy, &format!("{}/{name}", explorer.protocol))
}

/// What belongs to a page at that path in `crates/web/pages`, if somebody asks to read it and it is there. The page's
/// Content-Security-Policy allows this beside [`POLICY`].
pub(crate) fn send(request: &HttpRequest, policy: &str, path: &str) -> HttpResponse {
    if !::web::is_built() {
        let shown = domain::value::shown(request.path());
        let message = format!("there is nothing at {shown}: this build was made without the explorers");
        return refuse(StatusCode::NOT_FOUND, &Error::new(Reason::UnknownOperation, message));
    }
    if !is_read(request) {
        return not_allowed(request, "GET, HEAD", |status, error| refuse(status, &error));
    }
    ::web::find(path).map_or_else(|| nothing_at(request), |file| send_file(request, policy, file))
}

fn is_read(request: &HttpRequest) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
}

fn send_file(request: &HttpRequest, policy: &str, file: &'static WebFile) -> HttpResponse {
    let packed = takes_gzip(request);
    // RFC 9110 section 8.8.3.3: another coding of the same content is another representation, and has a tag of its own.
    let tag = EntityTag::new_strong(format!("{}{}", file.tag, if packed { "-gzip" } else { "" }));
    if has_it(request, &tag) {
        return described(HttpResponse::NotModified(), policy).insert_header(ETag(tag)).finish();
    }
    let mut response = described(HttpResponse::Ok(), policy);
    response.insert_header(ETag(tag)).content_type(file.media_type());
    if packed {
        return response.insert_header(ContentEncoding::Gzip).body(file.packed);
    }
    match file.unpacked() {
        Ok(content) => response.body(content),
        Err(error) => {
            tracing::error!("{} could not be unpacked: {error}", file.path);
            refuse(StatusCode::INTERNAL_SERVER_ERROR, &Error::internal())
        }
    }
}

/// What every answer says.
pub(crate) fn described(mut response: HttpResponseBuilder, policy: &str) -> HttpResponseBuilder {
    response
        // It may be kept, and is asked for again: another build has another page at the same address.
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header((header::CONTENT_SECURITY_POLICY, format!("{POLICY}; {policy}")))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"));
    response
}

/// Whether the asker understands gzip, and wants it rather than nothing.
fn takes_gzip(request: &HttpRequest) -> bool {
    let gzip = Encoding::gzip();
    AcceptEncoding::parse(request)
        .is_ok_and(|accepted| accepted.negotiate([gzip.clone(), Encoding::identity()].iter()) == Some(gzip))
}

/// RFC 9110 section 13.1.2: whether the asker has what would be sent.
fn has_it(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|own| own.weak_eq(tag)),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests;
