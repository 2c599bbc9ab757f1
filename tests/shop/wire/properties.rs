//! Properties of HTTP and of encodings, which no style owns, hold in every style: a table of both.

mod addresses;
mod bodies;
mod codings;
mod compressed;
mod expectations;
mod http2;
mod media_types;
mod probe;
mod upgrades;
mod values;

use crate::trials::Trials;
use probe::Probe;
use tests::variants;

/// A property: its name, and the function that tries it in one style.
type Property = (&'static str, fn(&Probe));

const PROPERTIES: &[Property] = &[
    ("an offered upgrade is not taken, and the body is read", upgrades::posts),
    ("an offered upgrade in pieces", upgrades::pieces),
    ("an offered upgrade without a body", upgrades::gets),
    ("an offered upgrade with a body that is too large", upgrades::too_large),
    ("a client that expects to be refused early", expectations::refused),
    ("a client that expects 100 Continue", expectations::accepted),
    ("other expectations", expectations::ignored),
    ("a body in pieces", bodies::pieces),
    ("requests in one packet", bodies::pipelined),
    ("content that has no meaning", bodies::meaningless),
    ("a body that is too large", bodies::too_large),
    ("a percent-encoded address", addresses::percent_encoded),
    ("an address that is a different one", addresses::other_addresses),
    ("an address with a host", addresses::absolute),
    ("a slash at the end", addresses::trailing_slash),
    ("no redirect to elsewhere", addresses::no_open_redirect),
    ("members of the query", addresses::query),
    ("a preflight for a private network", addresses::private_network),
    ("a compressed body", compressed::decompressed),
    ("a compressed body that is broken", compressed::broken),
    ("a compressed body that is too large", compressed::bombs),
    ("an unknown content coding", compressed::unknown),
    ("a byte order mark", codings::marks),
    ("another charset", codings::charsets),
    ("media types", media_types::accepted),
    ("other media types", media_types::refused),
    ("values and ids", values::of_the_style),
    ("HTTP/2", http2::requests),
    ("HTTP/2 with injected faults", http2::faults),
];

/// One test for each property in each style.
pub fn tests(trials: &mut Trials) {
    for (name, test) in PROPERTIES.iter().copied() {
        for style in variants::all() {
            trials.add(format!("{name} :: {}", style.name), move |server| {
                let probe = Probe::new(server, style);
                test(&probe);
                probe.findings().unwrap_or_else(|findings| panic!("{findings}"));
            });
        }
    }
}
