//! Where the state is kept: in this process, or where `<PREFIX>_STATE_URL` says.

use std::sync::Arc;

use super::{Memory, State};
use crate::upstream::{ConfigError, read_secret};

/// The state as the environment configures it: `<PREFIX>_STATE_URL` (or `…_FILE`), an address such as
/// `redis://:password@host:6379/0`, or this process alone.
///
/// # Errors
/// One line that names the variable.
pub(crate) fn configured(
    prefix: &str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Arc<dyn State>, ConfigError> {
    let name = format!("{prefix}_STATE_URL");
    let Some(address) = read_secret(&name, variable)? else {
        return Ok(Arc::new(Memory::default()));
    };
    let secret = format!("{prefix}_SECRET");
    if read_secret(&secret, variable)?.is_none() {
        return Err(ConfigError(format!(
            "{name} needs {secret} (or {secret}_FILE), the same for all replicas: a confirmation that one of them asked for holds in the others"
        )));
    }
    open(&name, address.trim(), prefix)
}

#[cfg(feature = "redis")]
fn open(name: &str, address: &str, prefix: &str) -> Result<Arc<dyn State>, ConfigError> {
    match super::redis::Redis::open(address, prefix) {
        Ok(store) => Ok(Arc::new(store)),
        Err(why) => Err(ConfigError(format!(
            "{name} is not an address such as redis://host:6379/0 or rediss://…: {why}"
        ))),
    }
}

#[cfg(not(feature = "redis"))]
fn open(name: &str, _address: &str, _prefix: &str) -> Result<Arc<dyn State>, ConfigError> {
    Err(ConfigError(format!(
        "{name} is set, and this server was built without a way to such a store; build it with `--features redis`"
    )))
}
