//! Public keys (RFC 7517, RFC 7518 §6, RFC 8037 §2), and signatures of theirs.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
    RsaPublicKeyComponents, UnparsedPublicKey,
};

use super::jws::{Algorithm, Token, object};
use crate::json::{Object, Value};

/// Keys of a set that are looked at.
const MAX_KEYS: usize = 100;

/// A key that can check signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    name: Option<String>,
    /// The one algorithm that it is for, if it says so.
    algorithm: Option<Algorithm>,
    material: Material,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Material {
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    /// A point, uncompressed.
    P256(Vec<u8>),
    Ed25519(Vec<u8>),
}

/// The keys of a set that can check signatures; others are for somebody else.
///
/// # Errors
/// Why it is no set.
pub(super) fn set(bytes: &[u8]) -> Result<Vec<Key>, &'static str> {
    let set = object(bytes).ok_or("it is no JSON object")?;
    let Some(Value::Array(keys)) = set.get("keys") else {
        return Err("it has no list of keys");
    };
    let keys = keys.iter().take(MAX_KEYS);
    let keys: Vec<Key> = keys.filter_map(|key| read(key.as_object()?)).collect();
    if keys.is_empty() {
        return Err("it has no key for RS256, PS256, ES256 or EdDSA");
    }
    Ok(keys)
}

fn read(key: &Object) -> Option<Key> {
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    let bytes = |name: &str| {
        URL_SAFE_NO_PAD
            .decode(text(name)?.trim_end_matches('='))
            .ok()
    };
    // RFC 7517 §4.2, §4.3: a key for something else checks nothing here.
    if key.get("use").is_some_and(|value| value != "sig") {
        return None;
    }
    if let Some(operations) = key.get("key_ops") {
        let operations = operations.as_array()?;
        operations.iter().find(|one| *one == "verify")?;
    }
    let algorithm = match key.get("alg") {
        None => None,
        Some(name) => Some(Algorithm::named(name.as_str()?)?),
    };
    let material = match (text("kty")?, text("crv")) {
        ("RSA", _) => Material::Rsa {
            modulus: without_zeros(bytes("n")?),
            exponent: without_zeros(bytes("e")?),
        },
        ("EC", Some("P-256")) => {
            let (x, y) = (bytes("x")?, bytes("y")?);
            (x.len() == 32 && y.len() == 32).then_some(())?;
            Material::P256([&[4], x.as_slice(), y.as_slice()].concat())
        }
        ("OKP", Some("Ed25519")) => Material::Ed25519(bytes("x").filter(|x| x.len() == 32)?),
        _ => return None,
    };
    let key = Key {
        name: text("kid").map(str::to_owned),
        algorithm,
        material,
    };
    // One that says that it is for what its kind cannot do is not believed at all.
    algorithm
        .is_none_or(|algorithm| key.can(algorithm))
        .then_some(key)
}

/// Some write the leading zero that makes a number positive elsewhere; RFC 7518 §6.3.1.1 has none.
fn without_zeros(bytes: Vec<u8>) -> Vec<u8> {
    bytes.into_iter().skip_while(|byte| *byte == 0).collect()
}

impl Key {
    /// Whether its kind is that of an algorithm: a key is never used for another one.
    const fn can(&self, algorithm: Algorithm) -> bool {
        matches!(
            (&self.material, algorithm),
            (Material::Rsa { .. }, Algorithm::Rs256 | Algorithm::Ps256)
                | (Material::P256(_), Algorithm::Es256)
                | (Material::Ed25519(_), Algorithm::Ed25519)
        )
    }

    /// Whether a token may have been signed with it.
    pub(super) fn fits(&self, token: &Token<'_>) -> bool {
        self.can(token.algorithm)
            && self.algorithm.is_none_or(|own| own == token.algorithm)
            && (token.key.is_none() || token.key == self.name)
    }

