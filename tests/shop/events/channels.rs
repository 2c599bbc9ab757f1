//! All channels deliver the same events, resume after a break, and report the bytes that crossed the wire.

use domain::Value;
use domain::access::Credentials;
use domain::users::UserId;
use lab::watch::Mode::{ConditionalPoll, Poll, Prefer, Push, Wait};
use lab::watch::{
    Channel, Follow, FollowResult, PAUSES_MS, STATUSES, ScoreRow, Scoreboard, Subject, Timing, UpdateKind, Usage,
    Watcher, channels_of_the_log,
};
use serde_json::json;
use server::protocols::{PROTOCOLS, find};
use server::running::Running;
use tests::events::{call, newest_over, place};
use tests::relay::Relay;
use tests::test_server::{self, shop_at, standard_seed};
use tests::{TestServer, ValueAccess, runtime};
use wire::Address;
use wire::client::CallOptions;
use wire::connection::Failure;

tests!(
    every_channel_delivers_each_event_once_and_in_order,
    costs_match_what_a_relay_counts,
    conditional_requests_save_known_content,
    channels_resume_after_a_restart_of_the_server,
    a_refused_channel_reports_it_and_stops,
    an_order_is_followed_over_every_channel_whichever_style_changes_it,
    following_can_be_stopped,
    the_order_is_changed_with_the_given_credentials_in_every_style,
);

/// No pauses: the polls run a thousand times a second.
const AT_ONCE: Timing = Timing { poll_ms: 1, retry_ms: 0 };

/// Every channel of `parlance watch`, and one more: GraphQL clients prefer pushes, but can poll too.
fn channels() -> Vec<Channel> {
    let mut channels = channels_of_the_log(&PROTOCOLS, &[]).unwrap();
    channels.push(Channel { name: "waiting-graphql", style: find("graphql").unwrap(), mode: Wait });
    channels
}

async fn newest_of(address: &Address) -> i64 {
    newest_over(address, &PROTOCOLS[0]).await
}

/// The channels, and the events that they have delivered.
struct Show {
    watching: Watcher,
    board: Scoreboard,
    /// Those that broke, and the cursor from which they will resume.
    broke: Vec<(usize, i64)>,
}

impl Show {
    async fn begin(address: &Address, channels: &[Channel], after: i64) -> Show {
        let mut watching = Watcher::new(address, CallOptions::default(), AT_ONCE);
        for channel in channels {
            watching.add(*channel, Subject::Log(after));
        }
        let mut show = Show { watching, board: Scoreboard::new(channels.len(), after), broke: Vec::new() };
        for update in show.watching.ready().await.unwrap() {
            show.take(update.channel, update.kind);
        }
        show
    }

    fn take(&mut self, channel: usize, what: UpdateKind) {
        match what {
            UpdateKind::Listening => {}
            UpdateKind::News(event, at, _) => self.board.record(channel, event, at).unwrap(),
            UpdateKind::Interrupted(_, Subject::Log(after)) => self.broke.push((channel, after)),
            UpdateKind::Interrupted(problem, subject) => panic!("{subject:?}: {problem}"),
            UpdateKind::Refused(refused) => panic!("channel {channel}: {refused}"),
        }
    }

    /// The next event, once every channel has delivered it.
    async fn next(&mut self) -> ScoreRow {
        loop {
            if let Some(row) = self.board.take_complete() {
                return row;
            }
            let update = self.watching.next().await.unwrap();
            self.take(update.channel, update.kind);
        }
    }
}

fn every_channel_delivers_each_event_once_and_in_order() {
    let server = TestServer::open();
    let address = server.address().in_sandbox("watch");
    runtime().block_on(async {
        let after = newest_of(&address).await;
        let mut show = Show::begin(&address, &channels(), after).await;
        let mut seq = after;
        for style in PROTOCOLS.iter() {
            let order = place(&address, style, 1).await;
            call(&address, style, "set_order_status", json!({"id": order, "status": "paid"})).await;
            for status in ["placed", "paid"] {
                seq += 1;
                let row = show.next().await;
                assert_eq!((row.seq, row.event.number("order_id")), (seq, order), "over {}", style.title);
                assert_eq!(row.event.words("status"), status);
                assert!(row.behind().iter().all(Option::is_some));
                assert!(row.behind().iter().flatten().any(std::time::Duration::is_zero), "one channel is first");
            }
        }
        let delays = show.board.delays().to_vec();
        for (Channel { name, style, mode }, (delays, usage)) in
            channels().iter().zip(delays.iter().zip(show.watching.end().await))
        {
            assert_eq!(delays.events as usize, 2 * PROTOCOLS.len(), "{name}");
            assert_eq!(usage.connections, 1, "{name}");
            match mode {
                Push => assert_eq!(usage.requests, 1, "{name}"),
                // At least one request for each time with new events, and none without a response except the last.
                Poll | ConditionalPoll | Prefer | Wait => assert!(usage.requests > 1, "{name}"),
            }
            // HTTP/1.1 has none.
            let has_handshake = *mode == Push && style.name != "rest";
            assert_eq!(usage.handshake.sent > 0 && usage.handshake.received > 0, has_handshake, "{name}");
        }
    });
}

