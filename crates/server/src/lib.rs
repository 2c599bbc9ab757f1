//! The server and the command line: [`protocols`] lists all protocols, [`app`] puts everything together.

pub mod app;
pub mod commands;
pub mod config;
pub mod connections;
mod expect;
pub mod explorers;
mod frames;
mod http2;
mod join;
pub mod metrics;
pub mod oauth;
pub mod pages;
pub mod ports;
pub mod protocols;
pub mod rate_limiter;
pub mod running;
pub mod sandboxes;
pub mod seed;
mod streams;
