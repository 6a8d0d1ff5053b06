//! Keys that tell one call from another (`Idempotency-Key`, draft-ietf-httpapi-idempotency-key-header-07): a
//! service that sees one twice does what was asked once.

use super::error::Failure;
use crate::operation::OperationDef;
use crate::request::Request;

/// Gives a request the key of its call, unless it has one: what is sent again carries the key of the first
/// time, and so does what was announced before it was sent. None for operations without such a field.
pub(super) fn add(
    operation: &OperationDef,
    request: &mut Request,
) -> Result<Option<String>, Failure> {
    let is_key = |name: &str| {
        let mut parameters = operation.parameters.iter();
        parameters.any(|one| one.generated && one.name == name)
    };
    let known = request.headers.iter().find(|(name, _)| is_key(name));
    if let Some((_, key)) = known {
        return Ok(Some(key.clone()));
    }
    let fields = fields(operation)?;
    let key = fields.first().map(|(_, key)| key.clone());
    request.headers.extend(fields);
    Ok(key)
}

/// The header fields of an operation that are made anew for each call, all with the same key.
fn fields(operation: &OperationDef) -> Result<Vec<(String, String)>, Failure> {
    let mut wanted = operation
        .parameters
        .iter()
        .filter(|one| one.generated)
        .peekable();
    if wanted.peek().is_none() {
        return Ok(Vec::new());
    }
    let key = fresh()?;
    Ok(wanted
        .map(|parameter| (parameter.name.to_owned(), key.clone()))
        .collect())
}

/// A random UUID (RFC 9562 §5.4).
fn fresh() -> Result<String, Failure> {
    let mut bytes = [0_u8; 16];
    rustls::crypto::ring::default_provider()
        .secure_random
        .fill(&mut bytes)
        .map_err(|_| {
            Failure::Unsendable(
                "this machine gives no random numbers for an idempotency key".to_owned(),
            )
        })?;
    Ok(uuid(u128::from_be_bytes(bytes)))
}

/// Random bits as a UUID of version 4.
fn uuid(random: u128) -> String {
    const VERSION: u128 = 0x4 << 76;
    const VARIANT: u128 = 0b10 << 62;
    const KEPT: u128 = !((0xf << 76) | (0b11 << 62));
    let bits = (random & KEPT) | VERSION | VARIANT;
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        bits >> 96,
        (bits >> 80) & 0xffff,
        (bits >> 64) & 0xffff,
        (bits >> 48) & 0xffff,
        bits & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Parameter;

    #[test]
    fn random_bits_become_uuids_of_version_4() {
        assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    #[test]
    fn each_call_has_a_key_of_its_own_and_all_its_fields_the_same() {
        let key = |name| Parameter {
            name,
            generated: true,
            ..Parameter::HEADER
        };
        let operation = OperationDef {
            parameters: Box::leak(Box::new([key("Idempotency-Key"), key("X-Idempotency-Key")])),
            ..OperationDef::DEFAULT
        };
        let one = fields(&operation).unwrap_or_default();
        let other = fields(&operation).unwrap_or_default();
        assert_eq!(one.len(), 2);
        assert_eq!(one[0].1, one[1].1);
        assert_ne!(one[0].1, other[0].1);
        assert_eq!(fields(&OperationDef::DEFAULT).ok(), Some(Vec::new()));
    }

    #[test]
    fn a_request_has_one_key_however_often_it_is_given_one() {
        let operation = OperationDef {
            parameters: &[Parameter {
                name: "Idempotency-Key",
                generated: true,
                ..Parameter::HEADER
            }],
            ..OperationDef::DEFAULT
        };
        let mut request = Request {
            method: "POST",
            path: "/".to_owned(),
            query: String::new(),
            headers: Vec::new(),
            cookies: Vec::new(),
            body: None,
        };
        let first = add(&operation, &mut request);
        assert!(matches!(&first, Ok(Some(key)) if key.len() == 36));
        assert_eq!(add(&operation, &mut request), first);
        assert_eq!(request.headers.len(), 1);
        assert_eq!(add(&OperationDef::DEFAULT, &mut request), Ok(None));
    }
}
