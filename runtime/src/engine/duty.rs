//! What a custom tool's requests have to keep: its author says what it does, and the operator's word, the log and
//! the guard hold for what it sends all the same (ADR 0041, 0042).

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::admission::outcome;
use super::{Call, Engine, Entry};
use crate::audit::{Audit, Subject};
use crate::client::CallError;
use crate::guard::{Admitted, Caller, Guard, Policy, Said, digest};
use crate::json::Object;
use crate::operation::{OperationDef, Risk};
use crate::request::Request;
use crate::result::{self, Fate};
use crate::state::Key;
use crate::upstream::{Reply, Upstream};

/// A call of a custom tool, as its requests know it.
pub(crate) struct Duty {
    tool: String,
    risk: Risk,
    policy: Policy,
    caller: Caller,
    said: Said,
    guard: Arc<Guard>,
    audit: Audit,
    /// How often a write was made by this call.
    made: Mutex<HashMap<Key, usize>>,
}

impl fmt::Debug for Duty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Duty({})", self.tool)
    }
}

impl Engine {
    /// What the requests of a call have to keep.
    pub(super) fn duty(&self, entry: &Entry, call: Call<'_>) -> Duty {
        Duty {
            tool: entry.name().to_owned(),
            risk: entry.risk(),
            policy: entry.policy,
            caller: call.caller.clone(),
            said: call.said.clone(),
            guard: Arc::clone(&self.guard),
            audit: self.audit.clone(),
            made: Mutex::default(),
        }
    }
}

impl Duty {
    /// Sends a request as that of the operation's own tool would be, but for what a person is asked: they have
    /// agreed to the call as a whole.
    ///
    /// # Errors
    /// Why nothing was sent, or what became of it.
    pub(crate) async fn carry(
        &self,
        upstream: &Upstream,
        operation: &'static OperationDef,
        arguments: &Object,
        mut request: Request,
    ) -> Result<Reply, CallError> {
        self.permits(operation)?;
        if !operation.writes() {
            return Ok(upstream.send(operation, request).await?);
        }
        let refused = |result: result::ToolResult| CallError::Refused(result.to_text());
        let mut admitted = self.first(upstream, operation, arguments).await?;
        let key = Upstream::name(operation, &mut request)?;
        let schema: Object = serde_json::from_str(operation.input_schema).unwrap_or_default();
        let subject = Subject {
            tool: operation.tool,
            risk: operation.risk,
            schema: &schema,
            arguments,
            request: Some((operation, &request.path)),
            key: key.as_deref(),
        };
        let mut intent = self.audit.intent(subject).await.map_err(refused)?;
        let mut going = || {
            admitted.sending();
            intent.sending();
        };
        let sent = upstream.carry(operation, request, &mut going).await;
        let fate = Fate {
            outcome: result::outcome(operation, &sent.answer, sent.absent),
            attempts: sent.attempts,
        };
        let noted = outcome(fate.outcome, &sent);
        let status = sent.answer.as_ref().ok().map(|reply| reply.status);
        intent.settle(fate, &noted, status);
        admitted.settle(noted).await;
        Ok(sent.answer?)
    }

    /// Whether the tool may send this at all: it says of itself at least what is said of the operation.
    fn permits(&self, operation: &'static OperationDef) -> Result<(), CallError> {
        let settled = operation.settled.confirm;
        let policies = self.guard.policies();
        let policy = policies.of(operation.tool, operation.risk, settled);
        let why = if policy == Policy::Deny {
            "whoever runs this server lets nobody call it".to_owned()
        } else if operation.writes() && self.risk == Risk::Read {
            "the tool says that it only reads; its hints have to say what it does".to_owned()
        } else if operation.writes() && policy > self.policy {
            "a person would be asked before it, and is not before this tool; its hints have to say what it does (destructive, open_world), or the operator how it is confirmed".to_owned()
        } else {
            return Ok(());
        };
        Err(CallError::Refused(format!(
            "Permission denied: {} may not call {}: {why}. Nothing was sent.",
            self.tool, operation.tool
        )))
    }

