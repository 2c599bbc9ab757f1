//! Errors: each is reported in the style's own grammar, with the same reason.

mod attacks;
mod headers;
mod helpful;
mod bytes;
mod frames;
mod mistakes;
mod overload;
mod pipeline;

use crate::trials::Trials;
use server::protocols::PROTOCOLS;
use std::sync::Arc;
use tests::{Conversation, facts, protocols};
use wire::Adapter;

pub fn tests(trials: &mut Trials) {
    let full = overload::Full::new();
    for style in PROTOCOLS.iter() {
        of_the_style(trials, style);
        let full = Arc::downgrade(&full);
        trials.add(format!("overloaded :: {}", style.name), move |_| overload::one_more(&full, style));
    }
    trials.keep(full);
    for facts in protocols::ALL {
        for case in facts.cases {
            trials.add(format!("{} :: {}", case.name, facts.name), move |server| bytes::send(server, facts, case));
        }
    }
    for (facts, grammar, attack) in tests::attacks::all() {
        let name = format!("{} :: {}", attack.name, grammar.title);
        trials.add(name, move |server| attacks::send(server, facts, grammar, attack));
    }
    trials.add("who does not come to an end is hung up on", attacks::hang_up);
    trials.add("a 401 names the authentication schemes :: rest", headers::challenges);
    for (name, bytes) in bytes::NO_HTTP {
        trials.add(format!("{name} :: no HTTP"), move |server| bytes::no_http(server, bytes));
    }
    trials.alone(frames::TESTS);
    trials.add("no style is spared an ordinary mistake", |_| helpful::no_style_is_spared());
    trials.add("every reason is provoked somewhere", |_| mistakes::every_reason_is_caused());
}

/// The parts of an error in addition to its reason.
fn of_the_style(trials: &mut Trials, style: &'static Adapter) {
    let name = style.name;
    for reason in domain::Reason::ALL.iter().filter(|reason| !mistakes::ELSEWHERE.contains(reason)) {
        trials.add(format!("{} :: {name}", reason.word()), move |server| {
            mistakes::make(&mut Conversation::over(server, style), style, *reason);
            pipeline::refuses(&mut Conversation::over(server, style), style, *reason);
        });
    }
    trials.add(format!("every kind, as an injected fault :: {name}"), move |server| {
        pipeline::preferences(&mut Conversation::over(server, style), style);
    });
    trials.add(format!("messages say the value :: {name}"), move |server| {
        mistakes::messages_contain_the_value(&mut Conversation::over(server, style));
    });
    for mistake in helpful::MISTAKES {
        trials.add(format!("a helpful answer to {} :: {name}", mistake.name), move |server| {
            helpful::make(server, style, mistake);
        });
    }
    for slip in facts(name).slips {
        trials.add(format!("a helpful answer to {} :: {name}", slip.name), move |server| {
            helpful::slip(server, facts(name), slip.name);
        });
    }
    if facts(name).header_status.is_some() {
        for wrong in headers::WRONG {
            trials.add(format!("{} :: {name}", wrong.name), move |server| headers::send(server, style, wrong));
        }
    }
}
