//! The formats that several styles share.

pub mod json;
pub mod names;
pub mod xml;
