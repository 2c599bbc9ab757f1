//! The commands of the command line.

mod arguments;
mod bench;
mod call;
mod class;
mod compare;
mod exercises;
mod output;
mod scenario;
mod serve;
mod table;
mod watch;

pub use bench::bench;
pub use call::call;
pub use class::class;
pub use compare::compare;
pub use exercises::exercises;
pub use output::{Problem, REFUSED, exit_status, is_output_closed};
pub use scenario::scenario;
pub use serve::serve;
pub use watch::watch;
