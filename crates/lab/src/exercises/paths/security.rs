//! Security: who calls, what they may do, and how often.

use super::super::exercise::{Exercise, Path, Verdict, done, listed, near};
use super::super::history::History;
use super::super::step::{Call, Trip};
use Verdict::NotYet;
use domain::Reason;
use domain::access::{Proof, Role};
use std::collections::BTreeSet;
use std::time::Duration;

/// The path.
pub const PATH: Path = Path {
    name: "security",
    title: "Security",
    exercises: &[
        Exercise {
            name: "locked-out",
            title: "No credentials, three grammars",
            task: "Lock your sandbox, and be refused without credentials in three styles.",
            why: "Every style has its own way to ask for credentials: a status, a fault, a code.",
            styles: &[],
            lesson: "D13",
            hints: [
                r#"PATCH /sandboxes/{sandbox} with {"access": "locked"} locks it; an admin's API key opens it again."#,
                "The keys of the demo users are on the start page.",
            ],
            solution: r#"curl -s -X PATCH $SERVER/sandboxes/$SANDBOX -H 'Content-Type: application/json' -d '{"access": "locked"}'
for style in rest jsonrpc graphql; do $PARLANCE call get_user id=1 --over $style --url $SHOP; done; true"#,
            near_miss: r#"curl -s -X PATCH $SERVER/sandboxes/$SANDBOX -H 'Content-Type: application/json' -d '{"access": "locked"}'
for style in rest rest rest; do $PARLANCE call get_user id=1 --over $style --url $SHOP; done; true"#,
            rule: locked_out,
            answer: None,
        },
        Exercise {
            name: "wrong-credentials",
            title: "Wrong is worse than none",
            task: "Send wrong credentials to an operation that needs none, and be refused.",
            why: "A client that believes it is logged in must learn that it is not.",
            styles: &[],
            lesson: "D13",
            hints: ["search_products needs no credentials.", "curl -H 'X-API-Key: wrong' $SHOP/rest/products"],
            solution: "curl -s $SHOP/rest/products -H 'X-API-Key: wrong'",
            near_miss: "curl -s $SHOP/rest/products",
            rule: wrong_credentials,
            answer: None,
        },
        Exercise {
            name: "log-in",
            title: "Log in, and use the token",
            task: "Log in with an email and a password, and call something with the token.",
            why: "The password crosses the wire once; the token expires.",
            styles: &[],
            lesson: "D13",
            hints: [
                "log_in returns a token; Authorization: Bearer carries it in every style over HTTP.",
                r#"POST /rest/login with {"email": "ada@example.com", "password": "parlance"}, then GET /rest/me."#,
            ],
            solution: r#"token=$(curl -s $SHOP/rest/login -H 'Content-Type: application/json' -d '{"email": "ada@example.com", "password": "parlance"}' \
  | sed 's/.*"token":"\([^"]*\)".*/\1/')
curl -s $SHOP/rest/me -H "Authorization: Bearer $token""#,
            near_miss: r#"curl -s $SHOP/rest/login -H 'Content-Type: application/json' -d '{"email": "ada@example.com", "password": "parlance"}'
curl -s $SHOP/rest/me"#,
            rule: log_in,
            answer: None,
        },
        Exercise {
            name: "not-allowed",
            title: "Known, but not allowed",
            task: "As a customer, try to read the orders of another user or to change a product, and be refused with not_allowed.",
            why: "401 means: who are you? 403 means: not you.",
            styles: &[],
            lesson: "D13",
            hints: [
                "Ada, user 1, is a customer. Log in as her, or take her key from the start page.",
                "As Ada: PATCH /rest/products/1.",
            ],
            solution: r#"curl -s -u ada@example.com:parlance -X PATCH $SHOP/rest/products/1 -H 'Content-Type: application/json' -d '{"stock": 5}'"#,
            near_miss: r#"curl -s -u ada@example.com:wrong -X PATCH $SHOP/rest/products/1 -H 'Content-Type: application/json' -d '{"stock": 5}'"#,
            rule: not_allowed,
            answer: None,
        },
        Exercise {
            name: "three-credentials",
            title: "The same caller three ways",
            task: "Call who_am_i as the same user with an API key, with a password (Basic), and with a token.",
            why: "How a caller proves who it is and what it may do are two questions.",
            styles: &[],
            lesson: "D13",
            hints: [
                "In REST it is GET /rest/me.",
                "X-API-Key, Authorization: Basic, and Authorization: Bearer with the token of log_in.",
            ],
            solution: r#"token=$(curl -s $SHOP/rest/login -H 'Content-Type: application/json' -d '{"email": "ada@example.com", "password": "parlance"}' \
  | sed 's/.*"token":"\([^"]*\)".*/\1/')
curl -s $SHOP/rest/me -H "Authorization: Bearer $token"
curl -s $SHOP/rest/me -u ada@example.com:parlance
curl -s $SHOP/rest/me -H "X-API-Key: $ADA_KEY""#,
            near_miss: r#"curl -s $SHOP/rest/me -u ada@example.com:parlance
curl -s $SHOP/rest/me -H "X-API-Key: $ADA_KEY""#,
            rule: three_credentials,
            answer: None,
        },
        Exercise {
            name: "oauth-code",
            title: "An OAuth code with PKCE",
            task: "Get a token with the authorization code flow and PKCE, and call the shop with it.",
            why: "The client never sees the password, and a stolen code is useless without the verifier (RFC 7636).",
            styles: &[],
            lesson: "D13",
            hints: [
                "/.well-known/oauth-authorization-server lists the addresses; any OAuth library can do the rest.",
                "Authorize with code_challenge, log in on the page, and send the code with code_verifier to /oauth/token.",
            ],
            solution: r#"$PYTHON - <<END
import base64, hashlib, json, secrets, urllib.error, urllib.parse, urllib.request as http
class Stay(http.HTTPRedirectHandler):
    def redirect_request(self, *_): return None
open_url = http.build_opener(Stay).open
verifier = secrets.token_urlsafe(48)
challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
back = "http://127.0.0.1:9999/callback"
form = dict(response_type="code", client_id="demo-app", redirect_uri=back, state="s1", code_challenge=challenge, code_challenge_method="S256")
# The page that a browser shows, and what the user fills in there.
open_url("$SHOP/oauth/authorize?" + urllib.parse.urlencode(form)).read()
form |= dict(email="ada@example.com", password="parlance", decision="allow")
try:
    open_url("$SHOP/oauth/authorize", urllib.parse.urlencode(form).encode())
except urllib.error.HTTPError as redirect:
    code = urllib.parse.parse_qs(urllib.parse.urlsplit(redirect.headers["location"]).query)["code"][0]
grant = dict(grant_type="authorization_code", code=code, client_id="demo-app", redirect_uri=back, code_verifier=verifier)
token = json.load(open_url("$SHOP/oauth/token", urllib.parse.urlencode(grant).encode()))["access_token"]
print(open_url(http.Request("$SHOP/rest/me", headers={"Authorization": "Bearer " + token})).read().decode())
END"#,
            near_miss: r#"curl -s $SHOP/oauth/token -d grant_type=authorization_code -d client_id=demo-app -d code=guessed -d code_verifier=guessed -d redirect_uri=http://127.0.0.1:9999/callback"#,
            rule: oauth_code,
            answer: None,
        },
        Exercise {
            name: "rate-limit",
            title: "Come back when you may",
            task: "Use up the rate limit, wait as long as the refusal says, and be served.",
            why: "A client that comes back too early is refused again, and makes it worse for all.",
            styles: &[],
            lesson: "D13",
            hints: [
                r#"PATCH /sandboxes/{sandbox} with {"rate_per_minute": 20} gives your sandbox a limit."#,
                "The refusal has Retry-After in seconds, and retry_after_ms.",
            ],
            solution: r#"curl -s -X PATCH $SERVER/sandboxes/$SANDBOX -H 'Content-Type: application/json' -d '{"rate_per_minute": 20}'
wait=$(for call in $(seq 1 30); do curl -s $SHOP/rest/products/1; done | sed -n 's/.*"retry_after_ms":\([0-9]*\).*/\1/p' | tail -n 1)
sleep $(( wait / 1000 + 1 ))
curl -s $SHOP/rest/products/1"#,
            near_miss: r#"curl -s -X PATCH $SERVER/sandboxes/$SANDBOX -H 'Content-Type: application/json' -d '{"rate_per_minute": 20}'
for call in $(seq 1 30); do curl -s $SHOP/rest/products/1; done"#,
            rule: rate_limit,
            answer: None,
        },
    ],
};

