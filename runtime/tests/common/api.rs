//! A small API in the shape that the generator writes, by hand.

use mcpwright_runtime::json::Object;
use mcpwright_runtime::operation::*;
use mcpwright_runtime::typed::convert as c;
use mcpwright_runtime::typed::{DecodeError, FromJson, Operation};
use mcpwright_runtime::{CallInfo, CustomTool, Extensions, Refusal};

pub static BEARER: SecurityScheme = SecurityScheme {
    name: "bearer",
    kind: SchemeKind::Bearer,
    variables: &["FIX_TOKEN"],
};
pub static KEY_HEADER: SecurityScheme = SecurityScheme {
    name: "key_header",
    kind: SchemeKind::ApiKey {
        location: ApiKeyLocation::Header,
        name: "X-Api-Key",
    },
    variables: &["FIX_KEY"],
};
pub static KEY_QUERY: SecurityScheme = SecurityScheme {
    name: "key_query",
    kind: SchemeKind::ApiKey {
        location: ApiKeyLocation::Query,
        name: "api_key",
    },
    variables: &["FIX_QUERY_KEY"],
};
pub static KEY_COOKIE: SecurityScheme = SecurityScheme {
    name: "key_cookie",
    kind: SchemeKind::ApiKey {
        location: ApiKeyLocation::Cookie,
        name: "session",
    },
    variables: &["FIX_COOKIE"],
};
pub static BASIC: SecurityScheme = SecurityScheme {
    name: "basic",
    kind: SchemeKind::Basic,
    variables: &["FIX_USERNAME", "FIX_PASSWORD"],
};

const WRITE: Hints = Hints {
    read_only: false,
    destructive: false,
    idempotent: false,
    open_world: false,
};

const fn uses(scheme: &'static SecurityScheme) -> SecurityUse {
    SecurityUse {
        scheme,
        scopes: &[],
    }
}

pub static LIST_CUSTOMERS: OperationDef = OperationDef {
    tool: "list_customers",
    title: "List customers",
    description: "Lists customers.",
    group: "customers",
    operation_id: "listCustomers",
    path: "/customers",
    segments: &[Segment(&[Part::Literal("customers")])],
    parameters: &[
        Parameter {
            name: "status",
            argument: "status",
            ..Parameter::QUERY
        },
        Parameter {
            name: "limit",
            argument: "limit",
            ..Parameter::QUERY
        },
        Parameter {
            name: "tag",
            argument: "tag",
            ..Parameter::QUERY
        },
    ],
    accept: &["application/json"],
    security: &[&[uses(&BEARER)]],
    input_schema: r#"{"type":"object","properties":{"status":{"type":"string","enum":["active","archived"]},"limit":{"type":"integer","minimum":1,"maximum":100},"tag":{"type":"array","items":{"type":"string"}}},"additionalProperties":false}"#,
    output_schema: r#"{"type":"object","properties":{"result":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"age":{"type":"integer"}}}}}}"#,
    output: OutputKind::Wrapped,
    ..OperationDef::DEFAULT
};

pub static GET_CUSTOMER: OperationDef = OperationDef {
    tool: "get_customer",
    title: "Get customer",
    description: "Reads one customer.",
    group: "customers",
    operation_id: "getCustomer",
    path: "/customers/{id}",
    segments: &[
        Segment(&[Part::Literal("customers")]),
        Segment(&[Part::Parameter("id")]),
    ],
    parameters: &[Parameter {
        name: "id",
        argument: "id",
        ..Parameter::PATH
    }],
    security: &[&[uses(&BEARER)], &[uses(&KEY_HEADER)]],
    input_schema: r#"{"type":"object","properties":{"id":{"type":"string","minLength":1}},"required":["id"],"additionalProperties":false}"#,
    ..OperationDef::DEFAULT
};

pub static DELETE_CUSTOMER: OperationDef = OperationDef {
    tool: "delete_customer",
    title: "Delete customer",
    description: "Deletes one customer.",
    group: "customers",
    operation_id: "deleteCustomer",
    method: "DELETE",
    risk: Risk::Destructive,
    hints: Hints {
        read_only: false,
        destructive: true,
        idempotent: true,
        open_world: false,
    },
    output: OutputKind::Empty,
    path: "/empty/{id}",
    segments: &[
        Segment(&[Part::Literal("empty")]),
        Segment(&[Part::Parameter("id")]),
    ],
    parameters: &[Parameter {
        name: "id",
        argument: "id",
        ..Parameter::PATH
    }],
    input_schema: r#"{"type":"object","properties":{"id":{"type":"string"}},"required":["id"],"additionalProperties":false}"#,
    ..OperationDef::DEFAULT
};

