//! Is every mistake refused in the style's own grammar, with the dictionary's word for it?

mod attacks;
mod beside;
mod bytes;
mod cases;
mod codes;
mod door;
mod frames;
mod mistakes;
mod overload;

use libtest_mimic::{Arguments, Trial};
use server::protocols::PROTOCOLS;
use std::sync::Arc;
use tests::{House, Talk};

type Test = Box<dyn FnOnce(&Arc<House>) + Send>;

fn main() {
    let arguments = Arguments::from_args();
    let house = Arc::new(House::open());
    let full = overload::Full::new();
    let mut trials = Vec::new();
    let mut add = |name: String, test: Test| {
        let house = house.clone();
        trials.push(Trial::test(name, move || {
            test(&house);
            Ok(())
        }));
    };
    for style in PROTOCOLS.iter() {
        let name = style.name;
        for reason in domain::Reason::ALL.iter().filter(|reason| !mistakes::ELSEWHERE.contains(reason)) {
            let tell = move |house: &_| {
                mistakes::make(&mut Talk::over(house, style), style, *reason);
                door::refuses(&mut Talk::over(house, style), style, *reason);
            };
            add(format!("{} :: {name}", reason.word()), Box::new(tell));
        }
        let tell = move |house: &_| door::wishes(&mut Talk::over(house, style), style);
        add(format!("every kind, as was wished for :: {name}"), Box::new(tell));
        let tell = move |house: &_| mistakes::messages_say_the_value(&mut Talk::over(house, style));
        add(format!("messages say the value :: {name}"), Box::new(tell));
        let full = Arc::downgrade(&full);
        add(format!("overloaded :: {name}"), Box::new(move |_| overload::one_more(&full, style)));
    }
    for (style, cases) in cases::CASES {
        for case in cases.iter() {
            add(format!("{} :: {style}", case.name), Box::new(move |house| bytes::send(house, style, case)));
        }
    }
    for (grammar, attack) in tests::attacks::all() {
        let name = format!("{} :: {}", attack.name, grammar.title);
        add(name, Box::new(move |house| attacks::send(house, grammar, attack)));
    }
    add("who does not come to an end is hung up on".to_owned(), Box::new(attacks::hang_up));
    for style in PROTOCOLS.iter() {
        for wrong in beside::WRONG {
            if let Some(request) = beside::request_in(style) {
                let name = format!("{} :: {}", wrong.name, style.name);
                add(name, Box::new(move |house| beside::send(house, style, wrong, &request)));
            }
        }
    }
    add("a 401 says how to prove who one is :: rest".to_owned(), Box::new(beside::challenges));
    for (name, bytes) in bytes::NO_HTTP {
        add(format!("{name} :: no HTTP"), Box::new(move |house| bytes::no_http(house, bytes)));
    }
    for (name, test) in frames::TESTS {
        add((*name).to_owned(), Box::new(test));
    }
    add("every reason is provoked somewhere".to_owned(), Box::new(|_| mistakes::every_reason_is_provoked()));
    let conclusion = libtest_mimic::run(&arguments, trials);
    // The houses go before the process does, so that nothing of them is left in the temporary folder.
    drop((house, full));
    conclusion.exit();
}