/// The call that was just refused, with its trip.
fn refused(history: &History) -> Option<(&Trip, &Call, Reason)> {
    let trip = history.last()?;
    trip.calls.iter().find_map(|call| Some((trip, call, call.refused?)))
}

fn locked_out(history: &History) -> Verdict {
    if !refused(history).is_some_and(|(_, _, reason)| reason == Reason::CredentialsMissing) {
        return NotYet;
    }
    let styles = history.styles(|_, call| call.refused == Some(Reason::CredentialsMissing));
    match styles.len() {
        0..3 => near(format!("{} of 3 styles so far: {}", styles.len(), listed(&styles))),
        _ => done(format!("refused over {}", listed(&styles))),
    }
}

fn wrong_credentials(history: &History) -> Verdict {
    let Some(trip) = history.last() else { return NotYet };
    let Some(call) = trip.calls.iter().find(|call| ["search_products", "get_product"].contains(&call.operation)) else {
        return NotYet;
    };
    match call.refused {
        Some(Reason::CredentialsWrong) => done(format!("{} refused over {}", call.operation, trip.style)),
        None if call.proof == Proof::Nothing => near("that call had no credentials at all: send wrong ones"),
        _ => NotYet,
    }
}

fn log_in(history: &History) -> Verdict {
    let Some(trip) = history.last() else { return NotYet };
    let has_logged_in = history.calls().any(|(_, call)| call.is_done("log_in"));
    let Some(call) = trip.calls.iter().find(|call| call.refused.is_none() && call.operation != "log_in") else {
        return NotYet;
    };
    match call.proof {
        Proof::Token if has_logged_in => {
            done(format!("{} as user {} over {}", call.operation, call.user_id.unwrap_or_default(), trip.style))
        }
        Proof::Nothing if has_logged_in => near("that call had no token"),
        _ => NotYet,
    }
}

