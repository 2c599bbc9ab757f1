//! parlance
fn main() {}
