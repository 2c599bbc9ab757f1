//! The shop's events on many channels at the same time, each on a connection of its own whose every byte is counted.
//!
//! A *channel* is a style and how a client receives events in it: pushed, or by polling. When its connection breaks, it resumes by
//! its cursor and says so.

mod channel;
mod follow;
mod listener;
mod scoreboard;
mod watcher;

pub use channel::{
    Channel, LONG_POLL_SECONDS, Mode, POLL_MS, Subject, Timing, channels_of_the_log, channels_of_the_order,
};
pub use follow::{ChannelResult, Follow, FollowResult, PAUSES_MS, STATUSES};
pub use listener::{Update, UpdateKind, Usage};
pub use scoreboard::{Delays, ScoreRow, Scoreboard};
pub use watcher::{Watcher, newest};
