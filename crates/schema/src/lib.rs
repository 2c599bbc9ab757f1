//! What may a member hold, and how is it read from a [`Value`] and written to a [`Encoder`]?
//!
//! A thing of the shop is declared once, with [`input!`] or [`output!`]. From that declaration come its Rust type, the [`Schema`]
//! that contracts are generated from or checked against, its reading (which finds **all** violations, not the first) and its
//! writing (each grammar is one [`Encoder`]). `README.md` says why that is not left to a library.

mod declare;
mod encoder;
mod types;
pub mod value;
mod violations;

mod fields;
pub mod text;
pub mod time;
mod traits;
mod values;

mod characters;
pub mod limits;

pub use encoder::Encoder;
pub use fields::{Fields, encode_field};
pub use traits::{Decode, Encode, HasSchema, read};
pub use types::{Enum, Field, Object, Schema};
pub use value::Value;
pub use values::{Int, Items, read_int};
pub use violations::{Path, Violation, Violations};
