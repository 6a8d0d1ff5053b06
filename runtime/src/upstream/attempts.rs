//! The attempts of one request: the same bytes, until the service has answered or nothing more may be tried.

use std::time::Duration;

use ring::digest::{Context, SHA256};
use secrecy::ExposeSecret as _;
use tokio::time::Instant;

use super::credentials::Applied;
use super::oauth::{Token, Tokens};
use super::{Failure, Reply, Upstream, authorize};
use crate::measure;
use crate::operation::OperationDef;
use crate::rate::{self, Asking};
use crate::request::Request;
use crate::retry::{
    Account, Asked, Class, Decision, Passage, Sample, Situation, class, decide, delay, keyed,
    nature, retry_after,
};
use crate::state::Key;
use crate::telemetry::Attempt;
use crate::turn;

/// Requests for one call, one with a new access token included.
const MOST: u32 = 3;
/// Longest wait for the answer to a probe.
const PROBE: Duration = Duration::from_secs(5);

/// What became of a request.
#[derive(Debug)]
pub(crate) struct Sent {
    /// The last answer. What no answer has settled is [`Failure::Unsettled`].
    pub(crate) answer: Result<Reply, Failure>,
    /// How often it went out, or may have.
    pub(crate) attempts: u32,
    /// Whether a deletion that may have arrived was asked for once more, and there was nothing left.
    pub(crate) absent: bool,
}

impl Sent {
    /// One that never went out.
    fn unsent(failure: Failure) -> Self {
        Self {
            answer: Err(failure),
            attempts: 0,
            absent: false,
        }
    }
}

/// A request on its way, over all attempts.
struct Trip<'a> {
    operation: &'a OperationDef,
    begin: Instant,
    applied: Applied,
    request: reqwest::Request,
    token: Option<Token>,
    refreshed: bool,
    /// Attempts, and those of them that went out.
    tried: u32,
    sent: u32,
    /// What came of an earlier attempt that the service may have acted on, of one that changes something.
    doubt: Option<String>,
}

impl Upstream {
    /// Sends a request until it is answered or given up, and says how that went. `going` is called before
    /// something of it may go out: until then it was not sent, even if it is given up.
    pub(crate) async fn carry(
        &self,
        operation: &OperationDef,
        request: Request,
        going: &mut (dyn FnMut() + Send),
    ) -> Sent {
        match self.depart(operation, request).await {
            Ok(mut trip) => {
                let answer = self.attempt(&mut trip, going).await;
                trip.settled(answer)
            }
            Err(failure) => Sent::unsent(failure),
        }
    }

