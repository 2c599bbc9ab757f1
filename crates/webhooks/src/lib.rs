//! Webhooks: how is news carried to somebody who does not listen?
//!
//! The shop keeps who is to be called and what for ([`domain::webhooks`]); here is who goes. [`policy`] says where to, as far as an
//! address can be judged by what it says ([`target`]), and [`network`] which addresses are whose. [`carry`] takes what is due,
//! as many at once as [`places`] has room for; [`message`] says it, [`sign`] signs it, [`send`] brings it, and [`note`] writes down
//! what came of it: so it is taken, tried again, or given up.

pub mod carry;
pub mod message;
pub mod network;
pub mod note;
pub mod places;
pub mod policy;
pub mod send;
pub mod sign;
pub mod target;

pub use carry::Worker;
pub use policy::Policy;
pub use send::Sender;
