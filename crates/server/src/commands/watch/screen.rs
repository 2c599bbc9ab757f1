//! Lines that may still change: a terminal shows them and they are written again; other outputs get only the final lines.

use super::super::output::Problem;
use std::io::{IsTerminal, Write, stdout};

/// The output.
pub struct Screen {
    is_terminal: bool,
    /// Lines at the end that may still change.
    open: usize,
}

impl Screen {
    /// The standard output.
    pub fn new() -> Screen {
        Screen { is_terminal: stdout().is_terminal(), open: 0 }
    }

    /// Writes final lines, and after them lines that may still change, in place of the earlier ones of that kind.
    pub fn write(&mut self, settled: &[String], open: &[String]) -> Result<(), Problem> {
        let mut out = stdout().lock();
        if self.open > 0 {
            // ECMA-48: move the cursor up by so many lines (CUU) and erase the rest of the screen (ED).
            write!(out, "\x1b[{}A\x1b[J", self.open)?;
        }
        settled.iter().try_for_each(|line| writeln!(out, "{}", line.trim_end()))?;
        self.open = 0;
        if self.is_terminal {
            open.iter().try_for_each(|line| writeln!(out, "{}", line.trim_end()))?;
            self.open = open.len();
        }
        Ok(out.flush()?)
    }
}
