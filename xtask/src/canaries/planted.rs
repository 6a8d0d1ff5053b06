//! Secrets, and the forms in which they might come out again.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

/// A secret that is planted somewhere.
#[derive(Debug, Clone)]
pub struct Planted {
    /// Where.
    pub place: &'static str,
    /// What.
    pub text: String,
}

impl Planted {
    /// A secret for a place: letters and digits only, so that no form of it is the text itself.
    pub fn new(seed: u64, place: &'static str) -> Self {
        let digest = Sha256::digest(format!("{seed} {place}"));
        let text = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Self { place, text }
    }

    /// The form in which it stands in some bytes, if it does.
    pub fn found_in(&self, bytes: &[u8]) -> Option<&'static str> {
        let text = String::from_utf8_lossy(bytes);
        // Of a MAC or a name of it nothing is looked for, but half of it is as bad as all.
        let half = self.text.get(..self.text.len() / 2).unwrap_or(&self.text);
        let hex: String = half.bytes().map(|byte| format!("{byte:02x}")).collect();
        let percent: String = half.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let reversed: String = half.chars().rev().collect();
        let lower = text.to_lowercase();
        if lower.contains(&half.to_lowercase()) {
            return Some("as it is");
        }
        for (form, needle) in [("hex", hex), ("percent", percent), ("reversed", reversed)] {
            if lower.contains(&needle) {
                return Some(form);
            }
        }
        // Base64 has three forms of a text, by what stands before it; its ends depend on what is around.
        for before in 0..3 {
            let padded = format!("{}{half}", " ".repeat(before));
            for (form, coded) in [
                ("base64", STANDARD_NO_PAD.encode(&padded)),
                ("base64url", URL_SAFE_NO_PAD.encode(&padded)),
            ] {
                let inner = coded
                    .get(4..coded.len().saturating_sub(4))
                    .unwrap_or_default();
                if text.contains(inner) {
                    return Some(form);
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_in_every_form() {
        let planted = Planted::new(1, "a place");
        let secret = &planted.text;
        let hex: String = secret.bytes().map(|byte| format!("{byte:02X}")).collect();
        let percent: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for text in [
            format!("x{secret}x"),
            format!("x{}x", secret.to_uppercase()),
            secret.get(..40).unwrap_or_default().to_owned(),
            hex,
            percent,
            secret.chars().rev().collect(),
            STANDARD_NO_PAD.encode(format!("user:{secret}")),
            STANDARD_NO_PAD.encode(format!("users:{secret}!")),
            URL_SAFE_NO_PAD.encode(format!("\u{fffd}{secret}")),
        ] {
            assert!(planted.found_in(text.as_bytes()).is_some(), "{text}");
        }
        let other = Planted::new(2, "a place");
        assert_eq!(planted.found_in(other.text.as_bytes()), None);
        assert_eq!(planted.found_in(&[0xff; 100]), None);
    }
}