pub static CREATE_INVOICE: OperationDef = OperationDef {
    tool: "create_invoice",
    title: "Create invoice",
    description: "Creates an invoice.",
    group: "invoices",
    operation_id: "createInvoice",
    method: "POST",
    path: "/invoices",
    segments: &[Segment(&[Part::Literal("invoices")])],
    parameters: &[Parameter {
        name: "Idempotency-Key",
        generated: true,
        ..Parameter::HEADER
    }],
    body: Some(Body {
        media_type: "application/json",
        encoding: BodyEncoding::Json,
        required: true,
        shape: BodyShape::Properties {
            fields: &[
                BodyField {
                    name: "customerId",
                    argument: "customer_id",
                    ..BodyField::DEFAULT
                },
                BodyField {
                    name: "due",
                    argument: "due_date",
                    ..BodyField::DEFAULT
                },
                BodyField {
                    name: "note",
                    argument: "note",
                    ..BodyField::DEFAULT
                },
                BodyField {
                    name: "lines",
                    argument: "lines",
                    ..BodyField::DEFAULT
                },
            ],
            additional: "",
        },
    }),
    risk: Risk::Write,
    hints: WRITE,
    nullable: &["/note"],
    input_schema: r#"{"type":"object","properties":{"customer_id":{"type":"string"},"due_date":{"type":"string","format":"date"},"note":{"type":"string"},"lines":{"type":"array","minItems":1,"items":{"type":"object","properties":{"text":{"type":"string"},"hours":{"type":"number","exclusiveMinimum":0}},"required":["text","hours"],"additionalProperties":false}}},"required":["customer_id","lines"],"additionalProperties":false}"#,
    output_schema: r#"{"type":"object","properties":{"method":{"type":"string"}}}"#,
    ..OperationDef::DEFAULT
};

pub static GET_FILE: OperationDef = OperationDef {
    tool: "get_file",
    title: "Get file",
    description: "Downloads a file.",
    group: "files",
    operation_id: "getFile",
    path: "/files/{name}.bin",
    segments: &[
        Segment(&[Part::Literal("files")]),
        Segment(&[Part::Parameter("name"), Part::Literal(".bin")]),
    ],
    parameters: &[Parameter {
        name: "name",
        argument: "name",
        ..Parameter::PATH
    }],
    output: OutputKind::Binary,
    input_schema: r#"{"type":"object","properties":{"name":{"type":"string"}},"required":["name"],"additionalProperties":false}"#,
    ..OperationDef::DEFAULT
};

pub static UPLOAD: OperationDef = OperationDef {
    tool: "upload_document",
    title: "Upload document",
    description: "Uploads a document.",
    group: "files",
    operation_id: "uploadDocument",
    method: "POST",
    path: "/documents",
    segments: &[Segment(&[Part::Literal("documents")])],
    body: Some(Body {
        media_type: "multipart/form-data",
        encoding: BodyEncoding::Multipart,
        required: true,
        shape: BodyShape::Properties {
            fields: &[
                BodyField {
                    name: "title",
                    argument: "title",
                    ..BodyField::DEFAULT
                },
                BodyField {
                    name: "file",
                    argument: "file",
                    part: PartEncoding::File,
                    ..BodyField::DEFAULT
                },
                BodyField {
                    name: "meta",
                    argument: "meta",
                    part: PartEncoding::Json("application/json"),
                    ..BodyField::DEFAULT
                },
            ],
            additional: "",
        },
    }),
    risk: Risk::Write,
    hints: WRITE,
    input_schema: r#"{"type":"object","properties":{"title":{"type":"string"},"file":{"description":"A file: give `filename` and either `text` or `data_base64`.","type":"object","properties":{"filename":{"type":"string"},"content_type":{"type":"string"},"data_base64":{"type":"string"},"text":{"type":"string"}},"required":["filename"],"additionalProperties":false},"meta":{"type":"object"}},"required":["file"],"additionalProperties":false}"#,
    ..OperationDef::DEFAULT
};

