//! Output of commands, and their errors.

use std::fmt::Display;
use std::io::{ErrorKind, Write, stdout};

/// An error, with a message for the terminal.
pub type Problem = Box<dyn std::error::Error>;

/// Prints a line. Fails if the reader has closed the output, as `head` does.
pub(super) fn print_line(text: impl Display) -> Result<(), Problem> {
    Ok(writeln!(stdout().lock(), "{text}")?)
}

/// Whether the reader has closed the output.
pub fn is_output_closed(problem: &Problem) -> bool {
    problem.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
