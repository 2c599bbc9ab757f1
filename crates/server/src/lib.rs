//! The house that Parlance is: [`protocols`] is the list of all protocols, [`app`] the composition on one screen.

pub mod app;
pub mod commands;
pub mod config;
pub mod door;
mod expect;
pub mod explorers;
pub mod lines;
pub mod metrics;
pub mod oauth;
pub mod pages;
pub mod protocols;
pub mod quotas;
pub mod running;
pub mod sandboxes;
pub mod seed;
