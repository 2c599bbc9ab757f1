//! The schema kernel: declares the inputs and outputs of the shop, decodes them from a [`Value`] and writes them to an [`Encoder`].
//!
//! Each object is declared once, with [`input!`] or [`output!`]; ids with [`id!`], enums with [`enumeration!`]. The macro makes the
//! Rust type, the [`Schema`] from which contracts are generated (or against which tests check them), the decoding, which reports
//! **all** violations and not only the first, and the encoding: each format implements [`Encoder`]. `README.md` says why the crate
//! is written here and not left to a library.

mod declare;
mod encoder;
pub mod names;
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
