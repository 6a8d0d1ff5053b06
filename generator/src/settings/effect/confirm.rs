//! How calls are confirmed. The document may only ask for more care than the class does; the operator may
//! ask for less, with a reason that reports show.

use super::Effect;
use crate::diagnostics::Code;
use crate::ir::{Confirm, Risk};

impl Effect<'_> {
    pub(super) fn confirm(&mut self) {
        let usual = Confirm::of(self.operation.risk);
        let mut confirm = None;
        if let Some(raised) = self.said.raised.confirm {
            if raised >= usual {
                confirm = Some(raised);
            } else {
                let but = format!("it is confirmed as `{}`", usual.as_str());
                self.refuse("confirm", &but);
            }
        }
        if let Some(wanted) = self.said.facts.confirm {
            let usual = confirm.unwrap_or(usual);
            if wanted < usual && self.said.reason("confirm").is_none() {
                let place = self.said.place("confirm").cloned();
                let message = format!(
                    "calls of `{}` ({}) are confirmed as `{}`; `{}` is less care and needs a reason",
                    self.operation.tool,
                    self.operation.risk.as_str(),
                    usual.as_str(),
                    wanted.as_str()
                );
                self.find(place.as_ref(), Code::E0928, message);
            }
            confirm = Some(wanted);
        }
        self.operation.settled.confirm = confirm;
    }
}

impl Confirm {
    /// How the runtime confirms calls of a class if nobody says more.
    fn of(risk: Risk) -> Self {
        match risk {
            Risk::Read | Risk::Write => Self::Off,
            Risk::Destructive | Risk::Outward => Self::Auto,
        }
    }
}
