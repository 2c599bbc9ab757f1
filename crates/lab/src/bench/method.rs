//! How a benchmark measures and what it does not show, for the reader of its numbers.

use super::differences::{P_MAX, rounds_min};
use super::plan::{Plan, is_order};
use std::thread::available_parallelism;

/// How it is measured, in sentences.
pub fn method(plan: &Plan, knows_process: bool) -> Vec<String> {
    let Plan { rounds, calls, seed, rate, cold, .. } = plan;
    let mut sentences = vec![
        format!(
            "Each cell, a call in a style, is measured once in each of {rounds} rounds, in random order (--seed {seed}): {calls} calls \
             after {} that warm up and are not counted. A figure is the median of the rounds.",
            plan.warm_up()
        ),
        match rate {
            None => "Closed loop: a connection sends its next call as soon as the answer to the last one is there.".to_owned(),
            Some(rate) => format!(
                "Open loop: {rate} calls a second, however long the answers take. A call's time runs from when it should have begun, \
                 so that waiting for a free connection counts (no coordinated omission)."
            ),
        },
        match cold {
            false => "The connections are open already.",
            true => "Each call opens a new connection, which is part of its time and bytes.",
        }
        .to_owned(),
        "The client half of each style made the call first: the answers of all styles say the same. Its bytes are then sent again and \
         again. Of every answer the first line and the length are checked, and after each turn a whole answer."
            .to_owned(),
        match knows_process && cfg!(target_os = "linux") {
            true => "CPU is the time that the threads of the server were on a CPU; the server is a process of its own.",
            false => "CPU and memory of the server are not known: they are only for a server that this command starts, on Linux.",
        }
        .to_owned(),
        format!(
            "Two styles are compared by the Mann-Whitney U test over the rounds; p is multiplied by the number of pairs (Bonferroni). A \
             difference is shown if p < {P_MAX} and it is larger than the noise floor."
        ),
    ];
    if plan.options.gzip {
        sentences.push("Over HTTP the client asks for gzip; long answers are compressed.".to_owned());
    }
    if plan.operations.iter().any(|operation| is_order(operation)) {
        sentences
            .push("Orders are placed in a sandbox that is new for each turn; all must be there afterwards.".to_owned());
    }
    sentences
}

/// What the numbers do not show, in sentences.
pub fn limits(plan: &Plan) -> Vec<String> {
    let cores = available_parallelism().map_or(1, usize::from);
    let busy = match plan.rate {
        None => "Where client_busy is near 1, calls a second and times are as much its own as the server's.",
        Some(_) => "It waits without sleeping, so that it sends in time.",
    };
    let mut sentences = vec![
        "Only figures of one run can be compared: another machine, or the same at another hour, has others.".to_owned(),
        format!("Client and server share {cores} cores and the loopback interface: there is no network. The client is one thread. {busy}"),
        "What a client pays to write a request and to read an answer is not measured: it depends on the library.".to_owned(),
        "Memory is that of the whole server after a turn, with all that happened before.".to_owned(),
        "Pipelined calls and batches are not measured; the command scenario shows batches.".to_owned(),
        "The noise floor is that of one cell. With more connections the times vary more, which the test over the rounds takes into account."
            .to_owned(),
    ];
    // At most: a WebSocket has one version of HTTP, and gRPC another one.
    let least = rounds_min(plan.styles.len() * plan.versions.len());
    if plan.rounds < least {
        let sentence = "no difference between so many styles can be shown";
        sentences.insert(0, format!("With --rounds {} {sentence}; {least} can.", plan.rounds));
    }
    sentences
}