fn costs_match_what_a_relay_counts() {
    let server = TestServer::open();
    for channel in channels() {
        runtime().block_on(async {
            let after = newest_of(&server.address()).await;
            let relay = Relay::to(server.running().socket()).await;
            let mut show = Show::begin(&relay.address(), &[channel], after).await;
            for _ in 0..3 {
                place(&server.address(), &PROTOCOLS[0], 1).await;
                show.next().await;
            }
            let total = |usage: &Usage| {
                (usage.handshake.sent + usage.bytes.sent, usage.handshake.received + usage.bytes.received)
            };
            if channel.mode == Push {
                // Nothing is on its way now, and the relay has counted what the channel has received.
                assert_eq!(relay.counts(), [total(&show.watching.usage()[0])], "{}", channel.name);
            }
            let usage = show.watching.end().await[0];
            // RFC 6455 section 5.5.1: the close frame of a socket is its head and its mask.
            let is_socket = usage.handshake.sent > 0 && channel.style.name != "grpc";
            let sent = total(&usage).0 + if is_socket { 6 } else { 0 };
            // The last bytes may still be on their way.
            while relay.counts()[0].0 < sent {
                tokio::task::yield_now().await;
            }
            let [counts] = relay.counts()[..] else { panic!("{}: more than one connection", channel.name) };
            // A poll is stopped at any time: the last request may go out after its bytes were counted.
            let last = match channel.mode {
                // RFC 9113 sections 6.4 and 6.8: a stream that is left is reset, and then the connection may say goodbye.
                Push if channel.style.name == "grpc" => vec![0, 13, 13 + 17],
                Push => vec![0],
                // The first request of a client is shorter, as it knows no tag.
                Poll | ConditionalPoll | Prefer | Wait => {
                    let one = usage.bytes.sent / u64::from(usage.requests - 1);
                    [0].into_iter().chain(one / 2..=one).collect()
                }
            };
            let is_counted = last.iter().any(|last| counts.0 == sent + last);
            assert!(is_counted, "{}: {usage:?}, but {counts:?}", channel.name);
            assert!(counts.1 >= total(&usage).1, "{}: of a response that was not received", channel.name);
        });
    }
}

fn conditional_requests_save_known_content() {
    let server = TestServer::open();
    runtime().block_on(async {
        let after = newest_of(&server.address()).await;
        let channels: Vec<Channel> =
            channels().into_iter().filter(|channel| matches!(channel.mode, Poll | ConditionalPoll)).collect();
        let mut show = Show::begin(&server.address(), &channels, after).await;
        // Both have requested often what they have seen.
        while show.watching.usage().iter().any(|usage| usage.requests < 20) {
            tokio::task::yield_now().await;
        }
        place(&server.address(), &PROTOCOLS[0], 1).await;
        show.next().await;
        let usage = show.watching.end().await;
        let each = |usage: &Usage, bytes: u64| bytes / u64::from(usage.requests);
        let [plain, conditional] = usage[..] else { panic!("there are two") };
        assert!(each(&conditional, conditional.bytes.received) < each(&plain, plain.bytes.received), "{usage:?}");
        assert!(
            each(&conditional, conditional.bytes.sent) > each(&plain, plain.bytes.sent),
            "the tag itself has bytes: {usage:?}"
        );
    });
}

