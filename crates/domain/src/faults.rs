//! What if it fails? A request may wish for it, where the server grants such wishes: for lessons.
//!
//! A wish is a list with commas: a kind of error (`unavailable`), with which the door answers before anything is done; and
//! what happens to the answer once all is done: `delay=300ms`, `jitter=200ms`, `drop`, `cut=40%`.

use crate::error::{Error, Kind, Reason};
use crate::limits::FAULT_DELAY_MS_MAX;

/// What a request wishes would go wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FaultSpec {
    /// The door answers with this kind of error, and nothing is done.
    pub refusal: Option<Kind>,
    /// The answer comes so much later.
    pub delay_ms: u32,
    /// And later again, by up to so much, by chance.
    pub jitter_ms: u32,
    /// How much of the answer comes.
    pub fate: ResponseFault,
}

/// How much of an answer comes. The work is done in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResponseFault {
    /// All of it.
    #[default]
    Whole,
    /// Nothing.
    Dropped,
    /// So many hundredths of it, then the connection breaks.
    Cut(u8),
}

impl FaultSpec {
    /// The wish in a text, or what can be wished for.
    pub fn parse(text: &str) -> Result<FaultSpec, Error> {
        let mut fault = FaultSpec::default();
        for part in text.split(',').map(str::trim) {
            let (name, value) = part.split_once('=').map_or((part, None), |(name, value)| (name, Some(value)));
            let understood = match (name.trim(), value.map(str::trim)) {
                ("delay", Some(value)) => milliseconds(value).map(|delay_ms| fault.delay_ms = delay_ms),
                ("jitter", Some(value)) => milliseconds(value).map(|jitter_ms| fault.jitter_ms = jitter_ms),
                ("drop", None) => {
                    fault.fate = ResponseFault::Dropped;
                    Some(())
                }
                ("cut", Some(value)) => hundredths(value).map(|hundredths| fault.fate = ResponseFault::Cut(hundredths)),
                (name, None) => kind_of(name).map(|kind| fault.refusal = Some(kind)),
                _ => None,
            };
            understood.ok_or_else(|| not_understood(part))?;
        }
        Ok(fault)
    }

    /// The refusal that was wished for.
    pub fn refuse(&self) -> Result<(), Error> {
        let Some(kind) = self.refusal else { return Ok(()) };
        // The table has at least one reason for each kind; the first is the plainest.
        let reason = Reason::ALL.iter().copied().find(|reason| reason.kind() == kind).unwrap_or(Reason::Internal);
        let error = Error::new(reason, format!("{}: as was wished for", reason.word()));
        Err(match kind {
            Kind::RateLimited | Kind::Unavailable => Error { retry_after_ms: Some(1_000), ..error },
            _ => error,
        })
    }
}

/// The kind of that word; a reason's word stands for its kind.
fn kind_of(word: &str) -> Option<Kind> {
    let named = |reason: &&Reason| reason.kind().word() == word || reason.word() == word;
    Reason::ALL.iter().find(named).map(|reason| reason.kind())
}

fn milliseconds(text: &str) -> Option<u32> {
    text.strip_suffix("ms")?.trim_end().parse().ok().filter(|ms| *ms <= FAULT_DELAY_MS_MAX)
}

fn hundredths(text: &str) -> Option<u8> {
    text.strip_suffix('%')?.trim_end().parse().ok().filter(|hundredths| *hundredths <= 100)
}

fn not_understood(part: &str) -> Error {
    let shown = crate::value::shown(part);
    Error::invalid(
        "",
        format!(
            "can't be failed by \"{shown}\": wish for a kind of error, delay=…ms, jitter=…ms (to {FAULT_DELAY_MS_MAX}), \
             drop or cut=…%"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_is_a_list() {
        let fault = FaultSpec::parse("delay=300ms, jitter=50ms,cut=40%").unwrap();
        assert_eq!((fault.delay_ms, fault.jitter_ms, fault.fate), (300, 50, ResponseFault::Cut(40)));
        assert_eq!(FaultSpec::parse("drop").unwrap().fate, ResponseFault::Dropped);
        let refused = FaultSpec::parse("unavailable").unwrap().refuse().unwrap_err();
        assert_eq!((refused.reason, refused.retry_after_ms), (Reason::Overloaded, Some(1_000)));
        for reason in Reason::ALL {
            let fault = FaultSpec::parse(reason.kind().word()).unwrap();
            assert_eq!(fault.refuse().unwrap_err().kind(), reason.kind());
        }
    }

    #[test]
    fn what_can_t_be_wished_for_is_refused() {
        for wish in ["", "fire", "delay", "delay=1", "delay=-1ms", "delay=999999ms", "drop=1", "cut=101%", "cut=x%"] {
            assert!(FaultSpec::parse(wish).is_err(), "{wish}");
        }
    }
}
