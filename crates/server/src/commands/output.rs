//! Output of commands, their errors, and the exit status of each kind of error.

use std::fmt::{self, Display};
use std::io::{ErrorKind, Write, stdout};
use wire::connection::Failure;

/// An error, with a message for the terminal.
pub type Problem = Box<dyn std::error::Error>;

/// The command line is wrong, and nothing was sent.
#[derive(Debug)]
pub(super) struct Usage(pub String);

impl Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// The exit status of a command that was refused, or whose results differ.
pub const REFUSED: u8 = 1;

/// The exit status for an error.
pub fn exit_status(problem: &Problem) -> u8 {
    match problem.downcast_ref::<Failure>() {
        Some(Failure::Refused(_)) => REFUSED,
        Some(Failure::Broken(_) | Failure::DecodeError(_) | Failure::Closed(..)) => 3,
        None if problem.is::<Usage>() => 2,
        None => 4,
    }
}

/// Prints a line. Fails if the reader has closed the output, as `head` does.
pub(super) fn print_line(text: impl Display) -> Result<(), Problem> {
    Ok(writeln!(stdout().lock(), "{text}")?)
}

/// Whether the reader has closed the output.
pub fn is_output_closed(problem: &Problem) -> bool {
    problem.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
