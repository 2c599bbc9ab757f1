//! The peers in Rust: one program with a role. Each serves on one thread, from the file that Parlance has made.

mod actix;
mod axum;
mod group_commit;
mod jsonrpsee;
mod juniper;
mod shop;
mod tonic;

use std::env::args;
use std::error::Error;

/// The allocator of Parlance, so that none of the differences are its doing.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Served = Result<(), Box<dyn Error>>;

fn main() -> Served {
    let arguments: Vec<String> = args().skip(1).collect();
    let [role, file, port] = arguments.as_slice() else {
        return Err("usage: peers ROLE FILE PORT".into());
    };
    let port = port.parse()?;
    match role.as_str() {
        "actix" => actix::serve(file, port),
        "axum" => axum::serve(file, port),
        "axum-grouped" => axum::serve_grouped(file, port),
        "jsonrpsee" => jsonrpsee::serve(file, port),
        "jsonrpsee-actix" => jsonrpsee::serve_over_actix(file, port),
        "juniper" => juniper::serve(file, port),
        "tonic" => tonic::serve(file, port),
        other => Err(format!("there is no role {other}").into()),
    }
}
