//! How are lines shown that may still change? At a terminal they are written again; elsewhere only what is settled is written.

use super::super::Problem;
use std::io::{IsTerminal, Write, stdout};

/// Where it is shown.
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

    /// Writes lines for good, and after them lines that may still change, instead of those that were open.
    pub fn write(&mut self, settled: &[String], open: &[String]) -> Result<(), Problem> {
        let mut out = stdout().lock();
        if self.open > 0 {
            // ECMA-48: cursor up so many lines (CUU), and erase from there on (ED).
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
