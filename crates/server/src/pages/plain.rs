//! Pages without a script, which can't be framed by another site.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The style sheet. The Content-Security-Policy allows it by its hash and no other.
const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem}\
    label,input,dd code{display:block}input{font:inherit;width:100%;box-sizing:border-box;margin-bottom:1rem}\
    button{font:inherit;padding:.4rem 1.2rem;margin-right:.6rem}code{overflow-wrap:anywhere}\
    [role=alert]{border-left:.3rem solid #b00020;padding-left:.8rem}";

/// A page with this body, whose form may lead to the sources of `form_action` (Content Security Policy Level 3).
pub fn page(status: StatusCode, title: &str, body: &str, form_action: &str) -> HttpResponse {
    let style = STANDARD.encode(auth::digest(STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action {form_action}; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title} · Parlance</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    );
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CONTENT_SECURITY_POLICY, policy));
    response.insert_header((header::X_FRAME_OPTIONS, "DENY"));
    response.insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
    response.insert_header((header::REFERRER_POLICY, "no-referrer"));
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response.content_type("text/html; charset=utf-8").body(html)
}