    /// Whether it signed a token.
    pub(super) fn signed(&self, token: &Token<'_>) -> bool {
        let (message, signature) = (token.signed.as_bytes(), token.signature.as_slice());
        let held = match (&self.material, token.algorithm) {
            (Material::Rsa { modulus, exponent }, Algorithm::Rs256 | Algorithm::Ps256) => {
                let parameters = match token.algorithm {
                    Algorithm::Ps256 => &RSA_PSS_2048_8192_SHA256,
                    _ => &RSA_PKCS1_2048_8192_SHA256,
                };
                let key = RsaPublicKeyComponents {
                    n: modulus,
                    e: exponent,
                };
                key.verify(parameters, message, signature)
            }
            (Material::P256(point), Algorithm::Es256) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
            (Material::Ed25519(point), Algorithm::Ed25519) => {
                UnparsedPublicKey::new(&ED25519, point).verify(message, signature)
            }
            _ => return false,
        };
        held.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::super::jws::read as token;
    use super::*;
    use crate::json::json;

    /// Made with OpenSSL, so that what is checked here was made elsewhere.
    const RSA_N: &str = "tQt_WatxmDh2-vqt6dF4F6bBLOVsGrZ6S5D9LMnr2KHGSrBhSgot2a8DXyA_O_5pO7jKj8DQz1hGFdQoic9JP5TjUe4Bd5qcsxPDfEd4yZ8AUXe4oV6INds0D9z10PsDumejdSvcEg-AnDrjGXyTOjtFQ4XolnwCCi_0KkNmoVQ1aBEKEggw43R0o-SMDTcvMk07Nldb_ZmcnLm7yDup7ISDAwm9jLvBL0egKi570kz2tYGu1GrnoCG4RvNk0UQqsUw0jyhrphD1e2r5xsQkWLT2ejBm1r3OXZzopx8mrb4Qj-nf1RUyq7TLYTiRCHmnqWP4Lejk-a2pL9urO-SEMQ";
    const EC: (&str, &str) = (
        "qyzbfdlwK7PmVlXYRVpDIuVXbT2A2JauNxoXL3TP_A4",
        "8nsbP4RsDPz5TLnjINgNevoaVnKLzZ4TZLsm6InRRKs",
    );
    const ED: &str = "x_2wQp7OACeo4MMNjGT3kePzRE1GmZtiidxNz8THes0";
    const RS256: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJzdWIiOiJhbm4ifQ.ol8DGmH-3jshLsrrU6--fyKA670OjYyOrFljsYU5FpJx6N3CIfXde1Z6u0q8yd1v_4Iwme24RcbSmi19MJCQptgW4FvOHpwq6Y5Bw0kKjapjDGf-PAUhms86AsmEgYiT0dPLnnP8W_GDDhNA8KUWQHphtmhGA5SsC5mADV8fTI6aeUJkwnxeqym_zDEEEcc0l8yVlwQWgMl96dXg351kbkjaxHydbylocojkCvMjriwMQDoBjFq5UWIyduxArxgZT3R1maPQ2wb32u9MUgFQ1ybJSNc4rTKPwOzJ8iUy2VLjw2aAJVUv9Grc49MlLEPsHAiJiFEMyZrKMCG0ANl2xQ";
    const PS256: &str = "eyJhbGciOiJQUzI1NiIsImtpZCI6IlBTMjU2In0.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJzdWIiOiJhbm4ifQ.qA9oRZ9sbNZ-flb2xti0X-v90FcW_MOyFFWagKZSG_EguBeJu_JfHsaNo0elTYLE0DuTsMMcG5TR2tPZqJ2OF2BVxAhy9fVr1klJOThLvhfPWGKTdLzuaTLvRKpW6wxzBaLa6OOli_VQ_zjnrmhdvnJuAA8-I8lBfpYbXQw_MVOpaleIPifioqW5HNw3JTvyPgEWUpuOQz8XpHwAHHrb7V0RoUlRRds_By3ASELBprGfbhpCUn0mJXeJQEqylxiZrcVLNQwePiXJDoN-0G3quscnt9BaFoJS9yxZ4xZdghyCZQdUw0nwKxQXhj4nZyU-w_ln_bi08_9wObanOBxtJg";
    const ES256: &str = "eyJhbGciOiJFUzI1NiIsImtpZCI6IkVTMjU2In0.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJzdWIiOiJhbm4ifQ.vSpKMSjRiLcC2fPvLWqRHuIUkcI1k1sdTFcBP6XsuOrWNXPE4ktN9GNRp25LXYceui_170onisW5yoysD0F1ow";
    /// The same key and message; the signature as X.509 has it.
    const ES256_DER: &str = "eyJhbGciOiJFUzI1NiIsImtpZCI6IkVTMjU2In0.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJzdWIiOiJhbm4ifQ.MEYCIQD2yvtqoMpBPBWlJmVNildqFTgsnDQE0aLxnG0CNWM5iAIhAJCoE9A05BAt3o1bUVs8AlsAaOaBenoYlR208nOdbXdq";
    const EDDSA: &str = "eyJhbGciOiJFZERTQSIsImtpZCI6IkVkRFNBIn0.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJzdWIiOiJhbm4ifQ.W2l01F3tqy5DGmsCdflnRHx6S2it7ID9po3dEDr8udnbj293R_lJOtx7boE_yuGH5vHlPqBgk6wE76WX4fBfDQ";
    /// With the public RSA key as the secret.
    const HS256: &str = "eyJhbGciOiJIUzI1NiIsImtpZCI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJzdWIiOiJhbm4ifQ.oywhrIxKSt-Tg1Xb5_SHcXTd0V8TjEhuMA7nbxaQoIs";
    const SMALL_N: &str = "wKxqGxsqNxtVN8oeGzwXRWsad7z66AidM9KgPjdSScaD6OGD8QlboFMace0LKpZ1aLHshyCHGQ9oj6MyYFQmujyUEd5YTiVGOZ222TdAI8FAJW0g3SsWCGAnJFlFOH7YtxIRFthNmCEG7ORM3429wtnZwJWuLkmZANPkHl78QDE";
    const SMALL: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJzdWIiOiJhbm4ifQ.f-ArvsJ0GYJQ7l3oRYSSdB2gjjoGu_wnK4ozvXXX0l7mOI_hZHbLYtRmcfw4_9yGjKYfWoxCah4VqrlgFqVs0ThzAX9TrAB72w32stA9MDwQehsjejHH-HkAjwNI5cIq0bN9068sN4lmD6yuDUmcbecKJv7f8TziFqYt2ZhgOSE";

    fn keys(keys: Value) -> Vec<Key> {
        set(json!({"keys": keys}).to_string().as_bytes()).unwrap_or_default()
    }

    fn rsa(more: &Value) -> Value {
        let mut key = json!({"kty": "RSA", "n": RSA_N, "e": "AQAB"});
        if let (Some(key), Some(more)) = (key.as_object_mut(), more.as_object()) {
            key.extend(more.clone());
        }
        key
    }

    fn ec() -> Value {
        json!({"kty": "EC", "crv": "P-256", "x": EC.0, "y": EC.1, "kid": "ES256"})
    }

    fn ed() -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "x": ED, "kid": "EdDSA"})
    }

    /// Whether one of some keys is taken for a token and signed it.
    fn holds(text: &str, given: Value) -> bool {
        token(text).is_ok_and(|token| {
            let keys = keys(given);
            keys.iter()
                .any(|key| key.fits(&token) && key.signed(&token))
        })
    }

    #[test]
    fn signatures_of_each_algorithm_hold_and_those_of_no_other_do() {
        let all = json!([
            rsa(&json!({"kid": "RS256"})),
            rsa(&json!({"kid": "PS256"})),
            ec(),
            ed()
        ]);
        for (name, text) in [
            ("RS256", RS256),
            ("PS256", PS256),
            ("ES256", ES256),
            ("EdDSA", EDDSA),
        ] {
            assert!(holds(text, all.clone()), "{name}");
            // What was signed is another, and the signature is of another.
            let (signed, signature) = text.rsplit_once('.').unwrap_or_default();
            let (header, _) = signed.split_once('.').unwrap_or_default();
            let other = URL_SAFE_NO_PAD.encode(r#"{"iss":"https://id.example","sub":"eve"}"#);
            assert!(
                !holds(&format!("{header}.{other}.{signature}"), all.clone()),
                "{name}"
            );
            assert!(!holds(&format!("{signed}."), all.clone()), "{name}");
            let short = signature.get(4..).unwrap_or_default();
            assert!(!holds(&format!("{signed}.{short}"), all.clone()), "{name}");
        }
        for text in [HS256, ES256_DER] {
            assert!(!holds(text, all.clone()), "{text}");
        }
    }

    #[test]
    fn a_key_is_used_for_what_it_is_for_and_nothing_else() {
        for (key, fits) in [
            (rsa(&json!({})), true),
            (
                rsa(&json!({"kid": "RS256", "use": "sig", "alg": "RS256", "key_ops": ["verify"]})),
                true,
            ),
            (rsa(&json!({"n": format!("AA{RSA_N}")})), false),
            (rsa(&json!({"kid": "other"})), false),
            (rsa(&json!({"kid": "RS256", "use": "enc"})), false),
            (rsa(&json!({"kid": "RS256", "key_ops": ["encrypt"]})), false),
            (rsa(&json!({"kid": "RS256", "alg": "PS256"})), false),
            (rsa(&json!({"kid": "RS256", "alg": "RS512"})), false),
            (rsa(&json!({"kid": "RS256", "alg": "ES256"})), false),
            (rsa(&json!({"kid": "RS256", "n": "AQAB"})), false),
            (rsa(&json!({"kid": "RS256", "n": 7})), false),
            (
                rsa(&json!({"kid": "RS256", "kty": "oct", "k": RSA_N})),
                false,
            ),
            (ec(), false),
            (ed(), false),
            (json!("RSA"), false),
        ] {
            // A key without a name is nobody's for a token that names one.
            let named = key.get("kid").is_some();
            assert_eq!(holds(RS256, json!([key])), fits && named, "{key}");
        }
        // Below 2048 bits (RFC 7518 §3.3).
        let small = json!([{"kty": "RSA", "n": SMALL_N, "e": "AQAB", "kid": "RS256"}]);
        assert!(!holds(SMALL, small));
    }

    #[test]
    fn what_is_no_set_of_keys_is_none() {
        for text in [
            "",
            "[]",
            "{}",
            r#"{"keys":{}}"#,
            r#"{"keys":[]}"#,
            r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#,
            r#"{"keys":[],"keys":[]}"#,
        ] {
            assert!(set(text.as_bytes()).is_err(), "{text}");
        }
        // One that is of no use is no reason to refuse the others.
        assert_eq!(keys(json!([{"kty": "quantum"}, ec(), null])).len(), 1);
    }
}
