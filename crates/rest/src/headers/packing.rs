//! How is an answer made smaller?

use super::accept::Coding;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Write};

/// The size below which an answer goes as it is: it fits one packet, and is not there sooner for being smaller.
pub const PACKED_FROM_BYTES: usize = 1_400;

/// How hard gzip tries, of 9: the least that finds what repeats in a list, as the worker does nothing else meanwhile.
const GZIP_LEVEL: u32 = 4;
/// How hard Brotli tries, of 11; for the same reason.
const BROTLI_QUALITY: u32 = 4;
/// How far back Brotli looks, as a power of two: 256 KiB, more than most answers have.
const BROTLI_WINDOW_BITS: u32 = 18;
/// What the packers take at once.
const BUFFER_BYTES: usize = 4 * 1024;

/// The packed bytes.
pub fn pack(bytes: &[u8], coding: Coding) -> io::Result<Vec<u8>> {
    let packed = Vec::with_capacity(bytes.len() / 4);
    match coding {
        Coding::Gzip => {
            // Its header could hold a time and a name; without them the same bytes give the same bytes.
            let mut packer = GzEncoder::new(packed, Compression::new(GZIP_LEVEL));
            packer.write_all(bytes)?;
            packer.finish()
        }
        Coding::Brotli => {
            let mut packer = brotli::CompressorWriter::new(packed, BUFFER_BYTES, BROTLI_QUALITY, BROTLI_WINDOW_BITS);
            packer.write_all(bytes)?;
            packer.flush()?;
            Ok(packer.into_inner())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn what_was_packed_is_unpacked() {
        let bytes = "{\"amount\":129900,\"currency\":\"EUR\"},".repeat(1_000).into_bytes();
        let mut gzip = Vec::new();
        let packed = pack(&bytes, Coding::Gzip).unwrap();
        flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut gzip).unwrap();
        let mut brotli = Vec::new();
        let smaller = pack(&bytes, Coding::Brotli).unwrap();
        brotli::Decompressor::new(smaller.as_slice(), BUFFER_BYTES).read_to_end(&mut brotli).unwrap();
        assert!(gzip == bytes && brotli == bytes);
        assert!(packed.len() < bytes.len() / 50 && smaller.len() < bytes.len() / 50);
    }
}