    /// The request with its credential.
    async fn depart<'a>(
        &self,
        operation: &'a OperationDef,
        request: Request,
    ) -> Result<Trip<'a>, Failure> {
        let begin = Instant::now();
        let (mut applied, mut request) = self.assemble(operation, request).await?;
        let token = if applied.wants_token {
            let token = self.token(begin, None).await?;
            authorize(&mut request, &token)?;
            applied.secrets.push(token.value.clone());
            Some(token)
        } else {
            None
        };
        Ok(Trip {
            operation,
            begin,
            applied,
            request,
            token,
            refreshed: false,
            tried: 0,
            sent: 0,
            doubt: None,
        })
    }

    async fn attempt(
        &self,
        trip: &mut Trip<'_>,
        going: &mut (dyn FnMut() + Send),
    ) -> Result<Reply, Failure> {
        let retries = &self.settings.retries;
        let operation = trip.operation;
        let key = self.account(trip)?;
        let account = self.accounts.of(&key);
        let mut last = None;
        loop {
            let probes = match self.passage(&account, &key, trip).await {
                Ok(probes) => probes,
                // What the service said before is worth more than that it is not asked again.
                Err(failure) => return last.unwrap_or(Err(failure)),
            };
            let Some(mut outgoing) = trip.request.try_clone() else {
                let why = "the body cannot be sent a second time".to_owned();
                return last.unwrap_or(Err(Failure::Unsendable(why)));
            };
            going();
            let begin = Instant::now();
            let left = self.left(trip.begin);
            let attempt = Attempt::begin(operation, &mut outgoing, trip.tried);
            let answer = self.exchange(trip.begin, outgoing, &trip.applied).await;
            let answer = answer.map(|reply| reply.promised(operation));
            let outcome = match &answer {
                Ok(reply) => Ok(reply.status),
                Err(failure) => Err(failure.kind()),
            };
            measure::exchange(operation.tool, operation.method, outcome, begin.elapsed());
            attempt.end(outcome);
            trip.tried += 1;
            let has_key = retries.keyed.contains(operation.tool)
                && keyed(operation)
                && trip.begin.elapsed() < retries.key_time;
            let found = class(
                &answer,
                Asked {
                    writes: operation.writes(),
                    repeats_a_key: has_key && trip.doubt.is_some(),
                    unprocessed_503: retries.unprocessed_503,
                },
            );
            trip.note(found, &answer);
            // One that had little time left says nothing of the service.
            let is_ours = matches!(answer, Err(Failure::Timeout(_))) && left * 2 < retries.try_time;
            if !is_ours {
                note(&account, probes, found, &answer);
            }
            if let Ok(reply) = &answer {
                rate::note(&self.state, &key, reply, self.clock.seconds());
            }
            if self.is_stale(trip, &answer) {
                tracing::info!(
                    tool = operation.tool,
                    "the service refused the access token"
                );
                let token = self.token(trip.begin, trip.token.as_ref()).await?;
                authorize(&mut trip.request, &token)?;
                trip.applied.secrets.push(token.value.clone());
                trip.token = Some(token);
                trip.refreshed = true;
                continue;
            }
            let now = self.clock.seconds();
            let floor = answer.as_ref().ok();
            let floor = floor.and_then(|reply| retry_after(reply, now));
            let situation = Situation {
                nature: nature(operation, has_key, retries.never.contains(operation.tool)),
                class: found,
                attempts: trip.tried,
                most: retries.attempts,
                delay: delay(found, trip.tried, &self.random),
                floor,
                left: self.left(trip.begin),
            };
            let decision = decide(&situation, &mut account.quota());
            match decision {
                Decision::GiveUp => return answer,
                Decision::Resend(delay) => {
                    tracing::info!(tool = operation.tool, class = ?found, ?delay, "sent once more");
                    turn::idle(tokio::time::sleep(delay)).await;
                }
            }
            last = Some(answer);
        }
    }

    /// Whether a new access token may help (RFC 6750 §3.1): nothing was done then.
    fn is_stale(&self, trip: &Trip<'_>, answer: &Result<Reply, Failure>) -> bool {
        let refused = answer.as_ref().is_ok_and(|reply| reply.status == 401);
        let old = trip.token.as_ref();
        refused
            && !trip.refreshed
            && trip.tried < MOST
            && old.is_some_and(|token| !Tokens::is_new(token, trip.begin))
    }

    /// Whether the request may go out, and whether it is then the one that shows that the service is back.
    /// Only a GET is; before anything else this server asks with one of its own.
    async fn passage(
        &self,
        account: &Account,
        key: &Key,
        trip: &Trip<'_>,
    ) -> Result<bool, Failure> {
        // Nobody waits in line for what will not be sent.
        if let Some(wait) = account.breaker().closed(Instant::now()) {
            return Err(Failure::Resting { wait });
        }
        rate::pass(&Asking {
            state: &*self.state,
            key,
            line: &account.line,
            rate: self.settings.rate,
            until: trip.begin + self.settings.timeout,
            writes: trip.operation.writes(),
        })
        .await?;
        let now = Instant::now();
        let passage = account.breaker().pass(now, self.settings.retries.try_time);
        match passage {
            Passage::Open => Ok(false),
            Passage::Closed(wait) => Err(Failure::Resting { wait }),
            Passage::Probe if trip.operation.method == "GET" && !trip.operation.writes() => {
                Ok(true)
            }
            Passage::Probe => {
                let sample = self.probe(trip).await;
                let now = Instant::now();
                let mut breaker = account.breaker();
                breaker.probed(now, sample);
                match breaker.closed(now) {
                    None => Ok(false),
                    Some(wait) => Err(Failure::Resting { wait }),
                }
            }
        }
    }

    /// Asks for the base URL, without a credential: whatever the service says, it is back. What a front end says
    /// in its place is no word of it.
    async fn probe(&self, trip: &Trip<'_>) -> Sample {
        let asked = async {
            let url = self.settings.base_url(trip.operation)?.url();
            let request = self.client().await?.get(url).build();
            let request = request.map_err(Failure::from_reqwest)?;
            self.exchange(trip.begin, request, &Applied::default())
                .await
        };
        let answer = tokio::time::timeout(PROBE, asked).await;
        match answer {
            Ok(Ok(reply)) if !matches!(reply.status, 502..=504) => Sample::Answered,
            // What cannot be read was said by somebody.
            Ok(Err(failure))
                if class(&Err(failure.clone()), Asked::default()) == Class::Definitive =>
            {
                Sample::Answered
            }
            _ => Sample::Lost,
        }
    }

    /// Which service and whose credential: who shares them, shares what they are used up to.
    fn account(&self, trip: &Trip<'_>) -> Result<Key, Failure> {
        let mut context = Context::new(&SHA256);
        let mut put = |text: &str| {
            context.update(&(text.len() as u64).to_be_bytes());
            context.update(text.as_bytes());
        };
        put(self.settings.base_url(trip.operation)?.url().as_str());
        if trip.token.is_some() {
            // Tokens come and go; the client that they are issued to stays.
            put("access token");
            let oauth = self.settings.oauth.as_ref();
            oauth
                .map(|oauth| oauth.identity())
                .into_iter()
                .flatten()
                .for_each(put);
        } else {
            let secrets = trip.applied.identity();
            secrets.for_each(|secret| put(secret.expose_secret()));
        }
        let mut key = [0; 32];
        for (place, byte) in key.iter_mut().zip(context.finish().as_ref()) {
            *place = *byte;
        }
        Ok(key)
    }
}

