//! Webhooks: delivers the shop's events to the URLs that clients registered, as Standard Webhooks 1.0.0 describes.
//!
//! The shop stores webhooks and their deliveries ([`domain::webhooks`]); this crate sends them. [`policy`] decides which URLs are
//! allowed, after parsing them ([`target`]) and looking at their addresses ([`network`]). The [`worker`] takes due deliveries, as
//! many at once as [`concurrency`] allows; [`message`] builds and signs the request, [`send`] sends it, and [`outcome`] records the
//! result: delivered, to be tried again, or failed.

pub mod concurrency;
pub mod message;
pub mod network;
pub mod outcome;
pub mod policy;
pub mod send;
pub mod target;
pub mod worker;

pub use policy::Policy;
pub use send::Sender;
pub use worker::Worker;
