//! What Linux counts of a process: its CPU time and its memory. Elsewhere nothing is known.

use std::fs;

/// The nanoseconds that the threads of a process were on a CPU. `/proc/{pid}/stat` has the same in hundredths of a second, which are as
/// long as 500 calls.
pub fn cpu_ns(pid: u32) -> Option<u64> {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).ok()?;
    // A thread may end while it is looked at.
    let times = threads.filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("schedstat")).ok());
    let times: Vec<u64> = times.filter_map(|time| time.split(' ').next()?.parse().ok()).collect();
    (!times.is_empty()).then(|| times.iter().sum())
}

/// A number of its memory in KiB, by its name in `/proc/{pid}/status`: `VmRSS` is the resident memory, `VmHWM` the most so far.
pub fn memory_kib(pid: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

#[cfg(test)]
mod tests {
    #[test]
    #[cfg(target_os = "linux")]
    fn a_busy_process_has_used_about_that_much_cpu() {
        use super::*;
        use std::time::{Duration, Instant};
        let (pid, begun) = (std::process::id(), Instant::now());
        let before = cpu_ns(pid).expect("Linux knows");
        while begun.elapsed() < Duration::from_millis(50) {}
        let used = cpu_ns(pid).expect("Linux knows") - before;
        assert!(used > 10_000_000, "{used} ns");
        let (now, most) = (memory_kib(pid, "VmRSS").expect("a number"), memory_kib(pid, "VmHWM").expect("a number"));
        assert!(now > 1_000 && now <= most, "{now} {most}");
        assert_eq!((cpu_ns(u32::MAX), memory_kib(u32::MAX, "VmRSS")), (None, None));
    }
}