impl Trip<'_> {
    /// Notes what an attempt came to.
    fn note(&mut self, class: Class, answer: &Result<Reply, Failure>) {
        self.sent += u32::from(class != Class::Unwritten);
        if class == Class::Ambiguous && self.operation.writes() {
            self.doubt = Some(match answer {
                Ok(reply) => format!("the service answered HTTP {}", reply.status),
                Err(failure) => failure.to_string(),
            });
        }
    }

    /// What the last answer says about all attempts: where an earlier one may have arrived, a refusal of
    /// this one settles nothing, since the first may be what it is refused for.
    fn settled(self, answer: Result<Reply, Failure>) -> Sent {
        let mut absent = false;
        let answer = match (self.doubt, answer) {
            (None, answer) => answer,
            (Some(_), Ok(reply)) if reply.is_success() => Ok(reply),
            (Some(_), Ok(reply))
                if self.operation.method == "DELETE" && matches!(reply.status, 404 | 410) =>
            {
                absent = true;
                Ok(reply)
            }
            (Some(_), Ok(reply)) if crate::result::is_ambiguous(reply.status) => Ok(reply),
            (Some(first), Ok(reply)) => Err(Failure::Unsettled(format!(
                "{first}; when the request was sent once more, it was refused (HTTP {})",
                reply.status
            ))),
            (Some(_), Err(failure)) if failure.may_have_arrived() => Err(failure),
            (Some(first), Err(failure)) => Err(Failure::Unsettled(format!(
                "{first}; when the request was to be sent once more, {failure}"
            ))),
        };
        Sent {
            answer,
            attempts: self.sent,
            absent,
        }
    }
}

/// Notes what an attempt says about the service.
fn note(account: &Account, probes: bool, class: Class, answer: &Result<Reply, Failure>) {
    let now = Instant::now();
    let mut breaker = account.breaker();
    if probes {
        breaker.probed(now, sample(class));
    } else {
        breaker.note(now, sample(class));
    }
    drop(breaker);
    if answer.as_ref().is_ok_and(Reply::is_success) {
        account.quota().earn();
    }
}

fn sample(class: Class) -> Sample {
    match class {
        Class::Unwritten | Class::Ambiguous => Sample::Lost,
        Class::Limited | Class::Definitive => Sample::Answered,
    }
}