/// `GET /x/{path}`: what the service does is in the value; see `upstream.rs`.
pub static PROBE: OperationDef = OperationDef {
    tool: "probe",
    title: "Probe",
    description: "Reads something odd.",
    group: "odd",
    operation_id: "probe",
    path: "/x/{what}",
    segments: &[
        Segment(&[Part::Literal("x")]),
        Segment(&[Part::Parameter("what")]),
    ],
    parameters: &[
        Parameter {
            name: "what",
            argument: "what",
            ..Parameter::PATH
        },
        Parameter {
            name: "n",
            argument: "n",
            ..Parameter::QUERY
        },
    ],
    input_schema: r#"{"type":"object","properties":{"what":{"type":"string"},"n":{"type":"integer"}},"required":["what"],"additionalProperties":false}"#,
    ..OperationDef::DEFAULT
};

/// The same as a write.
pub static POKE: OperationDef = OperationDef {
    tool: "poke",
    title: "Poke",
    description: "Writes something odd.",
    method: "POST",
    risk: Risk::Write,
    hints: WRITE,
    operation_id: "poke",
    output_schema: r#"{"type":"object","properties":{"id":{"type":"string"}}}"#,
    ..PROBE_CONST
};

const PROBE_CONST: OperationDef = OperationDef {
    group: "odd",
    path: "/x/{what}",
    segments: &[
        Segment(&[Part::Literal("x")]),
        Segment(&[Part::Parameter("what")]),
    ],
    parameters: &[Parameter {
        name: "what",
        argument: "what",
        ..Parameter::PATH
    }],
    input_schema: r#"{"type":"object","properties":{"what":{"type":"string"}},"required":["what"],"additionalProperties":false}"#,
    ..OperationDef::DEFAULT
};

