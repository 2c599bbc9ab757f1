//! Injected faults: a request may ask for a failure, where the server allows it, to teach what clients must survive.
//!
//! The text is a list with commas: a kind of error (`unavailable`), with which the call is refused before anything is
//! executed; and what happens to the response afterwards: `delay=300ms`, `jitter=200ms`, `drop`, `cut=40%`.

use crate::error::{Error, Kind, Reason};
use crate::limits::FAULT_DELAY_MS_MAX;

/// The faults that a request asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FaultSpec {
    /// Refuse the call with this kind of error; nothing is executed.
    pub refusal: Option<Kind>,
    /// Delay the response by this time.
    pub delay_ms: u32,
    /// Delay it further, by a random time up to this.
    pub jitter_ms: u32,
    /// Deliver the response, drop it, or cut it.
    pub response: ResponseFault,
}

/// How much of the response is sent. The operation is executed in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResponseFault {
    /// All of it.
    #[default]
    Whole,
    /// Nothing.
    Dropped,
    /// This percentage of its bytes, then the connection is closed.
    Cut(u8),
}

impl FaultSpec {
    /// Parses a fault; the error lists what is possible.
    pub fn parse(text: &str) -> Result<FaultSpec, Error> {
        let mut fault = FaultSpec::default();
        for part in text.split(',').map(str::trim) {
            let (name, value) = part.split_once('=').map_or((part, None), |(name, value)| (name, Some(value)));
            let parsed = match (name.trim(), value.map(str::trim)) {
                ("delay", Some(value)) => milliseconds(value).map(|delay_ms| fault.delay_ms = delay_ms),
                ("jitter", Some(value)) => milliseconds(value).map(|jitter_ms| fault.jitter_ms = jitter_ms),
                ("drop", None) => {
                    fault.response = ResponseFault::Dropped;
                    Some(())
                }
                ("cut", Some(value)) => percent(value).map(|percent| fault.response = ResponseFault::Cut(percent)),
                (name, None) => kind_of(name).map(|kind| fault.refusal = Some(kind)),
                _ => None,
            };
            parsed.ok_or_else(|| unknown_fault(part))?;
        }
        Ok(fault)
    }

    /// Refuses the call if a refusal was asked for.
    pub fn refuse(&self) -> Result<(), Error> {
        let Some(kind) = self.refusal else { return Ok(()) };
        // Every kind has at least one reason; the first is the plainest.
        let reason = Reason::ALL.iter().copied().find(|reason| reason.kind() == kind).unwrap_or(Reason::Internal);
        let message = format!("injected fault: {}", reason.word());
        Err(match kind {
            Kind::RateLimited | Kind::Unavailable => Error::for_now(reason, message, 1_000),
            _ => Error::new(reason, message),
        })
    }
}

/// The kind with that name; the code of a reason stands for its kind.
fn kind_of(word: &str) -> Option<Kind> {
    let named = |reason: &&Reason| reason.kind().word() == word || reason.word() == word;
    Reason::ALL.iter().find(named).map(|reason| reason.kind())
}

fn milliseconds(text: &str) -> Option<u32> {
    text.strip_suffix("ms")?.trim_end().parse().ok().filter(|ms| *ms <= FAULT_DELAY_MS_MAX)
}

fn percent(text: &str) -> Option<u8> {
    text.strip_suffix('%')?.trim_end().parse().ok().filter(|percent| *percent <= 100)
}

fn unknown_fault(part: &str) -> Error {
    let shown = crate::value::shown(part);
    Error::invalid(
        "",
        format!(
            "has the unknown fault \"{shown}\": possible are a kind of error, delay=…ms, jitter=…ms (to {FAULT_DELAY_MS_MAX}), \
             drop or cut=…%"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_a_list() {
        let fault = FaultSpec::parse("delay=300ms, jitter=50ms,cut=40%").unwrap();
        assert_eq!((fault.delay_ms, fault.jitter_ms, fault.response), (300, 50, ResponseFault::Cut(40)));
        assert_eq!(FaultSpec::parse("drop").unwrap().response, ResponseFault::Dropped);
        let refused = FaultSpec::parse("unavailable").unwrap().refuse().unwrap_err();
        assert_eq!((refused.reason, refused.retry_after_ms), (Reason::Overloaded, Some(1_000)));
        for reason in Reason::ALL {
            let fault = FaultSpec::parse(reason.kind().word()).unwrap();
            assert_eq!(fault.refuse().unwrap_err().kind(), reason.kind());
        }
    }

    #[test]
    fn unknown_faults_are_refused() {
        for text in ["", "fire", "delay", "delay=1", "delay=-1ms", "delay=999999ms", "drop=1", "cut=101%", "cut=x%"] {
            assert!(FaultSpec::parse(text).is_err(), "{text}");
        }
    }
}
