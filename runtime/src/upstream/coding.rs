//! Content codings of an answer (RFC 9110 §8.4): none or gzip, decoded as it comes in.
//!
//! The limit counts decoded bytes, so that a small answer cannot become a huge one, and also the bytes
//! on the wire, since a stream of empty gzip members decodes to nothing for ever.

use std::io::Write;

use flate2::write::MultiGzDecoder;

use super::error::Failure;

/// What requests ask for in `Accept-Encoding`.
pub(super) const ACCEPTED: &str = "gzip";

/// Codings that a body can have (IANA, HTTP Content Coding Registry). Services also put `utf-8`, `none` or
/// the name of a media type there, and send the body as it is.
const REGISTERED: [&str; 12] = [
    "aes128gcm",
    "br",
    "compress",
    "dcb",
    "dcz",
    "deflate",
    "exi",
    "gzip",
    "pack200-gzip",
    "x-compress",
    "x-gzip",
    "zstd",
];

/// Takes the pieces of a body in.
pub(super) struct Body {
    status: u16,
    limit: usize,
    received: usize,
    decoder: Decoder,
}

enum Decoder {
    Identity(Bounded),
    Gzip(Box<MultiGzDecoder<Bounded>>),
    /// A coding that cannot be undone; it matters only if there is a body.
    Unknown,
}

impl Body {
    /// A body in the codings that `Content-Encoding` names, over all its fields.
    pub(super) fn new<'a>(
        status: u16,
        limit: usize,
        fields: impl Iterator<Item = &'a str>,
    ) -> Self {
        let codings: Vec<String> = fields
            .flat_map(|field| field.split(','))
            .map(|coding| coding.trim().to_ascii_lowercase())
            .filter(|coding| REGISTERED.contains(&coding.as_str()))
            .collect();
        let bounded = Bounded {
            bytes: Vec::new(),
            limit,
            full: false,
        };
        let decoder = match codings
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .as_slice()
        {
            [] => Decoder::Identity(bounded),
            // RFC 9110 §8.4.1.3: "x-gzip" is the same.
            ["gzip" | "x-gzip"] => Decoder::Gzip(Box::new(MultiGzDecoder::new(bounded))),
            _ => Decoder::Unknown,
        };
        Self {
            status,
            limit,
            received: 0,
            decoder,
        }
    }

    /// Takes the next piece in.
    pub(super) fn push(&mut self, chunk: &[u8]) -> Result<(), Failure> {
        if chunk.is_empty() {
            return Ok(());
        }
        self.received = self.received.saturating_add(chunk.len());
        let (written, full) = match &mut self.decoder {
            Decoder::Identity(bounded) => (bounded.write_all(chunk), bounded.full),
            Decoder::Gzip(decoder) => {
                let written = decoder.write_all(chunk);
                (
                    written,
                    decoder.get_ref().full || self.received > most(self.limit),
                )
            }
            Decoder::Unknown => return Err(self.undecodable()),
        };
        match written {
            _ if full => Err(Failure::TooLarge {
                status: self.status,
                limit: self.limit,
            }),
            Ok(()) => Ok(()),
            Err(_) => Err(self.undecodable()),
        }
    }

    /// Decoded bytes held by now.
    pub(super) fn held(&self) -> usize {
        match &self.decoder {
            Decoder::Identity(bounded) => bounded.bytes.len(),
            Decoder::Gzip(decoder) => decoder.get_ref().bytes.len(),
            Decoder::Unknown => 0,
        }
    }

    /// The decoded body, once its last piece is in.
    pub(super) fn finish(self) -> Result<Vec<u8>, Failure> {
        let (status, limit) = (self.status, self.limit);
        match self.decoder {
            Decoder::Identity(bounded) => Ok(bounded.bytes),
            // No body at all, as after HEAD, is no stream that was cut.
            Decoder::Gzip(_) | Decoder::Unknown if self.received == 0 => Ok(Vec::new()),
            Decoder::Gzip(mut decoder) => match decoder.try_finish() {
                Ok(()) => Ok(std::mem::take(&mut decoder.get_mut().bytes)),
                Err(_) if decoder.get_ref().full => Err(Failure::TooLarge { status, limit }),
                Err(_) => Err(Failure::Truncated { status }),
            },
            Decoder::Unknown => Err(Failure::Encoded { status }),
        }
    }

    fn undecodable(&self) -> Failure {
        Failure::Encoded {
            status: self.status,
        }
    }
}

