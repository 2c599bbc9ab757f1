//! Decompression, for the server and for observers of traffic.

use std::io::{self, Read};

/// The one supported coding (RFC 9110 section 8.4.1.3).
pub const GZIP: &str = "gzip";

/// Whether a coding is gzip. "x-gzip" is the same.
pub fn is_gzip(coding: &str) -> bool {
    coding.eq_ignore_ascii_case(GZIP) || coding.eq_ignore_ascii_case("x-gzip")
}

/// Decompresses a coding of RFC 9110 section 8.4.1 up to a limit: a few bytes can decompress to very
/// many. Codings that the server does not support are an error here too.
pub fn decompress(coding: &str, bytes: &[u8], bytes_max: usize) -> io::Result<Vec<u8>> {
    if !is_gzip(coding) {
        return Err(io::Error::new(io::ErrorKind::Unsupported, format!("no coding is called {coding}")));
    }
    let mut reader = flate2::read::MultiGzDecoder::new(bytes);
    let mut decompressed = Vec::new();
    let most = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    reader.by_ref().take(most).read_to_end(&mut decompressed)?;
    if decompressed.len() > bytes_max {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("it decompresses to more than {bytes_max} bytes"),
        ));
    }
    Ok(decompressed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    #[test]
    fn compressed_bodies_are_read_up_to_a_limit() {
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(&[b'a'; 100_000]).expect("memory takes it");
        let compress = packer.finish().expect("memory takes it");
        assert_eq!(decompress("GZIP", &compress, 100_000).expect("it fits"), [b'a'; 100_000]);
        assert_eq!(
            decompress("gzip", &compress, 99_999).map_err(|error| error.kind()),
            Err(io::ErrorKind::FileTooLarge)
        );
        assert_eq!(decompress("zstd", &compress, 9).map_err(|error| error.kind()), Err(io::ErrorKind::Unsupported));
        assert!(decompress("gzip", b"no gzip", 9).is_err());
    }
}
