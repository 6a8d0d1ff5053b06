//! The ways in which a request comes to nothing, or seems to.

use sha2::{Digest as _, Sha256};

/// Twelve ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The answer comes late.
    Latency,
    /// The connection is reset before the request is passed on.
    Reset,
    /// The connection ends behind the header fields of the answer.
    CutAfterHead,
    /// The connection ends in the middle of the answer's body.
    CutInBody,
    /// The connection ends when the request was passed on.
    CutAfterRequest,
    /// The answer is shorter than it says.
    WrongLength,
    /// The answer is no HTTP.
    Garbage,
    /// 429, with and without `Retry-After`.
    TooMany,
    /// 503, with and without `Retry-After`, passed on and not.
    Unavailable,
    /// 500, 502 and 504 to this and the next requests, some of them passed on.
    Storm,
    /// The answer comes byte by byte, sometimes for longer than anybody waits.
    Drip,
    /// No answer comes, passed on and not.
    Stall,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Latency,
        Self::Reset,
        Self::CutAfterHead,
        Self::CutInBody,
        Self::CutAfterRequest,
        Self::WrongLength,
        Self::Garbage,
        Self::TooMany,
        Self::Unavailable,
        Self::Storm,
        Self::Drip,
        Self::Stall,
    ];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Latency => "latency",
            Self::Reset => "reset",
            Self::CutAfterHead => "cut after the head",
            Self::CutInBody => "cut in the body",
            Self::CutAfterRequest => "cut after the request",
            Self::WrongLength => "wrong length",
            Self::Garbage => "garbage",
            Self::TooMany => "429",
            Self::Unavailable => "503",
            Self::Storm => "5xx storm",
            Self::Drip => "slow drip",
            Self::Stall => "stalled",
        }
    }

    /// Whether nobody at the other end can tell if the request was carried out.
    pub fn is_ambiguous(self) -> bool {
        match self {
            Self::Reset
            | Self::CutAfterRequest
            | Self::Garbage
            | Self::Unavailable
            | Self::Storm
            | Self::Drip
            | Self::Stall => true,
            Self::Latency
            | Self::CutAfterHead
            | Self::CutInBody
            | Self::WrongLength
            | Self::TooMany => false,
        }
    }
}

/// What is drawn for one request.
#[derive(Debug, Clone, Copy)]
pub struct Draw {
    /// How it comes to nothing, if so.
    pub kind: Option<Kind>,
    /// A number for what the kind leaves open.
    pub choice: u64,
}

/// Draws for an attempt of a write: whatever else happens at the time, the same seed gives the same.
pub fn draw(seed: u64, percent: u64, mark: &str, attempt: usize) -> Draw {
    let digest = Sha256::digest(format!("{seed} {mark} {attempt}"));
    let number = |from: usize| {
        let bytes = digest.iter().skip(from).take(4);
        bytes.fold(0, |number, byte| (number << 8) | u64::from(*byte))
    };
    let met = number(0) % 100 < percent;
    let kind = usize::try_from(number(4)).unwrap_or(0) % Kind::ALL.len();
    Draw {
        kind: Kind::ALL.get(kind).copied().filter(|_| met),
        choice: number(8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_draws_the_same_and_every_kind_as_often() {
        let mut counts = [0; 12];
        for number in 0..40_000 {
            let mark = format!("mark {number}");
            let drawn = draw(7, 30, &mark, 1);
            assert_eq!(drawn.kind, draw(7, 30, &mark, 1).kind);
            if let Some(place) = Kind::ALL.iter().position(|kind| Some(*kind) == drawn.kind) {
                counts[place] += 1;
            }
        }
        assert!(
            counts.iter().all(|count| (850..1_150).contains(count)),
            "{counts:?}"
        );
    }
}
