//! What stands between a checked call and the service: nothing that is destructive or reaches others
//! happens on one call of a model, and nothing is created twice because a model repeats itself.
//!
//! | file | subject |
//! |---|---|
//! | `policy.rs` | which calls are confirmed, and how |
//! | `caller.rs` | who calls, and how they can be asked |
//! | `said.rs` | arguments that are for the guard, not for the service |
//! | `digest.rs` | what a confirmation is bound to |
//! | `seal.rs` | tokens and states that nobody can forge, change or use for another call |
//! | `question.rs` | what the person, or the model, reads |
//! | `gate.rs` | the decision |
//! | `claim.rs` | keys of the state that are ours, or may be |
//! | `duplicates.rs` | the same write a second time |
//!
//! Confirmation by a form is MCP 2026-07-28, `basic/patterns/mrtr` and `client/elicitation`.

mod caller;
mod claim;
mod digest;
mod duplicates;
mod gate;
mod policy;
mod question;
mod said;
mod seal;

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::state::{Memory, State, configured};
use crate::upstream::ConfigError;

pub(crate) use caller::{Answer, Asking, Caller, Reply};
pub(crate) use claim::Errands;
pub(crate) use digest::digest;
pub(crate) use duplicates::{Admitted, Outcome, Write};
pub(crate) use gate::{Matter, Question};
pub(crate) use policy::{Policies, Policy};
pub(crate) use said::{CONFIRM_TOKEN, Said, WORDS, unlisted, with_token};
use seal::Seals;

/// How long a person may think while a call waits.
pub(crate) const PATIENCE: Duration = Duration::from_secs(300);

/// The guard of a server.
#[derive(Debug)]
pub(crate) struct Guard {
    policies: Policies,
    seals: Seals,
    state: Arc<dyn State>,
    errands: Errands,
    clock: Clock,
}

impl Guard {
    /// A guard with the usual policies, for this process alone.
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            policies: Policies::default(),
            seals: Seals::of_this_process(),
            state: Arc::new(Memory::default()),
            errands: Errands::default(),
            clock,
        }
    }

    /// A guard as the environment configures it: `<PREFIX>_CONFIRM`, and `<PREFIX>_SECRET` (or
    /// `…_SECRET_FILE`), with which a confirmation that one process asked for holds in another; and
    /// `<PREFIX>_STATE_URL`, what replicas share.
    ///
    /// # Errors
    /// One line that names the variable.
    pub(crate) fn read(
        prefix: &str,
        variable: &dyn Fn(&str) -> Option<String>,
        clock: Clock,
    ) -> Result<Self, ConfigError> {
        Ok(Self {
            policies: Policies::read(prefix, variable)?,
            seals: Seals::read(prefix, variable)?,
            state: configured(prefix, variable)?,
            ..Self::new(clock)
        })
    }

    /// What this guard shares with others.
    pub(crate) fn state(&self) -> Arc<dyn State> {
        Arc::clone(&self.state)
    }

    /// What this guard has to say with nobody waiting for it.
    pub(crate) const fn errands(&self) -> &Errands {
        &self.errands
    }

    /// A name for whoever has these secrets: the same each time, and no way back to them. None if the machine
    /// gives no random numbers.
    #[cfg(feature = "http")]
    pub(crate) fn pseudonym<'a>(
        &self,
        secrets: impl Iterator<Item = &'a secrecy::SecretString>,
    ) -> Option<String> {
        self.seals.pseudonym(secrets)
    }

    /// Who may call what without being asked.
    pub(crate) const fn policies(&self) -> &Policies {
        &self.policies
    }
}