fn not_allowed(history: &History) -> Verdict {
    match refused(history) {
        Some((trip, call, Reason::NotAllowed)) if call.role == Some(Role::Customer) => {
            done(format!("{} refused over {}", call.operation, trip.style))
        }
        Some((_, _, reason)) if reason.kind() == domain::Kind::Unauthenticated => {
            near(format!("that was {}: the shop did not know who you are", reason.word()))
        }
        _ => NotYet,
    }
}

fn three_credentials(history: &History) -> Verdict {
    let Some(user) = history.last().and_then(|trip| trip.done("who_am_i").find_map(|call| call.user_id)) else {
        return NotYet;
    };
    let ways: BTreeSet<&str> = history
        .calls()
        .filter(|(_, call)| call.is_done("who_am_i") && call.user_id == Some(user))
        .map(|(_, call)| call.proof.word())
        .collect();
    match ways.len() {
        0..3 => near(format!("{} of 3 ways for user {user} so far: {}", ways.len(), listed(&ways))),
        _ => done(format!("user {user} by {}", listed(&ways))),
    }
}

fn oauth_code(history: &History) -> Verdict {
    let Some(trip) = history.last() else { return NotYet };
    let redeems = |trip: &&Trip| trip.line.ends_with("/oauth/token") && trip.form_has("code_verifier");
    if redeems(&trip) && trip.status != 200 {
        return near(format!("the code was refused with status {}", trip.status));
    }
    let has_token = history.trips().any(|trip| redeems(&trip) && trip.status == 200);
    match trip.calls.iter().find(|call| call.proof == Proof::Token && call.refused.is_none()) {
        Some(call) if has_token => done(format!("{} as user {}", call.operation, call.user_id.unwrap_or_default())),
        _ => NotYet,
    }
}

fn rate_limit(history: &History) -> Verdict {
    let Some(trip) = history.last().filter(|trip| !trip.calls.is_empty()) else { return NotYet };
    let limited = |call: &Call| call.refused == Some(Reason::RateLimited);
    let Some(before) = history.earlier().rfind(|trip| !trip.calls.is_empty()) else { return NotYet };
    let Some(wait_ms) = before.calls.iter().find(|call| limited(call)).and_then(|call| call.retry_after_ms) else {
        return NotYet;
    };
    let waited = trip.begun.saturating_duration_since(before.begun);
    if trip.calls.iter().any(limited) {
        return near(format!("you came back after {} ms, and were to wait {wait_ms}", waited.as_millis()));
    }
    // The client's clock and ours may differ by a little.
    let is_patient = waited + Duration::from_millis(50) >= Duration::from_millis(wait_ms.into());
    if is_patient { done(format!("refused, waited {} ms, and served", waited.as_millis())) } else { NotYet }
}