    /// Whether it is none that was just made. The same one twice in a call is what the tool's author wants.
    async fn first(
        &self,
        upstream: &Upstream,
        operation: &'static OperationDef,
        arguments: &Object,
    ) -> Result<Admitted, CallError> {
        let key = digest("write", "", operation.tool, arguments);
        let number = {
            let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
            let number = made.entry(key).or_default();
            *number += 1;
            *number
        };
        let mut caller = self.caller.clone();
        if number > 1 {
            caller.principal = Arc::from(format!("{}\n{number}", caller.principal));
        }
        let time = upstream.settings().timeout;
        let (said, write) = (&self.said, operation.into());
        let first = self.guard.first(&caller, said, write, arguments, time);
        let admitted = first.await;
        let admitted = admitted.map_err(|result| CallError::Refused(result.to_text()))?;
        match &admitted.suspicion {
            // A person has to agree, and the tool's own code cannot be stopped to ask them.
            Some(why) => Err(CallError::Refused(format!(
                "Not sent: {} {why} If it was not, call {} itself, which asks first.",
                operation.tool, operation.tool
            ))),
            None => Ok(admitted),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    use std::net::TcpListener;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::clock::Clock;
    use crate::extend::{CustomTool, Extensions, Refusal};
    use crate::json::Value;
    use crate::json::json;
    use crate::json::scan::Defects;
    use crate::operation::{Api, Hints, Part, Segment};
    use crate::typed::{DecodeError, Operation};
    use crate::upstream::Settings;

    const WRITE: Hints = Hints {
        read_only: false,
        destructive: false,
        idempotent: false,
        open_world: false,
    };

    static CREATE: OperationDef = OperationDef {
        tool: "create_lead",
        method: "POST",
        risk: Risk::Write,
        hints: WRITE,
        segments: &[Segment(&[Part::Literal("leads")])],
        ..OperationDef::DEFAULT
    };
    static DELETE: OperationDef = OperationDef {
        tool: "delete_leads",
        method: "DELETE",
        risk: Risk::Destructive,
        hints: Hints {
            destructive: true,
            idempotent: true,
            ..WRITE
        },
        ..CREATE
    };
    static API: Api = Api {
        name: "x",
        env_prefix: "X",
        operations: &[&CREATE, &DELETE],
        ..Api::DEFAULT
    };

    struct Create;
    struct Delete;

    impl Operation for Create {
        const DEF: &'static OperationDef = &CREATE;
        type Output = Value;
        fn to_arguments(&self) -> Object {
            Object::new()
        }
        fn from_arguments(_: &Object) -> Result<Self, DecodeError> {
            Ok(Self)
        }
    }

    impl Operation for Delete {
        const DEF: &'static OperationDef = &DELETE;
        type Output = Value;
        fn to_arguments(&self) -> Object {
            Object::new()
        }
        fn from_arguments(_: &Object) -> Result<Self, DecodeError> {
            Ok(Self)
        }
    }

    /// A service that says yes; its address, and how often it did.
    fn service() -> (String, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|e| unreachable!("{e}"));
        let address = listener.local_addr().map(|address| address.to_string());
        let count: Arc<AtomicUsize> = Arc::default();
        let counted = Arc::clone(&count);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut reader = BufReader::new(&stream);
                let mut line = String::new();
                while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                    line.clear();
                }
                counted.fetch_add(1, Ordering::Relaxed);
                let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
                let _ = (&stream).write_all(answer.as_bytes());
                let _ = stream.shutdown(std::net::Shutdown::Write);
                let _ = (&stream).read_to_end(&mut Vec::new());
            }
        });
        (address.unwrap_or_default(), count)
    }

    /// Two leads, and whatever a tool says of itself.
    fn creator(name: &str, hints: Hints) -> CustomTool {
        CustomTool::new(name, "Makes two leads.", |_, client| async move {
            client.call(&Create).await?;
            client.call(&Create).await?;
            Ok(json!("two"))
        })
        .hints(hints)
    }

    fn remover(name: &str, hints: Hints) -> CustomTool {
        CustomTool::new(name, "Deletes all leads.", |_, client| async move {
            client.call(&Delete).await?;
            Ok::<_, Refusal>(json!("gone"))
        })
        .hints(hints)
    }

    async fn call(engine: &Engine, name: &str) -> String {
        let Some(entry) = engine.find(name) else {
            unreachable!("{name}");
        };
        let (caller, defects) = (Caller::silent(), Defects::default());
        let called = engine.call(entry, Object::new(), &defects, &caller);
        called.await.to_text()
    }

    fn engine(base: &str, confirm: &'static str) -> Engine {
        let variable = |name: &str| match name {
            "X_BASE_URL" => Some(format!("http://{base}")),
            "X_CONFIRM" => Some(confirm.to_owned()),
            _ => None,
        };
        let settings = Settings::read(&API, &variable);
        let settings = settings.unwrap_or_else(|error| unreachable!("{error}"));
        let guard = Guard::read("X", &variable, Clock::SYSTEM);
        let guard = guard.unwrap_or_else(|error| unreachable!("{error}"));
        let tools = Extensions::new()
            .tool(creator("read", Hints::READ))
            .tool(creator("write", WRITE))
            .tool(creator("again", WRITE))
            .tool(remover("careless", WRITE));
        let upstream = Upstream::new(settings, "x", "1");
        Engine::guarded(&API, tools, Some(upstream), guard, Clock::SYSTEM)
    }

    #[tokio::test]
    async fn what_a_tool_sends_is_no_more_than_it_says_of_itself() {
        let (base, count) = service();
        let plain = engine(&base, "");
        for (engine, tool, why) in [
            (&plain, "read", "says that it only reads"),
            (&plain, "careless", "a person would be asked before it"),
            (
                &engine(&base, "create_lead=deny"),
                "write",
                "lets nobody call it",
            ),
            (
                &engine(&base, "create_lead=token"),
                "write",
                "a person would be asked",
            ),
        ] {
            let said = call(engine, tool).await;
            assert!(
                said.contains(why) && said.contains("Nothing was sent."),
                "{tool}: {said}"
            );
        }
        assert_eq!(count.load(Ordering::Relaxed), 0);
        assert_eq!(call(&plain, "write").await, "two");
        assert_eq!(count.load(Ordering::Relaxed), 2, "twice in a call is twice");
        // The same again is a repetition, under whichever name.
        for tool in ["write", "again"] {
            let said = call(&plain, tool).await;
            assert!(said.contains("Already done"), "{said}");
        }
        assert_eq!(count.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn each_write_of_a_tool_has_an_intent_and_an_outcome_of_its_own() {
        let folder = std::env::temp_dir().join(format!("mcpwright-duty-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let _ = std::fs::create_dir_all(&folder);
        let path = folder.join("audit.jsonl");
        let variable = |name: &str| (name == "X_AUDIT").then(|| path.display().to_string());
        let audit = crate::audit::Settings::read("X", &variable)
            .and_then(|settings| Audit::open(&API, settings, Clock::SYSTEM));
        let audit = audit.unwrap_or_else(|error| unreachable!("{error}"));
        let (base, _) = service();
        let engine = engine(&base, "").audited(audit.clone());
        assert_eq!(call(&engine, "write").await, "two");
        audit.close();
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let of = |event: &str, tool: &str| {
            let (event, tool) = (
                format!("\"event\":\"{event}\""),
                format!("\"tool\":\"{tool}\""),
            );
            let lines = text.lines();
            lines
                .filter(|line| line.contains(&event) && line.contains(&tool))
                .count()
        };
        let found = (of("intent", "create_lead"), of("outcome", "create_lead"));
        assert_eq!(found, (2, 2), "{text}");
        assert_eq!(
            (of("intent", "write"), of("call", "write")),
            (1, 1),
            "{text}"
        );
        let _ = std::fs::remove_dir_all(&folder);
    }
}
