//! `parlance watch`: the news in every way at once, side by side, and what each way costs.

mod print;
mod screen;

use super::{Problem, credentials, say, server, style};
use crate::config::Watch;
use crate::protocols::PROTOCOLS;
use lab::watch::{
    Channel, Follow, Pauses, STATUSES, ScoreRow, Scoreboard, Subject, Timing, UpdateKind, Watcher, channels_of_the_log,
    channels_of_the_order, newest,
};
use screen::Screen;
use tokio::signal::ctrl_c;
use wire::Address;
use wire::client::CallOptions;

/// Watches until so many events were heard, or until Ctrl-C; or follows an order.
pub async fn watch(config: Watch) -> Result<bool, Problem> {
    let ways = channels_of_the_log(&PROTOCOLS, &config.over)?;
    let options = CallOptions { credentials: credentials(&config.who)?, ..CallOptions::default() };
    let (address, own) = server(config.url.as_deref())?;
    if own.is_some() && !config.follow_order && !config.json {
        say(format_args!(
            "This is a shop of its own, at {address}. Nothing happens in it unless you make it happen:\n\
             parlance call place_order user_id=1 'lines=[{{\"product_id\":1,\"quantity\":1}}]' --url {address}\n"
        ))?;
    }
    let watched = if config.follow_order {
        follow(&config, &address, ways, options).await
    } else {
        listen(&config, &address, &ways, options).await
    };
    if let Some(own) = own {
        own.stop().await?;
    }
    watched
}

/// Shows events as they are heard, and at the end what each lane has spent.
async fn listen(config: &Watch, address: &Address, ways: &[Channel], options: CallOptions) -> Result<bool, Problem> {
    let after = match (config.after, ways.first()) {
        (Some(after), _) => after,
        (None, Some(first)) => newest(address, first.style, &options).await?,
        (None, None) => 0,
    };
    let mut watching = Watcher::new(address, options, Timing::default());
    for way in ways {
        watching.add(*way, Subject::Log(after));
    }
    let (board, screen) = (Scoreboard::new(ways.len(), after), Screen::new());
    let broken = vec![false; ways.len()];
    let mut view = View { ways, board, broken, screen, is_json: config.json, left: config.n };
    view.begin()?;
    while view.left != Some(0) && !view.board.is_deserted() {
        tokio::select! {
            told = watching.next() => {
                let told = told?;
                view.take(told.channel, told.kind)?;
            }
            stopped = ctrl_c() => {
                stopped?;
                break;
            }
        }
    }
    let is_deserted = view.board.is_deserted();
    view.end(&watching.end().await)?;
    Ok(!is_deserted)
}

/// What is seen of the lanes.
struct View<'w> {
    ways: &'w [Channel],
    board: Scoreboard,
    /// Lanes that are not connected.
    broken: Vec<bool>,
    screen: Screen,
    is_json: bool,
    /// Events until the end, if there is to be one.
    left: Option<u32>,
}

impl View<'_> {
    fn begin(&mut self) -> Result<(), Problem> {
        if self.is_json {
            return Ok(());
        }
        self.screen.write(&["Milliseconds behind whoever heard it first:".to_owned()], &[])?;
        self.screen.write(&print::heads(self.ways), &[])
    }

    fn take(&mut self, lane: usize, what: UpdateKind) -> Result<(), Problem> {
        let was_broken = std::mem::replace(&mut self.broken[lane], matches!(what, UpdateKind::Interrupted(..)));
        let word = match what {
            UpdateKind::News(event, at, _) => {
                self.board.hear(lane, event, at)?;
                return self.show(Vec::new());
            }
            UpdateKind::Listening if was_broken => "listens again".to_owned(),
            UpdateKind::Interrupted(problem, Subject::Log(after)) if !was_broken => {
                format!("{problem}. It resumes after {after}")
            }
            UpdateKind::Listening | UpdateKind::Interrupted(..) => return Ok(()),
            UpdateKind::Refused(refused) => {
                self.board.leave(lane);
                format!("refused, and listens no more: {refused}")
            }
        };
        self.show(vec![print::word(&self.ways[lane], &word, self.is_json)])
    }

    /// Shows these lines, then the events that all have heard, and at a terminal those that some have still to hear.
    fn show(&mut self, mut settled: Vec<String>) -> Result<(), Problem> {
        while self.left != Some(0)
            && let Some(row) = self.board.settle()
        {
            settled.push(self.line(&row));
            self.left = self.left.map(|left| left - 1);
        }
        let open: Vec<String> = if self.is_json { Vec::new() } else { self.board.open().map(print::row).collect() };
        self.screen.write(&settled, &open)
    }

    fn line(&self, row: &ScoreRow) -> String {
        if self.is_json { print::row_as_json(row, self.ways).to_string() } else { print::row(row) }
    }

    /// Also prints the events that not every lane received, unless the wanted number of events has been printed.
    fn end(mut self, spent: &[lab::watch::Usage]) -> Result<(), Problem> {
        let mut lines = Vec::new();
        while self.left != Some(0)
            && let Some(row) = self.board.take()
        {
            lines.push(self.line(&row));
        }
        if self.is_json {
            lines.push(print::table_as_json(self.ways, self.board.delays(), spent).to_string());
        } else {
            lines.push(String::new());
            lines.extend(print::table(self.ways, self.board.delays(), spent));
        }
        self.screen.write(&lines, &[])
    }
}

/// Follows an order, and tells what that cost in each way.
async fn follow(config: &Watch, address: &Address, ways: Vec<Channel>, options: CallOptions) -> Result<bool, Problem> {
    let by = style(&config.by)?;
    let pauses = config.pause.map_or_else(Pauses::default, |pause_ms| Pauses([pause_ms; STATUSES.len()]));
    // Who has named ways wants these and no others.
    let of_the_order = if config.over.is_empty() { channels_of_the_order(&PROTOCOLS) } else { Vec::new() };
    let follow = Follow { of_the_log: ways, of_the_order, by, pauses, timing: Timing::default(), options };
    let mut screen = Screen::new();
    let mut unread = None;
    let show = |followed: &lab::watch::FollowResult| {
        if !config.json && unread.is_none() {
            unread = screen.write(&[], &print::followed(followed, by)).err();
        }
    };
    let followed = follow.run(address, show, ctrl_c()).await?;
    unread.map_or(Ok(()), Err)?;
    if config.json {
        say(print::followed_as_json(&followed, by))?;
    } else {
        screen.write(&print::followed(&followed, by), &[])?;
        say(format_args!("\n{}", print::how_followed(by)))?;
    }
    Ok(followed.is_whole())
}
