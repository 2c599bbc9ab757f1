//! `parlance watch`: the same events over every channel at once, and what each channel costs.

mod print;
mod screen;

use super::arguments::{credentials, with_server};
use super::output::{Problem, print_line};
use crate::config::Watch;
use crate::protocols::PROTOCOLS;
use lab::watch::{
    Channel, Follow, PAUSES_MS, STATUSES, Scoreboard, Subject, Timing, UpdateKind, Watcher, channels_of_the_log,
    channels_of_the_order, newest,
};
use screen::Screen;
use tokio::signal::ctrl_c;
use wire::Address;
use wire::client::CallOptions;

/// Follows the event log until so many events were received or until Ctrl-C, or follows an order.
pub async fn watch(config: Watch) -> Result<bool, Problem> {
    let channels = channels_of_the_log(&PROTOCOLS, &config.over)?;
    let options = CallOptions { credentials: credentials(&config.credentials), ..CallOptions::default() };
    let follow = async |address: &Address, is_started: bool| {
        if config.follow_order {
            return follow_order(&config, address, channels, options).await;
        }
        if is_started {
            print_line(format_args!(
                "The command has started a server at {address}. To see an event, place an order in another terminal:\n\
                 parlance call place_order user_id=1 'lines=[{{\"product_id\":1,\"quantity\":1}}]' --url {address}\n"
            ))?;
        }
        follow_log(&config, address, &channels, options).await
    };
    with_server(config.url.as_deref(), follow).await
}

/// Shows events as they arrive, and at the end what each channel cost.
async fn follow_log(
    config: &Watch,
    address: &Address,
    channels: &[Channel],
    options: CallOptions,
) -> Result<bool, Problem> {
    let after = match (config.after, channels.first()) {
        (Some(after), _) => after,
        (None, Some(first)) => newest(address, first.style, &options).await?,
        (None, None) => 0,
    };
    let mut watcher = Watcher::new(address, options, Timing::default());
    for channel in channels {
        watcher.add(*channel, Subject::Log(after));
    }
    let (board, screen) = (Scoreboard::new(channels.len(), after), Screen::new());
    let broken = vec![false; channels.len()];
    let mut view = View { channels, board, broken, screen, left: config.n };
    view.begin()?;
    while view.left != Some(0) && !view.board.have_all_ended() {
        tokio::select! {
            update = watcher.next() => {
                let update = update?;
                view.take(update.channel, update.kind)?;
            }
            stopped = ctrl_c() => {
                stopped?;
                break;
            }
        }
    }
    let have_all_ended = view.board.have_all_ended();
    view.end(&watcher.end().await)?;
    Ok(!have_all_ended)
}

/// What the screen shows of the channels.
struct View<'w> {
    channels: &'w [Channel],
    board: Scoreboard,
    /// Whether each channel is disconnected.
    broken: Vec<bool>,
    screen: Screen,
    /// Events that are still to be shown; `None` if there is no limit.
    left: Option<u32>,
}

impl View<'_> {
    fn begin(&mut self) -> Result<(), Problem> {
        self.screen.write(&["Milliseconds after the first channel to receive the event:".to_owned()], &[])?;
        self.screen.write(&print::heads(self.channels), &[])
    }

    fn take(&mut self, channel: usize, update: UpdateKind) -> Result<(), Problem> {
        let was_broken = std::mem::replace(&mut self.broken[channel], matches!(update, UpdateKind::Interrupted(..)));
        let status = match update {
            UpdateKind::News(event, at, _) => {
                self.board.record(channel, event, at)?;
                return self.show(Vec::new());
            }
            UpdateKind::Listening if was_broken => "connected again".to_owned(),
            UpdateKind::Interrupted(problem, Subject::Log(after)) if !was_broken => {
                format!("{problem}; it will resume after event {after}")
            }
            UpdateKind::Listening | UpdateKind::Interrupted(..) => return Ok(()),
            UpdateKind::Refused(refused) => {
                self.board.end_channel(channel);
                format!("refused: {refused}")
            }
        };
        self.show(vec![format!("{}: {status}", self.channels[channel].name)])
    }

    /// Shows these lines, then the events that all channels have received. A terminal also shows those that some still wait for.
    fn show(&mut self, mut settled: Vec<String>) -> Result<(), Problem> {
        while self.left != Some(0)
            && let Some(row) = self.board.take_complete()
        {
            settled.push(print::row(&row));
            self.left = self.left.map(|left| left - 1);
        }
        let open: Vec<String> = self.board.incomplete().map(print::row).collect();
        self.screen.write(&settled, &open)
    }

    /// Also prints the events that not every channel received, unless enough events have been printed.
    fn end(mut self, usage: &[lab::watch::Usage]) -> Result<(), Problem> {
        let mut lines = Vec::new();
        while self.left != Some(0)
            && let Some(row) = self.board.take_oldest()
        {
            lines.push(print::row(&row));
        }
        lines.push(String::new());
        lines.extend(print::table(self.channels, self.board.delays(), usage));
        self.screen.write(&lines, &[])
    }
}

/// Follows an order and prints what that cost in each channel.
async fn follow_order(
    config: &Watch,
    address: &Address,
    channels: Vec<Channel>,
    options: CallOptions,
) -> Result<bool, Problem> {
    let by = config.by;
    let pauses_ms = config.pause.map_or(PAUSES_MS, |pause_ms| [pause_ms; STATUSES.len()]);
    // If channels were named, only these are followed.
    let of_the_order = if config.over.is_empty() { channels_of_the_order(&PROTOCOLS) } else { Vec::new() };
    let follow = Follow { of_the_log: channels, of_the_order, by, pauses_ms, timing: Timing::default(), options };
    let mut screen = Screen::new();
    let mut output_error = None;
    let show = |followed: &lab::watch::FollowResult| {
        if output_error.is_none() {
            output_error = screen.write(&[], &print::followed(followed, by)).err();
        }
    };
    let followed = follow.run(address, show, ctrl_c()).await?;
    output_error.map_or(Ok(()), Err)?;
    screen.write(&print::followed(&followed, by), &[])?;
    print_line(format_args!("\n{}", print::how_followed(by)))?;
    Ok(followed.is_complete())
}
