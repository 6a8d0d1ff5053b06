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
        let names = ["CLIENT_CERT_FILE", "CLIENT_KEY_FILE", "CA_FILE"]
            .map(|name| format!("{prefix}_{name}"));
        Self::named(&names, variable)
    }

    /// Reads the files that variables name: a certificate, its private key, and authorities.
    ///
    /// # Errors
    /// One line that names the variable.
    pub(crate) fn named(
        [certificate, private_key, ca]: &[String; 3],
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let file = |name: &str| {
            let Some(path) = variable(name).filter(|path| !path.is_empty()) else {
                return Ok(None);
            };
            std::fs::read(&path).map(Some).map_err(|error| {
                ConfigError(format!("{name} names a file that cannot be read: {error}"))
            })
        };
        let identity = match (file(certificate)?, file(private_key)?) {
            (None, None) => None,
            (Some(chain), Some(key)) => {
                let pem = [chain.as_slice(), b"\n", key.as_slice()].concat();
                Some(reqwest::Identity::from_pem(&pem).map_err(|_| {
                    ConfigError(format!(
                        "{certificate} and {private_key} must name PEM files with a certificate and with its private key, unencrypted"
                    ))
                })?)
            }
            (Some(_), None) => {
                return Err(ConfigError(format!(
                    "{certificate} needs {private_key}, the private key of the certificate"
                )));
            }
            (None, Some(_)) => {
                return Err(ConfigError(format!(
                    "{private_key} needs {certificate}, the certificate of the key"
                )));
            }
        };
        let authorities = match file(ca)? {
            None => Vec::new(),
            Some(bytes) => {
                let found = reqwest::Certificate::from_pem_bundle(&bytes).unwrap_or_default();
                if found.is_empty() {
                    return Err(ConfigError(format!(
                        "{ca} must name a PEM file with the certificates of authorities"
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
    pub(crate) fn apply(&self, mut builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        if let Some(identity) = &self.identity {
            builder = builder.identity(identity.clone());
        }
        if !self.authorities.is_empty() {
            builder = builder.tls_certs_merge(self.authorities.iter().cloned());
        }
        builder
    }
}
