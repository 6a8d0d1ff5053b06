//! The decision whether a call goes on, asks, or ends.

use std::time::Duration;

use super::claim::{Change, Claim};
use super::question::Matter as Subject;
use super::seal::{Broken, Purpose};
use super::{Answer, Asking, Caller, Guard, Policy, Reply, Said};
use crate::audit::decided;
use crate::result::{Confirm, ErrorKind, ToolResult};
use crate::state::Key;

pub(crate) use super::question::Matter;

/// How long a confirmation can be given, in seconds, be it the token of a preview or the state of a question: five
/// minutes, so that a stolen one is soon worth nothing.
const SECONDS: u64 = 300;

/// A question to the person, which goes out in place of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    /// What the person reads.
    pub(crate) message: String,
    /// What the client sends back as it is.
    pub(crate) state: String,
}

impl Guard {
    /// Whether a call goes on.
    ///
    /// # Errors
    /// The result that ends it: a question, a preview, or a refusal. Nothing was sent then.
    pub(crate) async fn admit(
        &self,
        policy: Policy,
        caller: &Caller,
        said: &Said,
        matter: &Subject<'_>,
    ) -> Result<(), ToolResult> {
        match policy {
            Policy::Off => return Ok(()),
            Policy::Deny => {
                return Err(halt(
                    ErrorKind::Refused,
                    format!(
                        "Permission denied: whoever runs this server lets nobody call {}. Nothing was sent.",
                        matter.tool
                    ),
                ));
            }
            Policy::Arg if said.confirm => {
                decided("confirmed by an argument");
                return Ok(());
            }
            Policy::Arg => {
                return Err(preview(
                    matter,
                    "call it again with the same arguments and \"confirm\": true",
                ));
            }
            Policy::Auto | Policy::Token | Policy::Elicit => {}
        }
        let call = super::digest("confirm", &caller.principal, matter.tool, matter.arguments);
        if policy != Policy::Elicit
            && let Some(token) = &said.token
        {
            return self.redeem(&call, token, matter).await;
        }
        match (&caller.asking, policy) {
            (Asking::Now(ask), Policy::Auto | Policy::Elicit) => {
                verdict(ask(message(matter)).await, matter)
            }
            (Asking::Later, Policy::Auto | Policy::Elicit) => {
                self.ask_later(&call, caller.reply.as_ref(), matter).await
            }
            (_, Policy::Elicit) => Err(halt(
                ErrorKind::Refused,
                format!(
                    "Permission denied: whoever runs this server wants a person to be asked before {} is called, and this client cannot ask (it declares no elicitation). Nothing was sent.",
                    matter.tool
                ),
            )),
            _ => Err(self.preview_with_token(&call, matter, "")),
        }
    }

    /// A call with a token.
    async fn redeem(
        &self,
        call: &Key,
        token: &str,
        matter: &Subject<'_>,
    ) -> Result<(), ToolResult> {
        match self
            .seals
            .open(Purpose::Token, call, token, self.clock.seconds())
        {
            Ok((id, until)) => {
                if self.spend(&id, until).await? {
                    decided("confirmed by a token");
                    return Ok(());
                }
                Err(halt(
                    ErrorKind::Unconfirmed,
                    format!(
                        "Confirmation needed: this confirm_token was used already, and it holds for one call. What it confirmed may have been sent; look whether it was carried out before you repeat it. To do it again, call {} without a token.",
                        matter.tool
                    ),
                ))
            }
            Err(Broken::Late) => {
                let why = "The confirm_token is too old. ";
                Err(self.preview_with_token(call, matter, why))
            }
            Err(Broken::Wrong) => {
                let why = "The confirm_token is not one for these arguments: it holds for exactly the call that was shown. ";
                Err(self.preview_with_token(call, matter, why))
            }
        }
    }

