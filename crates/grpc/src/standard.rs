//! The services that gRPC defines for every server: health, and reflection, by which tools learn the methods without a file.

mod health;
mod reflection;

use actix_web::web::ServiceConfig;

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    health::mount(config);
    reflection::mount(config);
}

/// Whether a method of these services has that path.
pub fn is_at(path: &str) -> bool {
    reflection::is_at(path) || health::is_at(path)
}

pub use reflection::is_at as is_streamed;
