//! The shop: its data, its rules and its door. This crate knows no protocol, no transport and no database.
//!
//! Read it in this order: [`operations`] is the one table of all that the shop can do; [`shop`] is the door that every
//! call goes through; [`users`], [`products`], [`carts`], [`orders`], [`events`] and [`logins`] are the features, each with its
//! data, its rules and its operations; [`error`] is the one vocabulary of mistakes. The rest are the words they are written in:
//! [`shape`] says what a member may hold, [`value`] is an input before anyone has looked at it, [`store`] is the port
//! behind which the data lives. What the door asks stands beside it: [`access`] and [`guard`] (who are you, may you),
//! [`quota`] (how often), [`faults`] (what if it fails), [`once`] (was this the second click), [`witness`] (who watches).

pub mod operations;
pub mod shop;

pub mod access;
pub mod carts;
pub mod events;
pub mod logins;
pub mod orders;
pub mod products;
pub mod users;
pub mod webhooks;

pub mod error;
pub mod faults;
pub mod guard;
pub mod limits;
pub mod meta;
pub mod money;
pub mod once;
pub mod page;
pub mod quota;
pub mod sandbox;
pub mod shape;
pub mod store;
mod table;
pub mod text;
pub mod time;
pub mod value;
pub mod waiting;
pub mod witness;

pub use error::{Error, Kind, Reason};
pub use operations::{Operation, Reply};
pub use sandbox::Sandbox;
pub use shop::{Meta, Shop};
pub use value::Value;
