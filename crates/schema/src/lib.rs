//! What may a member hold, and how is it read from a [`Value`] and written to a [`Sink`]?
//!
//! A thing of the shop is declared once, with [`input!`] or [`output!`]. From that declaration come its Rust type, the [`Shape`]
//! that contracts are generated from or checked against, its reading (which finds **all** violations, not the first) and its
//! writing (each grammar is one [`Sink`]). `README.md` says why that is not left to a library.

mod declare;
mod shape;
mod sink;
pub mod value;
mod violations;

mod members;
pub mod text;
pub mod time;
mod traits;
mod values;

mod characters;
pub mod limits;

pub use members::{Members, write_member};
pub use shape::{Member, Record, Shape, Words};
pub use sink::Sink;
pub use traits::{Readable, Shaped, Writable, read};
pub use value::Value;
pub use values::{Int, Items, read_int};
pub use violations::{Path, Violation, Violations};
