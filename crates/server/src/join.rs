//! `GET /class/join`: a learner types a name, and gets to a sandbox of their own.

use crate::oauth::Form;
use crate::pages::page;
use crate::ports::Ports;
use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::{Error, Reason, Sandbox, Shop};
use lab::class::{self, NAME_CHARS_MAX};
use wire::refusal::{only, status};
use wire::xml::for_html;

/// Adds the route to the application.
pub fn mount(config: &mut ServiceConfig) {
    config.service(web::resource("/class/join").route(web::get().to(join)).default_service(only("GET")));
}

async fn join(request: HttpRequest, shop: Data<Shop>, ports: Data<Ports>) -> HttpResponse {
    let form = Form::parse(request.query_string().as_bytes());
    let Some(name) = form.get("name") else { return ask(StatusCode::OK, "", None) };
    match sandbox(&shop, &ports, name).await {
        Ok(sandbox) => {
            let place = wire::base(&request).in_sandbox(sandbox.as_str()).http("/#/exercises");
            let headers = [(header::LOCATION, place.as_str()), (header::CACHE_CONTROL, "no-store")];
            let mut response = HttpResponse::SeeOther();
            headers.into_iter().for_each(|header| _ = response.insert_header(header));
            response.finish()
        }
        Err(error) => ask(status(error.reason), name, Some(&error.message)),
    }
}

async fn sandbox(shop: &Shop, ports: &Ports, name: &str) -> Result<Sandbox, Error> {
    let missing = || Error::new(Reason::UnknownOperation, "this server recognises no exercises");
    class::join(shop, ports.learners.as_deref().ok_or_else(missing)?, name.trim()).await
}

/// The form.
fn ask(status: StatusCode, name: &str, problem: Option<&str>) -> HttpResponse {
    let alert = problem.map(|problem| format!("<p role=\"alert\">{}</p>", for_html(problem))).unwrap_or_default();
    let body = format!(
        "<h1>Join the class</h1>\n{alert}\n\
         <form action=\"join\">\n<label for=\"name\">Your name</label>\n\
         <input id=\"name\" name=\"name\" maxlength=\"{NAME_CHARS_MAX}\" autocomplete=\"nickname\" required value=\"{name}\">\n\
         <button>Join</button>\n</form>\n\
         <p>You get a shop of your own, with exercises. With the same name you come back to it, on any machine, and so does everybody \
         who types it: choose one that no other learner has.</p>",
        name = for_html(name),
    );
    page(status, "Join the class", &body, "'self'")
}
