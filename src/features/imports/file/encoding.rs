//! In which letters a text file is written: UTF-8, UTF-16 or Windows-1252, found out by reading it through once.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::NotATable;

const CHUNK: usize = 64 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    pub encoding: &'static Encoding,
    pub byte_order_mark: bool,
}

impl Found {
    pub fn name(self) -> &'static str {
        match self.encoding.name() {
            "UTF-8" => "utf-8",
            "UTF-16LE" | "UTF-16BE" => "utf-16",
            _ => "windows-1252",
        }
    }
}

/// Reads everything, holds nothing. What is no text is refused.
pub fn find(mut bytes: impl Read) -> Result<Found, NotATable> {
    let mut chunk = vec![0; CHUNK];
    let mut length = fill(&mut bytes, &mut chunk)?;
    let start = chunk.get(..length).unwrap_or_default();
    if let Some((encoding, _)) = Encoding::for_bom(start) {
        return Ok(Found { encoding, byte_order_mark: true });
    }
    if let Some(encoding) = utf_16_without_mark(start) {
        return Ok(Found { encoding, byte_order_mark: false });
    }
    let mut utf_8 = Some(UTF_8.new_decoder_without_bom_handling());
    let mut into = vec![0; CHUNK * 3 + 16];
    while length > 0 {
        let read = chunk.get(..length).unwrap_or_default();
        refuse_noise(read)?;
        if utf_8.as_mut().is_some_and(|decoder| !decodes(decoder, read, &mut into, false)) {
            utf_8 = None;
        }
        length = fill(&mut bytes, &mut chunk)?;
    }
    let is_utf_8 = utf_8.as_mut().is_some_and(|decoder| decodes(decoder, &[], &mut into, true));
    Ok(Found { encoding: if is_utf_8 { UTF_8 } else { WINDOWS_1252 }, byte_order_mark: false })
}

fn decodes(decoder: &mut Decoder, bytes: &[u8], into: &mut [u8], last: bool) -> bool {
    !matches!(decoder.decode_to_utf8_without_replacement(bytes, into, last).0, DecoderResult::Malformed(..))
}

fn fill(bytes: &mut impl Read, chunk: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = chunk.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match bytes.read(rest)? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

/// Western text in UTF-16 is every second byte nought.
fn utf_16_without_mark(start: &[u8]) -> Option<&'static Encoding> {
    let noughts = |from: usize| start.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (noughts(0), noughts(1), start.len() / 2);
    match () {
        () if half < 2 => None,
        () if odd * 10 > half * 6 && even * 20 < half => Some(UTF_16LE),
        () if even * 10 > half * 6 && odd * 20 < half => Some(UTF_16BE),
        () => None,
    }
}

/// Text holds no control characters but line ends, tabs and what very old programs put between pages; a stray one, or
/// a nought byte, is a damaged cell and no reason to refuse the file.
fn refuse_noise(chunk: &[u8]) -> Result<(), NotATable> {
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0B | 0x0C | 0x1A);
    let controls = chunk.iter().filter(|byte| control(byte)).count();
    if controls * 20 > chunk.len() {
        return Err(NotATable::because("This is no text and no workbook. CSV, XLSX and ODS are read"));
    }
    Ok(())
}

/// The bytes of a file as UTF-8, every line end as `\n` and one at the end, a byte-order mark left out.
pub struct Utf8<R> {
    bytes: R,
    decoder: Decoder,
    chunk: Vec<u8>,
    /// Decoded, and where the part begins that nobody has read.
    text: Vec<u8>,
    begins: usize,
    after_return: bool,
    ended: bool,
    last: u8,
}

impl<R: Read> Utf8<R> {
    pub fn new(bytes: R, found: Found) -> Utf8<R> {
        Utf8 {
            bytes,
            decoder: found.encoding.new_decoder_with_bom_removal(),
            chunk: vec![0; CHUNK],
            text: Vec::new(),
            begins: 0,
            after_return: false,
            ended: false,
            last: b'\n',
        }
    }

    fn decode(&mut self) -> io::Result<()> {
        let length = fill(&mut self.bytes, &mut self.chunk)?;
        let mut into = vec![0; CHUNK * 3 + 16];
        let (_, _, written, _) =
            self.decoder.decode_to_utf8(self.chunk.get(..length).unwrap_or_default(), &mut into, length == 0);
        self.text.clear();
        self.begins = 0;
        for byte in into.get(..written).unwrap_or_default() {
            match (byte, std::mem::replace(&mut self.after_return, *byte == b'\r')) {
                (b'\n', true) => {}
                (b'\r', _) => self.text.push(b'\n'),
                // The end of a text file, to programs of the 1980s.
                (0x1A, _) => {}
                _ => self.text.push(*byte),
            }
        }
        self.last = self.text.last().copied().unwrap_or(self.last);
        if length == 0 {
            self.ended = true;
            if self.last != b'\n' {
                self.text.push(b'\n');
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.begins >= self.text.len() && !self.ended {
            self.decode()?;
        }
        let mut rest = self.text.get(self.begins..).unwrap_or_default();
        let read = rest.read(into)?;
        self.begins += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, &'static str, bool) {
        let found = find(bytes).unwrap();
        let mut text = String::new();
        Utf8::new(bytes, found).read_to_string(&mut text).unwrap();
        (text, found.name(), found.byte_order_mark)
    }

    #[test]
    fn the_letters_are_found_out() {
        let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let utf_16_be = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
        for (bytes, text, name, mark) in [
            (b"a,b\r\nc,\xC3\xA9".to_vec(), "a,b\nc,é\n", "utf-8", false),
            (b"\xEF\xBB\xBFa,b\n".to_vec(), "a,b\n", "utf-8", true),
            (b"\x93Keen\x94 \x96 \xA3".to_vec(), "“Keen” – £\n", "windows-1252", false),
            (b"old\rmac\r".to_vec(), "old\nmac\n", "utf-8", false),
            ([b"\xFF\xFE".to_vec(), utf_16("a;ł\r\n")].concat(), "a;ł\n", "utf-16", true),
            ([b"\xFE\xFF".to_vec(), utf_16_be("a;ł")].concat(), "a;ł\n", "utf-16", true),
            (utf_16("reference,hub\nE-1,x\n"), "reference,hub\nE-1,x\n", "utf-16", false),
            (b"a\n\x1A".to_vec(), "a\n", "utf-8", false),
        ] {
            assert_eq!(read(&bytes), (text.to_owned(), name, mark));
        }
    }

    #[test]
    fn letters_and_line_ends_across_a_chunk_stay_whole() {
        let mut bytes = vec![b'a'; CHUNK - 1];
        bytes.extend("é\r\nb".as_bytes());
        let (text, name, _) = read(&bytes);
        assert_eq!((text.ends_with("aé\nb\n"), name), (true, "utf-8"));
        let mut bytes = vec![b'a'; CHUNK - 1];
        bytes.extend(b"\r\nb");
        assert!(read(&bytes).0.ends_with("a\nb\n"));
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        assert!(find(&b"a\0b"[..]).is_err());
        assert!(find(&[1u8, 2, 3, 4][..]).is_err());
    }
}
