//! The shop: its data, its rules and the pipeline that every call passes. This crate knows no protocol, no transport and
//! no database.
//!
//! Read it from the top. [`operations`] is the one table of all that the shop can do. [`shop`] is the pipeline.
//! [`users`], [`products`], [`carts`], [`orders`], [`events`], [`webhooks`] and [`logins`] are the features, each with its
//! data and inputs, and its rules in `rules`. [`store`], [`authenticator`], [`rate_limit`] and [`observer`] are ports: traits
//! that other crates implement. [`error`] is the one vocabulary of errors, and [`schema`] is what inputs and replies are declared in.
//!
//! Modules are listed in layers, and no file depends on a layer above its own: a feature's data is below the ports, its rules are above.

// The pipeline, and who observes it.
pub mod observer;
pub mod operations;
pub mod shop;
mod table;

// The features.
pub mod carts;
pub mod events;
pub mod logins;
pub mod orders;
pub mod products;
pub mod users;
pub mod webhooks;

// What rules work with.
mod context;
mod services;

// The ports, and what a request carries in addition to its input.
pub mod access;
pub mod authenticator;
pub mod faults;
pub mod idempotency;
pub mod long_poll;
pub mod rate_limit;
pub mod request;
pub mod store;

// The vocabulary.
pub mod error;
pub mod limits;
pub mod money;
pub mod page;
pub mod progress;
pub mod sandbox;
mod secret;
pub mod spelling;
pub mod text;
mod version;

pub use error::{Error, Kind, Reason};
pub use operations::{Operation, Reply};
pub use sandbox::Sandbox;
pub use schema::{self, Value, enumeration, id, input, output, time, value};
pub use shop::{RequestContext, Shop};
pub use spelling::Spelling;
