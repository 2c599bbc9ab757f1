//! Tries one style: sends bytes, reads the responses, and collects every difference from what is expected.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;
use tests::TestServer;
use tests::raw::{Line, Response, request, request_with};
use tests::variants::{Answer, Variant};

/// Longer than the server reads after a refusal, and shorter than it waits for a body that does not come.
const PATIENCE: Duration = Duration::from_secs(8);
/// Bytes shown of an unexpected response.
const SHOWN_BYTES: usize = 240;

/// What is expected of the connection after the last response.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum After {
    /// The next request is answered.
    Kept,
    /// The response says that it closes, and it does.
    Closed,
    /// Either.
    Either,
    /// It closes, as in HTTP/1.0, without a header.
    Ended,
}

/// One style under test, and the differences.
pub struct Probe<'h> {
    pub server: &'h TestServer,
    pub style: &'static Variant,
    found: RefCell<Vec<String>>,
}

impl<'h> Probe<'h> {
    pub fn new(server: &'h TestServer, style: &'static Variant) -> Self {
        Probe { server, style, found: RefCell::default() }
    }

    /// Success, or every difference.
    pub fn findings(self) -> Result<(), String> {
        let found = self.found.into_inner();
        if found.is_empty() { Ok(()) } else { Err(format!("\n{}", found.join("\n"))) }
    }

    /// A connection.
    pub fn line(&self) -> Line {
        let line = Line::open(&self.server.address());
        line.wait_at_most(PATIENCE);
        line
    }

    /// A request as the style's clients send it.
    pub fn request(&self, method: &str, target: &str, kind: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
        let sent = request_with(method, target, kind, headers, body);
        let at = sent.windows(2).position(|two| two == b"\r\n").expect("a request has a first line") + 2;
        [&sent[..at], self.style.headers.as_bytes(), &sent[at..]].concat()
    }

    /// The style's request with further headers and another body.
    pub fn post(&self, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
        self.request("POST", self.style.target, self.style.media_type(), headers, body)
    }

    /// The style's request.
    pub fn good_post(&self, headers: &[(&str, &str)]) -> Vec<u8> {
        self.post(headers, self.style.body.as_bytes())
    }

    /// The style's request at another address.
    pub fn good_post_to(&self, target: &str) -> Vec<u8> {
        self.request("POST", target, self.style.media_type(), &[], self.style.body.as_bytes())
    }

    /// The style's request in chunks of so many bytes (RFC 9112 section 7.1).
    pub fn chunked(&self, headers: &[(&str, &str)], body: &[u8], bytes: usize) -> Vec<u8> {
        let headers = [headers, &[("transfer-encoding", "chunked")]].concat();
        let whole = self.request("POST", self.style.target, self.style.media_type(), &headers, b"");
        let mut sent =
            String::from_utf8(whole).expect("a head is text").replace("content-length: 0\r\n", "").into_bytes();
        for chunk in body.chunks(bytes) {
            sent.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
            sent.extend_from_slice(chunk);
            sent.extend(b"\r\n");
        }
        sent.extend(b"0\r\n\r\n");
        sent
    }

    /// Sends one request, and expects one response and an open connection.
    pub fn one(&self, input: &str, sent: &[u8], answer: Answer) {
        self.several(input, &[sent], &[answer], After::Kept);
    }

    /// Sends something piece by piece, and expects these responses, and that state of the connection.
    pub fn several(&self, input: &str, pieces: &[&[u8]], answers: &[Answer], after: After) {
        self.check(input, || {
            let mut line = self.line();
            match pieces {
                [whole] => line.send(whole),
                pieces => pieces.iter().for_each(|piece| line.send_alone(piece)),
            }
            let mut last = None;
            for answer in answers {
                let response = line.response().ok_or_else(|| format!("hung up, but {answer:?} was expected"))?;
                self.fits(&response, *answer)?;
                last = Some(response);
            }
            self.ends(&mut line, &last.expect("an answer is expected"), after)
        });
    }

    /// Runs a check; its error, and its panic, is a difference.
    pub fn check(&self, input: &str, test: impl FnOnce() -> Result<(), String>) {
        let result = catch_unwind(AssertUnwindSafe(test)).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            Err(text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic").to_owned())
        });
        if let Err(difference) = result {
            self.found.borrow_mut().push(format!("- {input}: {difference}"));
        }
    }

    /// Whether it is the expected response.
    pub fn fits(&self, response: &Response, answer: Answer) -> Result<(), String> {
        let holds = |text: &str| String::from_utf8_lossy(&response.body).contains(text);
        let is_it = match answer {
            Answer::Good => response.status == 200 && holds(self.style.good),
            Answer::Get => response.status == 200 && holds(self.style.get.1),
            Answer::Continue => response.status == 100,
            Answer::Status(status) => response.status == status,
            Answer::Refused(mistake) => {
                let (status, code, reason) = self.style.refusal(mistake);
                // A response with another status may be in no grammar, and is shown as a whole.
                response.status == status && {
                    let refusal = (self.style.read_refusal)(response);
                    refusal.code == code && refusal.reason == reason
                }
            }
        };
        let is_switched = response.status != 101 && says(response, "upgrade");
        match (is_it, is_switched) {
            (true, false) => Ok(()),
            (false, _) => Err(format!("{answer:?} was expected, was {}", shown(response))),
            (true, true) => Err(format!("`connection` says upgrade in {}", shown(response))),
        }
    }

    /// Whether the connection is as expected, and as the response says.
    pub fn ends(&self, line: &mut Line, last: &Response, after: After) -> Result<(), String> {
        let is_closing = says(last, "close");
        if after == After::Closed && !is_closing || after == After::Kept && is_closing {
            return Err(format!("the connection: {after:?} was expected, was {}", shown(last)));
        }
        if is_closing || after == After::Ended {
            return if line.is_at_end() { Ok(()) } else { Err("more came after `connection: close`".to_owned()) };
        }
        line.send(&request("GET", "/livez", "", b""));
        match line.response() {
            Some(next) if next.status == 200 && next.text().len() < SHOWN_BYTES => Ok(()),
            Some(next) => Err(format!("the next request of the connection was answered {}", shown(&next))),
            None => Err("closed without a word".to_owned()),
        }
    }
}

/// Single bytes at both ends, and dozens in between: each piece costs a look at all connections.
pub fn crumbs(bytes: &[u8]) -> Vec<&[u8]> {
    const ALONE: usize = 20;
    if bytes.len() <= 3 * ALONE {
        return bytes.chunks(1).collect();
    }
    let (start, rest) = bytes.split_at(ALONE);
    let (middle, end) = rest.split_at(rest.len() - ALONE);
    start.chunks(1).chain(middle.chunks(12)).chain(end.chunks(1)).collect()
}

/// Whether `connection` has that word.
fn says(response: &Response, word: &str) -> bool {
    response.header("connection").split(',').any(|token| token.trim().eq_ignore_ascii_case(word))
}

/// A response in one line.
pub fn shown(response: &Response) -> String {
    let shown = ["connection", "content-type", "accept-encoding", "location"];
    let headers = response.headers.iter().filter(|(name, _)| shown.contains(&name.as_str()));
    let headers: Vec<String> = headers.map(|(name, value)| format!("{name}: {value}")).collect();
    let body: String = String::from_utf8_lossy(&response.body).chars().take(SHOWN_BYTES).collect();
    format!("{} [{}] {body}", response.status, headers.join(", "))
}
