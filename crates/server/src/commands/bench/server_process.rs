//! A server in a process of its own, so that its CPU time is not mixed with that of the calls.

use super::super::output::Problem;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A server with a temporary shop, which ends with this value, or with this process.
pub struct ServerProcess {
    child: Child,
    url: String,
}

impl ServerProcess {
    /// Starts this program once more, on a free port.
    pub fn start() -> Result<ServerProcess, Problem> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["serve", "--data", "temporary", "--listen", "127.0.0.1:0", "--until-input-ends"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().map(BufReader::new).ok_or("the server has no output")?;
        let mut urls = output.lines().map_while(Result::ok).filter_map(|line| {
            let (_, url) = line.split_once("http://")?;
            Some(format!("http://{}", url.split_ascii_whitespace().next()?))
        });
        let url = urls.next().ok_or("the server did not start")?;
        Ok(ServerProcess { child, url })
    }

    /// Its number for the system.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its URL.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // The end of its input stops the server, which then deletes its temporary shop.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
