//! Does news arrive: in order, once, without a gap, and after a break where one was, over every style that pushes?

#![allow(clippy::unwrap_used, reason = "a test that finds no value has failed")]

mod disconnects;
mod history;
mod restart;
mod sockets;
mod speech;