/// Bytes on the wire that `limit` decoded bytes can need: what cannot be compressed grows by five bytes
/// per block of 64 KiB (RFC 1951 §3.2.4), and a header may name the file.
fn most(limit: usize) -> usize {
    limit.saturating_add(limit / 1_000).saturating_add(4_096)
}

/// Bytes up to a limit.
struct Bounded {
    bytes: Vec<u8>,
    limit: usize,
    /// Whether there would have been more.
    full: bool,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if bytes.len() > self.limit.saturating_sub(self.bytes.len()) {
            self.full = true;
            return Err(std::io::Error::other("over the limit"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        let _ = encoder.write_all(bytes);
        encoder.finish().unwrap_or_default()
    }

    fn read(fields: &[&str], limit: usize, body: &[u8], piece: usize) -> Result<Vec<u8>, Failure> {
        let mut taken = Body::new(200, limit, fields.iter().copied());
        for chunk in body.chunks(piece) {
            taken.push(chunk)?;
        }
        taken.finish()
    }

    #[test]
    fn codings_are_undone_whatever_the_pieces() {
        let plain = b"hello, hello, hello".repeat(50);
        let twice = [gzip(&plain), gzip(b"!")].concat();
        let joined = [plain.as_slice(), b"!"].concat();
        let too_large = Err(Failure::TooLarge {
            status: 200,
            limit: 949,
        });
        let odd = Err(Failure::Encoded { status: 200 });
        for piece in [1, 7, 100_000] {
            for (fields, limit, body, expected) in [
                (&[][..], 950, plain.clone(), Ok(plain.clone())),
                (&[], 949, plain.clone(), too_large.clone()),
                (&["identity"], 950, plain.clone(), Ok(plain.clone())),
                (&["utf-8"], 950, plain.clone(), Ok(plain.clone())),
                (&["none"], 950, plain.clone(), Ok(plain.clone())),
                (&["UTF-8, gzip"], 950, gzip(&plain), Ok(plain.clone())),
                (&["gzip"], 950, gzip(&plain), Ok(plain.clone())),
                (&["GZip"], 949, gzip(&plain), too_large.clone()),
                (&["identity, x-gzip"], 950, gzip(&plain), Ok(plain.clone())),
                (&["gzip"], 951, twice.clone(), Ok(joined.clone())),
                (&["gzip"], 950, Vec::new(), Ok(Vec::new())),
                (&["br"], 950, Vec::new(), Ok(Vec::new())),
                (&["br"], 950, plain.clone(), odd.clone()),
                (&["gzip", "gzip"], 950, gzip(&plain), odd.clone()),
                (&["gzip"], 950, plain.clone(), odd.clone()),
            ] {
                assert_eq!(
                    read(fields, limit, &body, piece),
                    expected,
                    "{fields:?} {piece}"
                );
            }
        }
    }

    #[test]
    fn a_cut_or_damaged_stream_is_no_answer() {
        let whole = gzip(&b"0123456789abcdef".repeat(10));
        for cut in 1..whole.len() {
            let part = whole.get(..cut).unwrap_or_default();
            assert!(read(&["gzip"], 1_000, part, 5).is_err(), "{cut}");
        }
        let mut damaged = whole.clone();
        if let Some(sum) = damaged.iter_mut().rev().nth(5) {
            *sum ^= 1;
        }
        assert!(read(&["gzip"], 1_000, &damaged, 5).is_err());
    }

    #[test]
    fn a_bomb_stops_at_the_limit_and_nothing_for_ever_stops_too() {
        let bomb = gzip(&vec![0; 50 << 20]);
        assert!(bomb.len() * 900 < 50 << 20, "{}", bomb.len());
        let mut body = Body::new(200, 100_000, ["gzip"].into_iter());
        let pushed = body.push(&bomb);
        assert_eq!(
            pushed,
            Err(Failure::TooLarge {
                status: 200,
                limit: 100_000
            })
        );
        if let Decoder::Gzip(decoder) = &body.decoder {
            assert!(decoder.get_ref().bytes.len() <= 100_000);
        }
        let nothing = gzip(b"").repeat(100);
        let mut body = Body::new(200, 1_000, ["gzip"].into_iter());
        let refused = (0..10).find_map(|_| body.push(&nothing).err());
        assert_eq!(
            refused,
            Some(Failure::TooLarge {
                status: 200,
                limit: 1_000
            })
        );
    }
}
