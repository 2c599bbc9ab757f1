//! The addresses of the lab: the table of what can be compared, comparisons, scenarios, and live streams.
//!
//! The server measures by calling itself over its own address, as any client would.

pub(crate) mod again;
mod body;
pub(crate) mod class;
mod compare;
pub(crate) mod follow;
mod lab;
pub(crate) mod progress;
pub(crate) mod old_clients;
mod scenario;
pub(crate) mod send;
pub(crate) mod table;
mod traffic;
pub(crate) mod translate;

pub use lab::{Lab, LabConfig, Person};

use actix_web::web::{self, ServiceConfig};
use wire::refusal::only;

/// Adds the routes to the application. They find the [`Lab`] and the [`domain::Shop`] in its data.
pub fn mount(config: &mut ServiceConfig) {
    let post = |path| web::resource(path).default_service(only("POST"));
    let get = |path| web::resource(path).default_service(only("GET"));
    let table = web::resource("/lab/table").route(web::get().to(table::table)).route(web::head().to(table::table));
    config
        .service(table.default_service(only("GET, HEAD")))
        .service(post("/lab/compare").route(web::post().to(compare::compare)))
        .service(post("/lab/scenario").route(web::post().to(scenario::run)))
        .service(post("/lab/send").route(web::post().to(send::send)))
        .service(post("/lab/again").route(web::post().to(again::read)))
        .service(post("/lab/old-clients").route(web::post().to(old_clients::read)))
        .service(post("/lab/translate").route(web::post().to(translate::translate)))
        .service(get("/lab/follow").route(web::get().to(follow::follow)))
        .service(get("/lab/wire").route(web::get().to(traffic::watch)))
        .service(get("/lab/wire/{id}").route(web::get().to(traffic::open)))
        .service(
            web::resource("/class")
                .route(web::get().to(class::read))
                .route(web::post().to(class::create))
                .default_service(only("GET, POST")),
        )
        .service(web::resource("/class/message").route(web::put().to(class::message)).default_service(only("PUT")))
        .service(post("/class/reset").route(web::post().to(class::reset)))
        .service(get("/class/progress.csv").route(web::get().to(class::export::table)))
        .service(get("/class/progress.jsonl").route(web::get().to(class::export::statements)))
        .service(get("/progress").route(web::get().to(progress::read)))
        .service(get("/progress/stream").route(web::get().to(progress::stream)))
        .service(post("/progress/{exercise}/hint").route(web::post().to(progress::hint)))
        .service(post("/progress/{exercise}/answer").route(web::post().to(progress::answer)))
        .service(
            web::resource("/progress/{exercise}")
                .route(web::delete().to(progress::again))
                .default_service(only("DELETE")),
        );
}