/// What an operator's settings make of an operation.
pub static SETTLED: OperationDef = OperationDef {
    tool: "settled",
    title: "Settled",
    description: "Writes what settings change.",
    group: "odd",
    operation_id: "settled",
    method: "POST",
    path: "/settled",
    segments: &[Segment(&[Part::Literal("settled")])],
    parameters: &[Parameter {
        name: "limit",
        argument: "limit",
        ..Parameter::QUERY
    }],
    body: Some(Body {
        media_type: "application/json",
        encoding: BodyEncoding::Json,
        shape: BodyShape::Properties {
            fields: &[
                BodyField {
                    name: "status",
                    argument: "status",
                    ..BodyField::DEFAULT
                },
                BodyField {
                    name: "source",
                    argument: "source",
                    ..BodyField::DEFAULT
                },
                BodyField {
                    name: "ownerIds",
                    argument: "ownerIds",
                    ..BodyField::DEFAULT
                },
            ],
            additional: "",
        },
        required: true,
    }),
    risk: Risk::Write,
    hints: WRITE,
    input_schema: r#"{"type":"object","properties":{"limit":{"type":"integer","maximum":50},"status":{"type":"string","enum":["paid","unpaid"]},"ownerIds":{"type":"array","items":{"type":"string"}}},"additionalProperties":false}"#,
    answer: Some(Answer {
        paging: Some(Paging {
            size: Some(PageSize {
                argument: "limit",
                max: 50,
                usual: 20,
                send: true,
            }),
            ..Paging::DEFAULT
        }),
        ..Answer::DEFAULT
    }),
    settled: &Settled {
        fixed: &[("source", r#""mcp""#)],
        aliases: &[Alias {
            place: "/status",
            words: &[("paid", "2"), ("unpaid", "1")],
        }],
        null_refused: &["/ownerIds"],
        redact: &["/data/hash"],
        concealed: &[],
        merges: &[],
        consequence: "",
        advice: &[
            Advice {
                status: 409,
                body: Some("/code"),
                contains: "taken",
                text: "Choose another one.",
                ..Advice::DEFAULT
            },
            Advice {
                null_at: "*Ids",
                text: "Use link_owner.",
                ..Advice::DEFAULT
            },
        ],
        confirm: None,
    },
    ..OperationDef::DEFAULT
};

macro_rules! secured {
    ($name:ident, $tool:literal, $path:literal, $security:expr) => {
        pub static $name: OperationDef = OperationDef {
            tool: $tool,
            title: $tool,
            description: "Needs a credential.",
            group: "secured",
            path: concat!("/", $path),
            segments: &[Segment(&[Part::Literal($path)])],
            security: $security,
            ..OperationDef::DEFAULT
        };
    };
}
secured!(
    WITH_QUERY_KEY,
    "with_query_key",
    "echo",
    &[&[uses(&KEY_QUERY)]]
);
secured!(WITH_COOKIE, "with_cookie", "echo", &[&[uses(&KEY_COOKIE)]]);
secured!(WITH_BASIC, "with_basic", "echo", &[&[uses(&BASIC)]]);
secured!(
    WITH_TWO,
    "with_two",
    "echo",
    &[&[uses(&KEY_HEADER), uses(&KEY_QUERY)]]
);
secured!(
    WITH_OPTIONAL,
    "with_optional",
    "echo",
    &[&[], &[uses(&KEY_HEADER)]]
);

/// A day's work, in the shape that the generator writes.
static TIDY: Prompt = Prompt {
    name: "tidy_customers",
    title: "Tidy customers",
    description: "Finds customers that nobody needs.",
    arguments: &[
        PromptArgument {
            name: "town",
            description: "Where they are",
            default: None,
        },
        PromptArgument {
            name: "years",
            description: "Without an invoice for so long",
            default: Some("3"),
        },
    ],
    opening: "Tidy the customers of {town}.",
    steps: &[
        PromptStep {
            text: "List those without an invoice for {years} years with `list_customers`.",
            tools: &["list_customers"],
        },
        PromptStep {
            text: "After my yes, take one out with `delete_customer`.",
            tools: &["delete_customer"],
        },
    ],
    needs: &["list_customers"],
};

pub static API: Api = Api {
    name: "fixture",
    title: "Fixture CRM",
    version: "1.2.3",
    instructions: "Read before you write.",
    env_prefix: "FIX",
    servers: &["https://crm.example.com/api"],
    security_schemes: &[&BEARER, &KEY_HEADER, &KEY_QUERY, &KEY_COOKIE, &BASIC],
    operations: &[
        &LIST_CUSTOMERS,
        &GET_CUSTOMER,
        &DELETE_CUSTOMER,
        &CREATE_INVOICE,
        &GET_FILE,
        &UPLOAD,
        &PROBE,
        &POKE,
        &SETTLED,
        &WITH_QUERY_KEY,
        &WITH_COOKIE,
        &WITH_BASIC,
        &WITH_TWO,
        &WITH_OPTIONAL,
    ],
    exclusions: &[Exclusion {
        method: "TRACE",
        path: "/",
        reason: "TRACE is no operation.",
    }],
    document_operations: 15,
    document: r#"{"openapi":"3.1.0","info":{"title":"Fixture CRM","version":"1.2.3"},"paths":{"/customers":{"get":{"summary":"List customers"}},"/echo":{"get":{"summary":"Not told"}}}}"#,
    prompts: &[TIDY],
    document_sha256: "",
    generator: "0.0.0",
    ..Api::DEFAULT
};

/// `getCustomer` as a type.
#[derive(Debug, Clone, PartialEq)]
pub struct GetCustomer {
    pub id: String,
}

/// What it answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Customer {
    pub id: String,
    pub name: Option<String>,
}

impl FromJson for Customer {
    fn from_json(value: &mcpwright_runtime::json::Value) -> Result<Self, DecodeError> {
        let object = c::object(value)?;
        Ok(Self {
            id: c::get(object, "id")?,
            name: c::get_optional(object, "name")?,
        })
    }
}

impl Operation for GetCustomer {
    const DEF: &'static OperationDef = &GET_CUSTOMER;
    type Output = Customer;

    fn to_arguments(&self) -> Object {
        let mut object = Object::new();
        c::put(&mut object, "id", &self.id);
        object
    }

    fn from_arguments(arguments: &Object) -> Result<Self, DecodeError> {
        Ok(Self {
            id: c::get(arguments, "id")?,
        })
    }
}

/// What a user's `custom.rs` does.
pub fn extend(server: Extensions) -> Extensions {
    server
        .before::<GetCustomer>(|operation, _: &CallInfo| {
            assert!(operation.id != "panic", "a hook with a bug");
            if operation.id == "forbidden" {
                return Err(Refusal::new("This customer is off limits; ask for another one."));
            }
            Ok(GetCustomer { id: operation.id.trim_start_matches("alias-").to_owned() })
        })
        .after::<GetCustomer>(|mut value, _| {
            if let Some(object) = value.as_object_mut() {
                object.insert("hooked".to_owned(), true.into());
                object.remove("account");
            }
            value
        })
        .tool(
            CustomTool::new("greet", "Greets a customer by name.", |arguments, client| async move {
                let id = arguments.get("id").and_then(|id| id.as_str()).unwrap_or_default().to_owned();
                if id == "forever" {
                    std::future::pending::<()>().await;
                }
                let customer = client.call(&GetCustomer { id }).await?;
                Ok(serde_json::json!({"greeting": format!("Hello {}", customer.name.unwrap_or_default())}))
            })
            .title("Greet")
            .input_schema(serde_json::json!({"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]})),
        )
}
