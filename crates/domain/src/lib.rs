//! The shop: its data, its rules and its door. This crate knows no protocol, no transport and no database.
//!
//! Read it from the top: [`shop`] is the door that every call goes through; [`operations`] is the one table of all that the shop can
//! do; [`users`], [`products`], [`carts`], [`orders`], [`events`], [`webhooks`] and [`logins`] are the features, each with its data and
//! inputs, and beside them in `rules` what can be done with them; [`store`], [`authenticator`] and their like are the ports, behind which is
//! whatever keeps, proves or carries; [`error`] is the one vocabulary of mistakes, and [`shape`] what all of it is declared in.
//!
//! The modules are listed in layers, and no file needs one of a layer above its own: a feature's data is below the ports, its rules
//! are above them.

// The pipeline: what every call goes through, and who watches it.
pub mod observer;
pub mod operations;
pub mod shop;
mod table;

// The features: rules, which work with `services`.
pub mod carts;
pub mod events;
pub mod logins;
pub mod orders;
pub mod products;
pub mod users;
pub mod webhooks;

// What rules get to work with.
mod context;
mod services;

// The ports, and what is said at the door.
pub mod access;
pub mod authenticator;
pub mod faults;
pub mod idempotency;
pub mod long_poll;
pub mod rate_limit;
pub mod request;
pub mod store;

// The words that all of it is written in.
pub mod error;
pub mod limits;
pub mod money;
pub mod page;
pub mod sandbox;
mod secret;
pub mod text;
mod version;

pub use error::{Error, Kind, Reason};
pub use operations::{Operation, Reply};
pub use sandbox::Sandbox;
pub use schema::{self, Value, enumeration, id, input, output, time, value};
pub use shop::{RequestContext, Shop};