    /// A client that asks when it has the answer, and repeats the call.
    async fn ask_later(
        &self,
        call: &Key,
        reply: Option<&Reply>,
        matter: &Subject<'_>,
    ) -> Result<(), ToolResult> {
        if let Some(Reply { state, answer: Some(answer) }) = reply
            && let Ok((id, until)) =
                self.seals.open(Purpose::Question, call, state, self.clock.seconds())
            // A state that was answered already asks for another answer.
            && self.spend(&id, until).await?
        {
            return verdict(*answer, matter);
        }
        let until = self.clock.seconds().saturating_add(SECONDS);
        let Some(state) = self.seals.seal(Purpose::Question, call, until) else {
            return Err(no_random());
        };
        let text = format!(
            "Confirmation needed: nothing was sent; the person is asked whether {} may go on.",
            matter.tool
        );
        Err(ToolResult {
            question: Some(Question {
                message: message(matter),
                state,
            }),
            ..halt(ErrorKind::Unconfirmed, text)
        })
    }

    fn preview_with_token(&self, call: &Key, matter: &Subject<'_>, why: &str) -> ToolResult {
        let until = self.clock.seconds().saturating_add(SECONDS);
        let Some(token) = self.seals.seal(Purpose::Token, call, until) else {
            return no_random();
        };
        let how = format!(
            "call it again within {} minutes with exactly the same arguments and \"confirm_token\": \"{token}\"",
            SECONDS / 60
        );
        let mut result = preview(matter, &how);
        if !why.is_empty() {
            result = halt(ErrorKind::Unconfirmed, format!("{why}{}", result.to_text()));
        }
        result.confirm = Some(Confirm {
            token,
            seconds: SECONDS,
        });
        result
    }

    /// Uses a seal up; whether it was not used before.
    async fn spend(&self, id: &Key, until: u64) -> Result<bool, ToolResult> {
        let left = until
            .saturating_sub(self.clock.seconds())
            .saturating_add(60);
        let Some(own) = self.seals.name() else {
            return Err(no_random());
        };
        let time = Duration::from_secs(left);
        match Claim::take(&self.state, &self.errands, *id, &own, time).await {
            Ok((mut claim, held)) => {
                claim.then = Change::Stay;
                Ok(held.is_none())
            }
            // Given back, so that it can be used when the store can be asked again.
            Err(error) => Err(unavailable(&error.to_string())),
        }
    }
}

/// What a person's answer means.
fn verdict(answer: Answer, matter: &Subject<'_>) -> Result<(), ToolResult> {
    let text = match answer {
        Answer::Accept => {
            decided("confirmed by a person");
            return Ok(());
        }
        Answer::Decline => {
            decided("declined");
            format!(
                "The person said no to {}. Nothing was sent. Do not call it again unless they ask for it.",
                matter.tool
            )
        }
        Answer::Cancel => format!(
            "Nobody confirmed {}, so nothing was sent. Ask the person what they want before you call it again.",
            matter.tool
        ),
    };
    Err(halt(ErrorKind::Unconfirmed, text))
}

/// What the person is asked.
fn message(matter: &Subject<'_>) -> String {
    let reason = matter.reason.as_deref();
    let reason = reason.map_or_else(String::new, |reason| format!("{reason}\n"));
    format!(
        "{reason}This {}. Go on?\n{}",
        matter.class(),
        matter.facts()
    )
}

/// What a model reads in place of a result.
fn preview(matter: &Subject<'_>, how: &str) -> ToolResult {
    let reason = matter.reason.as_deref();
    let reason = reason.map_or_else(String::new, |reason| format!(" {reason}"));
    halt(
        ErrorKind::Unconfirmed,
        format!(
            "Confirmation needed, nothing was sent yet: {} {}.{reason}\n{}\nShow this to the person and wait for their word. If they agree, {how}.",
            matter.tool,
            matter.class(),
            matter.facts()
        ),
    )
}

pub(super) fn unavailable(why: &str) -> ToolResult {
    halt(
        ErrorKind::Refused,
        format!(
            "Nothing was sent, since this server cannot tell whether it was done before: {why}. Try again later."
        ),
    )
}

pub(super) fn no_random() -> ToolResult {
    halt(
        ErrorKind::Refused,
        "Nothing was sent: this server needs a confirmation and its machine gives no random numbers to make one.".to_owned(),
    )
}

fn halt(kind: ErrorKind, text: String) -> ToolResult {
    ToolResult::error(kind, text)
}
