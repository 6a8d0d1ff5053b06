//! What the operator configures of TLS: a certificate of this server's own, and a private authority.

use std::fmt;

use super::error::ConfigError;

/// Client certificate and additional authorities. It prints neither.
#[derive(Clone, Default)]
pub struct Tls {
    identity: Option<reqwest::Identity>,
    authorities: Vec<reqwest::Certificate>,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("identity", &self.identity.is_some())
            .field("authorities", &self.authorities.len())
            .finish()
    }
}

impl Tls {
    /// Reads `<PREFIX>_CLIENT_CERT_FILE` with `<PREFIX>_CLIENT_KEY_FILE`, and `<PREFIX>_CA_FILE`.
    pub(super) fn read(
        prefix: &str,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let file = |suffix: &str| {
            let name = format!("{prefix}_{suffix}");
            let Some(path) = variable(&name).filter(|path| !path.is_empty()) else {
                return Ok(None);
            };
            std::fs::read(&path)
                .map(|bytes| Some((name.clone(), bytes)))
                .map_err(|error| {
                    ConfigError(format!("{name} names a file that cannot be read: {error}"))
                })
        };
        let identity = match (file("CLIENT_CERT_FILE")?, file("CLIENT_KEY_FILE")?) {
            (None, None) => None,
            (Some((name, certificate)), Some((key_name, key))) => {
                let pem = [certificate.as_slice(), b"\n", key.as_slice()].concat();
                Some(reqwest::Identity::from_pem(&pem).map_err(|_| {
                    ConfigError(format!(
                        "{name} and {key_name} must name PEM files with a certificate and with its private key, unencrypted"
                    ))
                })?)
            }
            (Some((name, _)), None) => {
                return Err(ConfigError(format!(
                    "{name} needs {prefix}_CLIENT_KEY_FILE, the private key of the certificate"
                )));
            }
            (None, Some((name, _))) => {
                return Err(ConfigError(format!(
                    "{name} needs {prefix}_CLIENT_CERT_FILE, the certificate of the key"
                )));
            }
        };
        let authorities = match file("CA_FILE")? {
            None => Vec::new(),
            Some((name, bytes)) => {
                let found = reqwest::Certificate::from_pem_bundle(&bytes).unwrap_or_default();
                if found.is_empty() {
                    return Err(ConfigError(format!(
                        "{name} must name a PEM file with the certificates of authorities"
                    )));
                }
                found
            }
        };
        Ok(Self {
            identity,
            authorities,
        })
    }

    /// The authorities alone, for hosts that the certificate is none of the business of.
    #[cfg(feature = "http")]
    pub(super) fn without_identity(self) -> Self {
        Self {
            identity: None,
            ..self
        }
    }

    /// Whether a client certificate is configured.
    pub(super) fn has_identity(&self) -> bool {
        self.identity.is_some()
    }

    /// The client with this configuration. Authorities are trusted besides those of the system, since
    /// the issuer of tokens may be another host than the service.
    pub(super) fn apply(&self, mut builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        if let Some(identity) = &self.identity {
            builder = builder.identity(identity.clone());
        }
        if !self.authorities.is_empty() {
            builder = builder.tls_certs_merge(self.authorities.iter().cloned());
        }
        builder
    }
}
