//! Random bytes from the operating system, for everything that must not be guessed.

use domain::Error;

/// Bytes that cannot be guessed.
pub fn bytes<const COUNT: usize>() -> Result<[u8; COUNT], Error> {
    let mut bytes = [0; COUNT];
    getrandom::fill(&mut bytes).map_err(|cause| {
        tracing::error!(%cause, "the machine gives no random bytes");
        Error::internal()
    })?;
    Ok(bytes)
}
