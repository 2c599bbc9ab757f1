//! Undoes the Huffman code of HPACK (RFC 7541 section 5.2) in a header block, before `loona-hpack` reads it: it would make its table of codes
//! anew for every string, which costs more than the rest of a small request.

use loona_hpack::huffman::HuffmanDecoder;
use std::cell::RefCell;

thread_local! {
    static HUFFMAN: RefCell<HuffmanDecoder> = RefCell::new(HuffmanDecoder::new());
}

/// The same block with all strings as they are; `None` if it can't be read.
pub fn without_huffman(block: &[u8]) -> Option<Vec<u8>> {
    let mut copy = Copy { rest: block, written: Vec::with_capacity(2 * block.len()) };
    while let Some(first) = copy.rest.first() {
        // Section 6: the first bits tell what stands there.
        match first.leading_zeros() {
            // A field of the table.
            0 => drop(copy.integer(7)?),
            // A field for the table.
            1 => copy.literal(6)?,
            // Another size of the table.
            2 => drop(copy.integer(5)?),
            // A field that stays out of the table.
            _ => copy.literal(4)?,
        }
    }
    Some(copy.written)
}

struct Copy<'b> {
    rest: &'b [u8],
    written: Vec<u8>,
}

impl Copy<'_> {
    fn integer(&mut self, bits: u32) -> Option<usize> {
        let (value, length) = integer(self.rest, bits)?;
        let (bytes, rest) = self.rest.split_at(length);
        self.written.extend_from_slice(bytes);
        self.rest = rest;
        Some(value)
    }

    /// A field with its value, and with its name unless that is in the table.
    fn literal(&mut self, bits: u32) -> Option<()> {
        if self.integer(bits)? == 0 {
            self.string()?;
        }
        self.string()
    }

    fn string(&mut self) -> Option<()> {
        let is_coded = self.rest.first()? & 0x80 != 0;
        let (length, prefix) = integer(self.rest, 7)?;
        let (string, rest) = self.rest[prefix..].split_at_checked(length)?;
        self.rest = rest;
        if is_coded {
            let decoded = HUFFMAN.with_borrow_mut(|huffman| huffman.decode(string)).ok()?;
            self.write(&decoded);
        } else {
            self.write(string);
        }
        Some(())
    }

    /// Writes a string with its length in front (section 5.2).
    fn write(&mut self, string: &[u8]) {
        match string.len().checked_sub(0x7f) {
            None => self.written.push(string.len() as u8),
            Some(mut left) => {
                self.written.push(0x7f);
                while left >= 0x80 {
                    self.written.push(left as u8 | 0x80);
                    left >>= 7;
                }
                self.written.push(left as u8);
            }
        }
        self.written.extend_from_slice(string);
    }
}

/// An integer in the last bits of a byte, and in up to four more bytes if it is greater; and how many bytes these are (section 5.1).
fn integer(bytes: &[u8], bits: u32) -> Option<(usize, usize)> {
    let (first, more) = bytes.split_first()?;
    let greatest = (1 << bits) - 1;
    let mut value = usize::from(*first) & greatest;
    if value < greatest {
        return Some((value, 1));
    }
    for (position, byte) in more.iter().take(4).enumerate() {
        value += usize::from(byte & 0x7f) << (7 * position);
        if byte & 0x80 == 0 {
            return Some((value, position + 2));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_are_those_without_huffman() {
        // RFC 7541 appendix C.4.1 and C.3.1: the same request with and without.
        let coded = b"\x82\x86\x84\x41\x8c\xf1\xe3\xc2\xe5\xf2\x3a\x6b\xa0\xab\x90\xf4\xff";
        assert_eq!(without_huffman(coded).as_deref(), Some(b"\x82\x86\x84\x41\x0fwww.example.com".as_slice()));
        // C.4.3 and C.3.3, with the name of the field.
        let coded = b"\x82\x87\x85\xbf\x40\x88\x25\xa8\x49\xe9\x5b\xa9\x7d\x7f\x89\x25\xa8\x49\xe9\x5b\xb8\xe8\xb4\xbf";
        let plain = b"\x82\x87\x85\xbf\x40\x0acustom-key\x0ccustom-value";
        assert_eq!(without_huffman(coded).as_deref(), Some(plain.as_slice()));
    }

    #[test]
    fn long_strings_and_other_sizes_of_the_table_stay() {
        for length in [0, 126, 127, 128, 254, 255, 256, 16_510, 16_511, 70_000] {
            let mut copy = Copy { rest: b"", written: b"\x3f\xe1\x1f\x00".to_vec() };
            copy.write(b"name");
            copy.write(&vec![b'v'; length]);
            let block = copy.written;
            let (read, _) = integer(&block[9..], 7).expect("a length");
            assert_eq!((read, without_huffman(&block)), (length, Some(block)));
        }
    }

    #[test]
    fn what_is_not_whole_is_not_read() {
        let coded = b"\x40\x88\x25\xa8\x49\xe9\x5b\xa9\x7d\x7f\x89\x25\xa8\x49\xe9\x5b\xb8\xe8\xb4\xbf";
        assert!((1..coded.len()).all(|length| without_huffman(&coded[..length]).is_none()));
        assert_eq!(without_huffman(b"\xff\xff\xff\xff\xff\xff\x01"), None, "an integer without end");
        assert_eq!(without_huffman(b"\x41\x84\xff\xff\xff\xff"), None, "the end of a string inside of it");
    }
}