fn channels_resume_after_a_restart_of_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let (shop, ports) = shop_at(&folder.path().join("shop.db"), standard_seed());
    let first = test_server::serve(shop.clone(), ports.clone());
    let (at, address) = (first.socket(), first.address());
    runtime().block_on(async {
        let after = newest_of(&address).await;
        let channels = channels();
        let mut show = Show::begin(&address, &channels, after).await;
        place(&address, &PROTOCOLS[0], 1).await;
        assert_eq!(show.next().await.seq, after + 1);
        first.stop().await.unwrap();
        // Without listeners no event is lost.
        let lines = tests::given(&json!([{"product_id": 1, "quantity": 1}]));
        let input = Value::object([("user_id", 1.into()), ("lines", lines)]);
        let context = domain::RequestContext::new("none", domain::Sandbox::main());
        shop.execute(&context, domain::Operation::named("place_order"), input).await.unwrap();
        let second = Running::start(at, 2, shop, ports).unwrap();
        assert_eq!(show.next().await.seq, after + 2);
        place(&address, &PROTOCOLS[0], 1).await;
        assert_eq!(show.next().await.seq, after + 3);
        for (result, Channel { name, .. }) in channels.iter().enumerate() {
            let resumed: Vec<i64> =
                show.broke.iter().filter(|(broke, _)| *broke == result).map(|(_, seq)| *seq).collect();
            assert!(!resumed.is_empty(), "{name} did not say that it broke");
            assert!(resumed.iter().all(|seq| *seq == after + 1), "{name}: {resumed:?}");
        }
        // One more is of a channel that reconnected while the first server still listened, and was rejected.
        let usage = show.watching.end().await;
        assert!(usage.iter().all(|usage| (2..=3).contains(&usage.connections)), "{usage:?}");
        second.stop().await.unwrap();
    });
}

fn a_refused_channel_reports_it_and_stops() {
    let server = TestServer::open();
    runtime().block_on(async {
        let newest = newest_of(&server.address()).await;
        let mut watching = Watcher::new(&server.address(), CallOptions::default(), AT_ONCE);
        for channel in channels() {
            watching.add(channel, Subject::Log(newest + 1));
        }
        let mut refused = vec![false; channels().len()];
        while refused.contains(&false) {
            let update = watching.next().await.unwrap();
            match update.kind {
                UpdateKind::Listening => {}
                UpdateKind::Refused(why) => {
                    assert_eq!(why.reason.as_deref(), Some("cursor_expired"), "result {}", update.channel);
                    refused[update.channel] = true;
                }
                what => panic!("result {}: {what:?}", update.channel),
            }
        }
    });
}

fn an_order_is_followed_over_every_channel_whichever_style_changes_it() {
    let server = TestServer::open();
    for by in PROTOCOLS.iter() {
        let look = |name, mode| Channel { name, style: &PROTOCOLS[0], mode };
        let follow = Follow {
            of_the_log: channels(),
            of_the_order: vec![look("poll-order", Poll), look("conditional-order", ConditionalPoll)],
            by,
            pauses_ms: [0; STATUSES.len()],
            timing: AT_ONCE,
            options: CallOptions::default(),
        };
        let mut shown = 0;
        let address = server.address();
        let followed = follow.run(&address, |_| shown += 1, std::future::pending::<()>());
        let followed: FollowResult = runtime().block_on(followed).unwrap();
        assert!(followed.is_complete() && shown > STATUSES.len(), "{}", by.title);
        assert_eq!((followed.changes.len(), followed.channels.len()), (STATUSES.len(), channels().len() + 2));
        for result in &followed.channels {
            let delays = followed.delays(result);
            // A poll of the order sees that it was placed, and may miss statuses that it had briefly.
            let least = if result.polls_the_order { 1 } else { 4 };
            assert!((least..=4).contains(&delays.events), "{}: {}", result.channel.name, delays.events);
            assert_eq!(result.polls_the_order, result.delivered[0].is_none(), "{}", result.channel.name);
            assert!(
                result.usage.requests > 0 && result.usage.bytes.sent > 0 && result.usage.bytes.received > 0,
                "{}",
                result.channel.name
            );
        }
    }
}

fn following_can_be_stopped() {
    let server = TestServer::open();
    let follow = Follow {
        of_the_log: channels(),
        of_the_order: Vec::new(),
        by: &PROTOCOLS[0],
        pauses_ms: PAUSES_MS,
        timing: AT_ONCE,
        options: CallOptions::default(),
    };
    let stopped = runtime().block_on(follow.run(&server.address(), |_| {}, std::future::ready(())));
    assert!(stopped.err().unwrap().to_string().contains("stopped"));
}

fn the_order_is_changed_with_the_given_credentials_in_every_style() {
    let server = TestServer::open();
    let customer = Credentials::ApiKey(auth::demo::api_key(UserId(1)));
    for by in PROTOCOLS.iter() {
        let follow = Follow {
            of_the_log: Vec::new(),
            of_the_order: Vec::new(),
            by,
            pauses_ms: [0; STATUSES.len()],
            timing: AT_ONCE,
            options: CallOptions { credentials: customer.clone(), ..CallOptions::default() },
        };
        let followed = runtime().block_on(follow.run(&server.address(), |_| {}, std::future::pending::<()>()));
        let Err(Failure::Refused(refused)) = followed else {
            panic!("{}: a customer can't say that it was paid", by.title)
        };
        assert_eq!(refused.reason.as_deref(), Some("not_allowed"), "{}", by.title);
    }
}
