//! The modules `operations::…`: for each operation its static description and its type.

use proc_macro2::TokenStream;
use quote::quote;

use super::answer;
use super::module::{Code, Module};
use super::parallel;
use super::schema_text::schema_text;
use super::security::Requirements;
use super::tokens::{doc, ident, lit, lit_block};
use super::types::{constructor, field_doc, field_type, object, reads, type_tokens, writes};
use super::xml::xml;
use crate::ir::{
    Api, Body, BodyField, BodyShape, Group, Hints, Operation, OutputKind, Parameter, Part,
    PartEncoding, Risk,
};

/// Operations that one thread prints before it looks for more.
const AT_ONCE: usize = 32;

/// All modules below `operations`, and `operations` itself with the list of all operations.
pub fn modules(api: &Api) -> Vec<Module> {
    let uses = api.groups.iter().map(|group| {
        let name = ident(&group.module);
        quote!(pub use self::#name::*;)
    });
    let all = api.groups.iter().flat_map(|group| {
        let module = ident(&group.module);
        group.operations.iter().map(move |operation| {
            let name = ident(&operation.static_name);
            let module = module.clone();
            quote!(&#module::#name)
        })
    });
    let mut modules = vec![Module {
        path: vec!["operations".to_owned()],
        doc: "One static description and one type for each operation, by topic.".to_owned(),
        children: api.groups.iter().map(|g| g.module.clone()).collect(),
        code: uses
            .chain([quote! {
                /// Every operation, in the order in which tools are listed.
                pub static ALL: &[&::mcpwright_runtime::OperationDef] = &[#(#all),*];
            }])
            .collect(),
    }];
    let requirements = Requirements::of(api);
    let parts: Vec<(&Group, &[Operation])> = api
        .groups
        .iter()
        .flat_map(|group| {
            group
                .operations
                .chunks(AT_ONCE)
                .map(move |part| (group, part))
        })
        .collect();
    let printed = parallel::each(&parts, |(group, part)| -> Code {
        let items = |operation| items(api, &requirements, &group.title, operation);
        part.iter().flat_map(items).collect()
    });
    let mut printed = printed.iter();
    for group in &api.groups {
        let mut code = Code::from_iter([quote!(
            use ::mcpwright_runtime::{json, operation as op, typed};
        )]);
        let parts = group.operations.len().div_ceil(AT_ONCE);
        printed
            .by_ref()
            .take(parts)
            .for_each(|part| code.append(part));
        let mut text = group.title.clone();
        if !group.description.is_empty() {
            text = format!("{text}: {}", group.description);
        }
        modules.push(Module {
            path: vec!["operations".to_owned(), group.module.clone()],
            doc: text,
            children: Vec::new(),
            code,
        });
    }
    modules
}

/// The items of one operation: static, struct, conversions.
pub fn items(
    api: &Api,
    requirements: &Requirements<'_>,
    group: &str,
    operation: &Operation,
) -> Vec<TokenStream> {
    let summary = if operation.summary.ends_with(['.', '!', '?', '…']) {
        operation.summary.clone()
    } else {
        format!("{}.", operation.summary)
    };
    let mut about = format!(
        "`{} {}`",
        operation.method,
        operation.path.replace('`', "'")
    );
    if !operation.operation_id.is_empty() {
        about.push_str(&format!(
            ", operationId `{}`",
            operation.operation_id.replace('`', "'")
        ));
    }
    about.push_str(&format!(
        "; {}: {}.",
        operation.risk.as_str(),
        operation.risk_reason.replace('`', "")
    ));
    let table_doc = doc(&format!("Tool `{}`: {summary}\n\n{about}", operation.tool));
    let struct_doc = doc(&format!("{summary}\n\n{about}"));
    let table = table(api, requirements, group, operation);
    let static_name = ident(&operation.static_name);
    let type_name = ident(&operation.type_name);
    let prefix = quote!(super::super::types::);
    let fields = operation.fields.iter().map(|field| {
        let name = ident(&field.ident);
        let ty = field_type(api, field, &prefix);
        let docs = field_doc(field);
        quote!(#docs pub #name: #ty)
    });
    let new =
        constructor(api, &operation.fields, None, &prefix).map(|new| new.for_type(&type_name));
    let output = type_tokens(api, &operation.output_type, &prefix);
    let writes = writes(&operation.fields);
    let reads = reads(&operation.fields);
    let to_arguments = if writes.is_empty() {
        quote!(json::Object::new())
    } else {
        let object = object(&writes);
        quote!(#object o)
    };
    let binding = if reads.is_empty() {
        quote!(_)
    } else {
        quote!(o)
    };
    let code = quote! {
        #struct_doc
        #[derive(Debug, Clone)]
        pub struct #type_name { #(#fields,)* }
        #new
        impl typed::Operation for #type_name {
            const DEF: &'static op::OperationDef = &#static_name;
            type Output = #output;
            #[inline]
            fn to_arguments(&self) -> json::Object {
                #to_arguments
            }
            #[inline]
            fn from_arguments(#binding: &json::Object) -> Result<Self, typed::DecodeError> {
                Ok(Self { #(#reads,)* })
            }
        }
    };
    vec![
        quote!(#table_doc pub static #static_name: op::OperationDef = #table;),
        code,
    ]
}

/// The static description; what equals the default is left out.
fn table(
    api: &Api,
    requirements: &Requirements<'_>,
    group: &str,
    operation: &Operation,
) -> TokenStream {
    let mut fields: Vec<TokenStream> = Vec::new();
    let mut text = |name: &str, value: &str, default: &str| {
        if value != default {
            let name = ident(name);
            let value = lit(value);
            fields.push(quote!(#name: #value));
        }
    };
    text("tool", &operation.tool, "");
    text("title", &operation.title, "");
    text("description", &operation.description, "");
    text("group", group, "");
    text("operation_id", &operation.operation_id, "");
    text("method", &operation.method, "GET");
    text("path", &operation.path, "/");
    let segments = operation.segments.iter().map(|segment| {
        let parts = segment.iter().map(|part| match part {
            Part::Literal(text) => {
                let text = lit(text);
                quote!(op::Part::Literal(#text))
            }
            Part::Parameter(name) => {
                let name = lit(name);
                quote!(op::Part::Parameter(#name))
            }
        });
        quote!(op::Segment(&[#(#parts),*]))
    });
    fields.push(quote!(segments: &[#(#segments),*]));
    if !operation.parameters.is_empty() {
        let parameters = operation.parameters.iter().map(parameter);
        fields.push(quote!(parameters: &[#(#parameters),*]));
    }
    if let Some(body) = &operation.body {
        if let Some(further) = part(&body.further) {
            fields.push(quote!(further: #further));
        }
        let body = self::body(body);
        fields.push(quote!(body: Some(#body)));
    }
    if !operation.part_headers.is_empty() {
        let headers = operation.part_headers.iter().map(|(part, header)| {
            let (part, header) = (lit(part), parameter(header));
            quote!((#part, #header))
        });
        fields.push(quote!(part_headers: &[#(#headers),*]));
    }
    if let Some(server) = operation.server.and_then(|i| api.own_servers.get(i)) {
        let name = ident(&server.static_name);
        fields.push(quote!(server: Some(&super::super::servers::#name)));
    }
    if !operation.accept.is_empty() {
        let accept = operation.accept.iter().map(|m| lit(m));
        fields.push(quote!(accept: &[#(#accept),*]));
    }
    if let Some(name) = requirements.constant(&operation.security) {
        fields.push(quote!(security: super::super::security::#name));
    }
    if operation.risk != Risk::Read {
        let risk = match operation.risk {
            Risk::Read => quote!(Read),
            Risk::Write => quote!(Write),
            Risk::Destructive => quote!(Destructive),
            Risk::Outward => quote!(Outward),
        };
        fields.push(quote!(risk: op::Risk::#risk));
    }
    let read = Hints {
        read_only: true,
        destructive: false,
        idempotent: true,
        open_world: false,
    };
    if operation.hints != read {
        let Hints {
            read_only,
            destructive,
            idempotent,
            open_world,
        } = operation.hints;
        fields.push(quote!(hints: op::Hints {
            read_only: #read_only,
            destructive: #destructive,
            idempotent: #idempotent,
            open_world: #open_world,
        }));
    }
    if !operation.fields.is_empty() {
        let schema = lit_block(&schema_text(&operation.input_schema));
        fields.push(quote!(input_schema: #schema));
    }
    if let Some(example) = &operation.example {
        let example = lit(&example.to_string());
        fields.push(quote!(example: #example));
    }
    if !operation.nullable.is_empty() {
        let nullable = operation.nullable.iter().map(|p| lit(p));
        fields.push(quote!(nullable: &[#(#nullable),*]));
    }
    if !operation.renamed.is_empty() {
        let renamed = operation.renamed.iter().map(|(place, name)| {
            let (place, name) = (lit(place), lit(name));
            quote!((#place, #name))
        });
        fields.push(quote!(renamed: &[#(#renamed),*]));
    }
    if !operation.read_only.is_empty() {
        let places = operation.read_only.iter().map(|p| lit(p));
        fields.push(quote!(read_only: &[#(#places),*]));
    }
    if !operation.secrets.is_empty() {
        let names = operation.secrets.iter().map(|name| lit(name));
        fields.push(quote!(secrets: &[#(#names),*]));
    }
    if !operation.repeats.is_empty() {
        let repeats = operation.repeats.iter().map(|(place, like)| {
            let (place, like) = (lit(place), lit(like));
            quote!((#place, #like))
        });
        fields.push(quote!(repeats: &[#(#repeats),*]));
    }
    if let Some(schema) = &operation.output_schema {
        let schema = lit_block(&schema_text(schema));
        fields.push(quote!(output_schema: #schema));
    }
    let output = match operation.output {
        OutputKind::Json => None,
        OutputKind::Wrapped => Some(quote!(Wrapped)),
        OutputKind::Text => Some(quote!(Text)),
        OutputKind::Binary => Some(quote!(Binary)),
        OutputKind::Empty => Some(quote!(Empty)),
    };
    if let Some(output) = output {
        fields.push(quote!(output: op::OutputKind::#output));
    }
    if let Some(variant) = &operation.variant {
        let part = lit(&crate::text::line(&variant.label(), 120));
        fields.push(quote!(part: #part));
    }
    if let Some(answer) = &operation.answer {
        let answer = answer::answer(answer);
        fields.push(quote!(answer: Some(#answer)));
    }
    if let Some(settled) = super::settled::settled(&operation.settled) {
        fields.push(quote!(settled: &#settled));
    }
    quote!(op::OperationDef { #(#fields,)* ..op::OperationDef::DEFAULT })
}

fn style(style: &str) -> TokenStream {
    match style {
        "label" => quote!(op::Style::Label),
        "matrix" => quote!(op::Style::Matrix),
        "form" => quote!(op::Style::Form),
        "spaceDelimited" => quote!(op::Style::SpaceDelimited),
        "pipeDelimited" => quote!(op::Style::PipeDelimited),
        "deepObject" => quote!(op::Style::DeepObject),
        "cookie" => quote!(op::Style::Cookie),
        "json" => quote!(op::Style::Json),
        _ => quote!(op::Style::Simple),
    }
}

fn parameter(parameter: &Parameter) -> TokenStream {
    let (default, usual_style, usual_explode) = match parameter.location {
        "path" => (quote!(PATH), "simple", false),
        "header" => (quote!(HEADER), "simple", false),
        "cookie" => (quote!(COOKIE), "form", true),
        _ => (quote!(QUERY), "form", true),
    };
    let name = lit(&parameter.name);
    let mut fields = vec![quote!(name: #name)];
    match &parameter.constant {
        Some(value) => {
            let value = lit(value);
            fields.push(quote!(constant: Some(#value)));
        }
        None if parameter.generated => fields.push(quote!(generated: true)),
        None => {
            let argument = lit(&parameter.argument);
            fields.push(quote!(argument: #argument));
        }
    }
    if parameter.location == "querystring" {
        fields.push(quote!(location: op::Location::QueryString));
    }
    if parameter.style != usual_style {
        let style = style(parameter.style);
        fields.push(quote!(style: #style));
    }
    if parameter.explode != usual_explode {
        let explode = parameter.explode;
        fields.push(quote!(explode: #explode));
    }
    if parameter.allow_reserved {
        fields.push(quote!(allow_reserved: true));
    }
    if !parameter.fields.is_empty() {
        let members = parameter.fields.iter().map(field);
        fields.push(quote!(fields: &[#(#members),*]));
    }
    if parameter.required != (parameter.location == "path") {
        let required = parameter.required;
        fields.push(quote!(required: #required));
    }
    quote!(op::Parameter { #(#fields,)* ..op::Parameter::#default })
}

fn body(body: &Body) -> TokenStream {
    let media_type = lit(&body.media_type);
    let encoding = match body.encoding {
        "form" => quote!(Form),
        "multipart" => quote!(Multipart),
        "xml" => {
            let root = body.xml.as_ref().map(xml);
            quote!(Xml(&#root))
        }
        "lines" => quote!(JsonLines),
        "sequence" => quote!(JsonSequence),
        "text" => quote!(Text),
        "bytes" => quote!(Bytes),
        "base64" => quote!(Base64),
        _ => quote!(Json),
    };
    let shape = match &body.shape {
        BodyShape::Whole(argument) => {
            let argument = lit(argument);
            quote!(op::BodyShape::Whole { argument: #argument })
        }
        BodyShape::Properties(fields, additional) => {
            let fields = fields.iter().map(field);
            let additional = lit(additional);
            quote!(op::BodyShape::Properties { fields: &[#(#fields),*], additional: #additional })
        }
        BodyShape::Members(argument, fields, rest) => {
            let argument = lit(argument);
            let fields = fields.iter().map(field);
            let rest = part(rest).unwrap_or_else(|| quote!(op::PartEncoding::Plain));
            quote!(op::BodyShape::Members { argument: #argument, fields: &[#(#fields),*], rest: #rest })
        }
        BodyShape::Items(argument, prefix, rest) => {
            let argument = lit(argument);
            let prefix = prefix.iter().map(field);
            let rest = field(rest);
            quote!(op::BodyShape::Items { argument: #argument, prefix: &[#(#prefix),*], rest: #rest })
        }
    };
    let required = body.required;
    quote!(op::Body {
        media_type: #media_type,
        encoding: op::BodyEncoding::#encoding,
        shape: #shape,
        required: #required,
    })
}

/// A field of a body; what equals the default is left out.
fn field(field: &BodyField) -> TokenStream {
    let mut facts = Vec::new();
    if !field.name.is_empty() || !field.argument.is_empty() {
        let name = lit(&field.name);
        facts.push(quote!(name: #name));
    }
    if !field.argument.is_empty() {
        let argument = lit(&field.argument);
        facts.push(quote!(argument: #argument));
    }
    if let Some(part) = part(&field.part) {
        facts.push(quote!(part: #part));
    }
    if !field.headers.is_empty() {
        let headers = field.headers.iter().map(|(name, value)| {
            let (name, value) = (lit(name), lit(value));
            quote!((#name, #value))
        });
        facts.push(quote!(headers: &[#(#headers),*]));
    }
    if facts.is_empty() {
        return quote!(op::BodyField::DEFAULT);
    }
    // An update that changes nothing is a warning.
    let rest = (facts.len() < 4).then(|| quote!(..op::BodyField::DEFAULT));
    quote!(op::BodyField { #(#facts,)* #rest })
}

/// How a property is sent in forms, unless it is sent plainly.
fn part(part: &PartEncoding) -> Option<TokenStream> {
    let styled = |variant: TokenStream, name: &str, explode: &bool| {
        let style = style(name);
        quote!(op::PartEncoding::#variant(#style, #explode))
    };
    let typed = |variant: TokenStream, content_type: &str| {
        let content_type = lit(content_type);
        quote!(op::PartEncoding::#variant(#content_type))
    };
    match part {
        PartEncoding::Plain => None,
        PartEncoding::Any => Some(quote!(op::PartEncoding::Any)),
        PartEncoding::Typed(content_type) => Some(typed(quote!(Typed), content_type)),
        PartEncoding::Json(content_type) => Some(typed(quote!(Json), content_type)),
        PartEncoding::File => Some(quote!(op::PartEncoding::File)),
        PartEncoding::Each(nested) => {
            let nested = body(nested);
            Some(quote!(op::PartEncoding::Each(&#nested)))
        }
        PartEncoding::Whole(nested) => {
            let nested = body(nested);
            Some(quote!(op::PartEncoding::Whole(&#nested)))
        }
        PartEncoding::Base64(content_type) => Some(typed(quote!(Base64), content_type)),
        PartEncoding::FileOf(content_type) => Some(typed(quote!(FileOf), content_type)),
        PartEncoding::Styled(name, explode) => Some(styled(quote!(Styled), name, explode)),
        PartEncoding::Reserved(name, explode) => Some(styled(quote!(Reserved), name, explode)),
    }
}
