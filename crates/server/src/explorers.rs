//! The explorers: Swagger UI for REST and GraphiQL for GraphQL, served from the binary. Neither page
//! contacts another host, which its Content-Security-Policy ensures.

use ::web::WebFile;
use actix_web::http::header::{self, AcceptEncoding, ContentEncoding, ETag, Encoding, EntityTag, Header, IfNoneMatch};
use actix_web::http::{Method, StatusCode};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use domain::{Error, Reason};
use wire::refusal::{not_allowed, nothing_at, refuse};

/// A page with its files. The addresses in it are relative, so that it works in every sandbox.
pub struct Explorer {
    /// The name of the program.
    pub title: &'static str,
    /// The path of the page. Its files are below.
    pub path: &'static str,
    /// The name of the protocol, and of the folder in `crates/web/pages`.
    protocol: &'static str,
    /// Whether people of that style expect it at the style's own address.
    pub is_home: bool,
    /// What its Content-Security-Policy allows in addition to [`POLICY`].
    policy: &'static str,
}

/// Every explorer.
pub static EXPLORERS: &[Explorer] = &[
    Explorer {
        title: "Swagger UI",
        path: "/rest/docs",
        protocol: "rest",
        is_home: false,
        // Its style sheet contains images.
        policy: "style-src 'self'; img-src 'self' data:",
    },
    Explorer {
        title: "GraphiQL",
        path: "/graphql/docs",
        protocol: "graphql",
        is_home: true,
        // Its editor, Monaco, creates style elements with images in them; the style sheet contains
        // fonts. Its workers are scripts from this server.
        policy: "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src data:",
    },
];

/// The policy of every page (Content Security Policy Level 3): scripts and requests only from and to this server,
/// no forms, no framing.
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

/// The explorers of a protocol, if this build has any.
pub fn of(protocol: &str) -> impl Iterator<Item = &'static Explorer> {
    EXPLORERS.iter().filter(move |explorer| ::web::is_built() && explorer.protocol == protocol)
}

/// Adds the routes to the application, before those of the protocols, whose routes include everything below their paths.
pub fn mount(config: &mut ServiceConfig) {
    for explorer in EXPLORERS {
        let serve = move |request: HttpRequest| async move { serve(&request, explorer) };
        config.service(web::scope(explorer.path).default_service(web::to(serve)));
    }
}

fn serve(request: &HttpRequest, explorer: &Explorer) -> HttpResponse {
    let name = match request.path().strip_prefix(explorer.path) {
        Some("") => "index.html",
        // With a slash at the end, the relative addresses in the page would be wrong.
        Some("/") if ::web::is_built() && is_read(request) => {
            return HttpResponse::PermanentRedirect().insert_header((header::LOCATION, "../docs")).finish();
        }
        Some(rest) => rest.trim_start_matches('/'),
        None => return nothing_at(request, &[]),
    };
    send(request, explorer.policy, &format!("{}/{name}", explorer.protocol))
}

/// Sends the file at that path in `crates/web/pages`. The page's
/// Content-Security-Policy allows `policy` in addition to [`POLICY`].
pub(crate) fn send(request: &HttpRequest, policy: &str, path: &str) -> HttpResponse {
    if !::web::is_built() {
        let shown = domain::value::shown(request.path());
        let message = format!("there is nothing at {shown}: this build was made without the explorers");
        return refuse(StatusCode::NOT_FOUND, &Error::new(Reason::UnknownOperation, message));
    }
    if !is_read(request) {
        return not_allowed(request, "GET, HEAD", |status, error| refuse(status, &error));
    }
    ::web::find(path).map_or_else(|| nothing_at(request, &[]), |file| send_file(request, policy, file))
}

fn is_read(request: &HttpRequest) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
}

fn send_file(request: &HttpRequest, policy: &str, file: &'static WebFile) -> HttpResponse {
    let is_compressed = accepts_gzip(request);
    // RFC 9110 section 8.8.3.3: another coding of the same content is another representation, and has a tag of its own.
    let tag = EntityTag::new_strong(format!("{}{}", file.tag, if is_compressed { "-gzip" } else { "" }));
    if is_current(request, &tag) {
        return with_headers(HttpResponse::NotModified(), policy).insert_header(ETag(tag)).finish();
    }
    let mut response = with_headers(HttpResponse::Ok(), policy);
    response.insert_header(ETag(tag)).content_type(file.media_type());
    if is_compressed {
        return response.insert_header(ContentEncoding::Gzip).body(file.compressed);
    }
    match file.decompressed() {
        Ok(content) => response.body(content),
        Err(error) => {
            tracing::error!("{} could not be decompressed: {error}", file.path);
            refuse(StatusCode::INTERNAL_SERVER_ERROR, &Error::internal())
        }
    }
}

/// Sets the headers of every response.
pub(crate) fn with_headers(mut response: HttpResponseBuilder, policy: &str) -> HttpResponseBuilder {
    response
        // A cache must ask again: another build has another page at the same address.
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header((header::CONTENT_SECURITY_POLICY, format!("{POLICY}; {policy}")))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"));
    response
}

/// Whether the client accepts gzip and prefers it to no compression.
fn accepts_gzip(request: &HttpRequest) -> bool {
    let gzip = Encoding::gzip();
    AcceptEncoding::parse(request)
        .is_ok_and(|accepted| accepted.negotiate([gzip.clone(), Encoding::identity()].iter()) == Some(gzip))
}

/// RFC 9110 section 13.1.2: whether the client already has this version.
fn is_current(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|own| own.weak_eq(tag)),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests;
