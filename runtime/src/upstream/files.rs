//! Files by path: where the operator opts in (`<PREFIX>_FILES_DIR`), a file argument may be
//! `{"path": "invoices/7.pdf"}` instead of carrying its content. Nothing outside of that folder is read,
//! whatever the path says and whatever links lie in it.

use std::fs::{self, File, Metadata};
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::ConfigError;
use crate::json::{Object, Value};
use crate::operation::{BodyEncoding, BodyShape, OperationDef, PartEncoding};
use crate::request::{RequestError, media_type_by_name};

/// Largest content of all files of a call.
const MOST_BYTES: u64 = 10 << 20;
/// Calls that hold such files at a time.
const MOST_CALLS: usize = 4;
/// Longest path, in bytes.
const LONGEST: usize = 1_024;
/// Members that a file by path may have beside its path.
const MEMBERS: [&str; 3] = ["path", "filename", "content_type"];

/// The folder whose files may be sent by path, if there is one.
#[derive(Debug, Clone)]
pub struct Files {
    /// Name of the variable, for messages.
    variable: String,
    root: Option<PathBuf>,
    calls: Arc<Semaphore>,
}

/// Room for the files of one call; given back when dropped.
#[derive(Debug)]
pub(crate) struct Room(
    #[expect(dead_code, reason = "held until it is dropped")] Option<OwnedSemaphorePermit>,
);

/// A file that was read.
struct Taken {
    name: String,
    data: Vec<u8>,
}

impl Files {
    /// Reads `<PREFIX>_FILES_DIR`.
    pub(super) fn read(
        prefix: &str,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let name = format!("{prefix}_FILES_DIR");
        let root = match variable(&name).filter(|path| !path.trim().is_empty()) {
            None => None,
            Some(path) => {
                let root = fs::canonicalize(&path).map_err(|error| {
                    ConfigError(format!(
                        "{name} names a folder that cannot be read: {error}"
                    ))
                })?;
                if !root.is_dir() {
                    return Err(ConfigError(format!("{name} must name a folder")));
                }
                Some(root)
            }
        };
        Ok(Self {
            variable: name,
            root,
            calls: Arc::new(Semaphore::new(MOST_CALLS)),
        })
    }

    /// Whether files may be sent by path.
    pub(crate) fn is_on(&self) -> bool {
        self.root.is_some()
    }

    /// The arguments with the content of the files that they name by path.
    ///
    /// # Errors
    /// When a path cannot be used, or none can.
    pub(crate) async fn fill(
        &self,
        operation: &OperationDef,
        mut arguments: Object,
    ) -> Result<(Object, Room), RequestError> {
        let mut open = Vec::new();
        for (name, value) in &mut arguments {
            let Some((place, sure)) = place(operation, name) else {
                continue;
            };
            // What may be something else than a file is one only where paths are switched on.
            if !sure && self.root.is_none() {
                continue;
            }
            by_path(value, place, &mut |file| {
                open.push((name.clone(), file));
            });
        }
        let Some((first, _)) = open.first() else {
            drop(open);
            return Ok((arguments, Room(None)));
        };
        let Some(root) = self.root.clone() else {
            return Err(RequestError::new(
                first,
                format!(
                    "files by path are not switched on here: give `text` or `data_base64`, or ask the operator of this server to set {} to the folder whose files may be sent",
                    self.variable
                ),
            ));
        };
        let Ok(room) = Arc::clone(&self.calls).try_acquire_owned() else {
            return Err(RequestError::new(
                first,
                format!(
                    "{MOST_CALLS} calls are sending files already, so nothing was sent; try again when one of them is answered"
                ),
            ));
        };
        let raw = raw(operation);
        let mut left = MOST_BYTES;
        for (argument, file) in open {
            let wrong = |message: String| RequestError::new(&argument, message);
            let path = wanted(file).map_err(wrong)?;
            let root = root.clone();
            let read = tokio::task::spawn_blocking(move || take(&root, &path, left));
            let taken = read
                .await
                .unwrap_or_else(|_| Err("the file cannot be read".to_owned()))
                .map_err(wrong)?;
            left = left.saturating_sub(taken.data.len() as u64);
            put(file, taken, raw);
        }
        Ok((arguments, Room(Some(room))))
    }
}

/// How an argument holds files.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// It is one, or a list of them.
    Itself,
    /// Its members or items are.
    Within,
    /// Something in it is: it is written as a body of its own.
    Anywhere,
}

impl Place {
    /// Where they are in the members and items.
    fn below(self) -> Self {
        match self {
            Self::Anywhere => Self::Anywhere,
            Self::Itself | Self::Within => Self::Itself,
        }
    }
}

/// The media type of a body of bytes.
fn raw(operation: &OperationDef) -> Option<&'static str> {
    let body = operation.body?;
    let is_raw = matches!(body.encoding, BodyEncoding::Bytes | BodyEncoding::Base64);
    is_raw.then_some(body.media_type)
}

/// Where the files of an argument are, if it has any, and whether nothing else can stand there.
fn place(operation: &OperationDef, argument: &str) -> Option<(Place, bool)> {
    let body = operation.body?;
    let is_file =
        |part: &PartEncoding| matches!(part, PartEncoding::File | PartEncoding::FileOf(_));
    let may_be = |part: &PartEncoding| {
        is_file(part) || matches!(part, PartEncoding::Any | PartEncoding::Base64(_))
    };
    let of = |place: Place, parts: &mut dyn Iterator<Item = PartEncoding>| {
        let parts: Vec<PartEncoding> = parts.collect();
        let is_nested = |part: &PartEncoding| {
            matches!(part, PartEncoding::Each(_) | PartEncoding::Whole(_)) && has_files(part)
        };
        if parts.iter().any(is_nested) {
            return Some((Place::Anywhere, false));
        }
        let any = parts.iter().any(may_be);
        any.then(|| (place, parts.iter().all(is_file)))
    };
    match body.shape {
        BodyShape::Whole { argument: own } => {
            let sure = body.encoding == BodyEncoding::Bytes;
            let raw = own == argument && (sure || body.encoding == BodyEncoding::Base64);
            raw.then_some((Place::Itself, sure))
        }
        BodyShape::Properties { additional, .. }
            if additional == argument && !additional.is_empty() =>
        {
            of(Place::Within, &mut std::iter::once(operation.further))
        }
        BodyShape::Properties { fields, .. } => {
            let field = fields.iter().find(|field| field.argument == argument)?;
            if matches!(field.part, PartEncoding::Each(_) | PartEncoding::Whole(_)) {
                return has_files(&field.part).then_some((Place::Anywhere, false));
            }
            of(Place::Itself, &mut std::iter::once(field.part))
        }
        BodyShape::Members {
            argument: own,
            fields,
            rest,
        } if own == argument => {
            let parts = fields.iter().map(|field| field.part);
            of(Place::Within, &mut parts.chain([rest]))
        }
        BodyShape::Items {
            argument: own,
            prefix,
            rest,
        } if own == argument => {
            let parts = prefix.iter().map(|field| field.part);
            of(Place::Within, &mut parts.chain([rest.part]))
        }
        _ => None,
    }
}

/// Whether something in a part is a file, or may be.
fn has_files(part: &PartEncoding) -> bool {
    let (PartEncoding::Each(body) | PartEncoding::Whole(body)) = part else {
        return matches!(
            part,
            PartEncoding::File
                | PartEncoding::FileOf(_)
                | PartEncoding::Any
                | PartEncoding::Base64(_)
        );
    };
    match body.shape {
        BodyShape::Whole { .. } => false,
        BodyShape::Properties { fields, .. } => fields.iter().any(|field| has_files(&field.part)),
        BodyShape::Members { fields, rest, .. } => {
            has_files(&rest) || fields.iter().any(|field| has_files(&field.part))
        }
        BodyShape::Items { prefix, rest, .. } => {
            has_files(&rest.part) || prefix.iter().any(|field| has_files(&field.part))
        }
    }
}

/// The files by path in a value.
fn by_path<'a>(value: &'a mut Value, place: Place, found: &mut impl FnMut(&'a mut Object)) {
    let is_path = names_path(value);
    match value {
        Value::Object(object) => match place {
            Place::Itself | Place::Anywhere if is_path => found(object),
            Place::Itself => {}
            Place::Within | Place::Anywhere => {
                for value in object.values_mut() {
                    by_path(value, place.below(), found);
                }
            }
        },
        Value::Array(items) => {
            for item in items {
                by_path(item, place.below(), found);
            }
        }
        _ => {}
    }
}

fn names_path(value: &Value) -> bool {
    value.as_object().is_some_and(|object| {
        object.contains_key("path") && object.keys().all(|key| MEMBERS.contains(&key.as_str()))
    })
}

/// The path that a file argument names.
fn wanted(file: &Object) -> Result<String, String> {
    let path = file.get("path").and_then(Value::as_str).unwrap_or_default();
    let is_relative = Path::new(path)
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if path.is_empty() || path.len() > LONGEST || path.chars().any(char::is_control) || !is_relative
    {
        return Err("path must be relative to the folder of the operator, without `..`, such as invoices/7.pdf".to_owned());
    }
    Ok(path.to_owned())
}

fn put(file: &mut Object, taken: Taken, raw: Option<&str>) {
    file.shift_remove("path");
    if let Some(media_type) = raw {
        // A body of bytes has no name; what its ending says is its media type, where the operation leaves it
        // open and has a place for it.
        if media_type.contains('*')
            && let Some(media_type) = media_type_by_name(&taken.name)
        {
            let named = Value::from(media_type);
            file.entry("content_type").or_insert(named);
        }
    } else {
        let name = Value::from(taken.name);
        file.entry("filename").or_insert(name);
    }
    let data = STANDARD.encode(taken.data);
    file.insert("data_base64".to_owned(), Value::from(data));
}

/// Reads a file of the folder, with at most `most` bytes. What lies outside, also behind a link, is not
/// read: where the path leads is found out before it is opened, and once it is open that the very file that
/// was opened still lies there.
fn take(root: &Path, path: &str, most: u64) -> Result<Taken, String> {
    let missing = || format!("there is no file {path} in the folder of the operator");
    let joined = root.join(path);
    let resolve = || {
        fs::canonicalize(&joined)
            .ok()
            .filter(|found| found.starts_with(root))
    };
    let found = resolve().ok_or_else(missing)?;
    // A pipe or a device would keep the reader waiting.
    if !fs::symlink_metadata(&found).is_ok_and(|about| about.is_file()) {
        return Err(format!("{path} is no regular file; name one"));
    }
    let file = File::open(&found).map_err(|_| format!("{path} cannot be read by this server"))?;
    let opened = file.metadata().map_err(|_| missing())?;
    let still = resolve().filter(|again| *again == found);
    let about = still.and_then(|again| fs::symlink_metadata(again).ok());
    if !opened.is_file() || !about.is_some_and(|about| is_same(&about, &opened)) {
        return Err(format!("{path} changed while it was read; try again"));
    }
    let too_large = || {
        format!(
            "the files by path of a call may have {} MiB in all, and with {path} they have more",
            MOST_BYTES >> 20
        )
    };
    if opened.len() > most {
        return Err(too_large());
    }
    let mut data = Vec::new();
    file.take(most.saturating_add(1))
        .read_to_end(&mut data)
        .map_err(|_| format!("{path} cannot be read by this server"))?;
    if data.len() as u64 > most {
        return Err(too_large());
    }
    let name = Path::new(path).file_name().unwrap_or_default();
    Ok(Taken {
        name: name.to_string_lossy().into_owned(),
        data,
    })
}

#[cfg(unix)]
fn is_same(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

/// Elsewhere the standard library does not say which file it is; links need a privilege there.
#[cfg(not(unix))]
fn is_same(a: &Metadata, b: &Metadata) -> bool {
    a.is_file() && a.len() == b.len() && a.modified().ok() == b.modified().ok()
}

/// What the model reads about paths where they are switched on.
const ABOUT_PATH: &str =
    "Instead of `text` or `data_base64`: a file of the operator's folder, e.g. `invoices/7.pdf`.";

/// Lets every file of an argument schema be given by path.
pub(crate) fn with_paths(schema: &mut Object) {
    let is_file = schema
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(|properties| {
            properties.contains_key("data_base64")
                && properties.contains_key("text")
                && properties.keys().all(|key| {
                    matches!(
                        key.as_str(),
                        "filename" | "content_type" | "data_base64" | "text"
                    )
                })
        });
    if is_file && schema.get("additionalProperties") == Some(&Value::Bool(false)) {
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            let path = Object::from_iter([
                ("type".to_owned(), Value::from("string")),
                ("description".to_owned(), Value::from(ABOUT_PATH)),
            ]);
            properties.insert("path".to_owned(), Value::Object(path));
        }
        // Both come from the path.
        schema.shift_remove("required");
        schema.shift_remove("minProperties");
        return;
    }
    for value in schema.values_mut() {
        match value {
            Value::Object(inner) => with_paths(inner),
            Value::Array(items) => items
                .iter_mut()
                .filter_map(Value::as_object_mut)
                .for_each(with_paths),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;
    use crate::operation::{Body, BodyField};

    fn operation(part: PartEncoding) -> OperationDef {
        let field = BodyField {
            name: "f",
            argument: "f",
            part,
            ..BodyField::DEFAULT
        };
        OperationDef {
            body: Some(Body {
                media_type: "multipart/form-data",
                encoding: BodyEncoding::Multipart,
                shape: BodyShape::Properties {
                    fields: Box::leak(Box::new([field])),
                    additional: "",
                },
                required: true,
            }),
            ..OperationDef::DEFAULT
        }
    }

    #[tokio::test]
    async fn where_something_else_can_stand_a_path_is_a_file_only_if_paths_are_on()
    -> Result<(), String> {
        let off = Files::read("X", &|_| None).map_err(|error| error.0)?;
        let here = env!("CARGO_MANIFEST_DIR").to_owned();
        let on = Files::read("X", &|_| Some(here.clone())).map_err(|error| error.0)?;
        let given = Object::from_iter([("f".to_owned(), json!({"path": "Cargo.toml"}))]);
        let (either, file) = (operation(PartEncoding::Any), operation(PartEncoding::File));
        let body = |part| {
            let rest = BodyField {
                part,
                ..BodyField::DEFAULT
            };
            let shape = BodyShape::Items {
                argument: "",
                prefix: &[],
                rest,
            };
            let nested: &'static Body = Box::leak(Box::new(Body {
                media_type: "multipart/mixed",
                encoding: BodyEncoding::Multipart,
                shape,
                required: true,
            }));
            operation(PartEncoding::Whole(nested))
        };
        let (nested, texts) = (body(PartEncoding::File), body(PartEncoding::Plain));
        for (files, operation, expected) in [
            (&off, &either, Some(false)),
            (&off, &file, None),
            (&on, &either, Some(true)),
            (&on, &file, Some(true)),
            (&on, &nested, Some(true)),
            (&on, &texts, Some(false)),
        ] {
            let filled = files.fill(operation, given.clone()).await.ok();
            let is_file = filled.map(|(filled, _)| {
                filled
                    .get("f")
                    .is_some_and(|file| file.get("data_base64").is_some())
            });
            assert_eq!(is_file, expected);
        }
        Ok(())
    }

    #[test]
    fn a_raw_body_takes_its_media_type_from_the_file_only_where_the_operation_leaves_it_open() {
        for (raw, given, put_there) in [
            (Some("application/pdf"), json!({}), json!({})),
            (Some("application/octet-stream"), json!({}), json!({})),
            (
                Some("*/*"),
                json!({}),
                json!({"content_type": "application/pdf"}),
            ),
            (
                Some("application/*"),
                json!({"content_type": "application/x"}),
                json!({"content_type": "application/x"}),
            ),
            (None, json!({}), json!({"filename": "a.pdf"})),
        ] {
            let with = |value: &Value, key: &str, content: &str| {
                let mut object = value.as_object().cloned().unwrap_or_default();
                object.insert(key.to_owned(), Value::from(content));
                object
            };
            let taken = Taken {
                name: "a.pdf".to_owned(),
                data: b"%PDF".to_vec(),
            };
            let mut file = with(&given, "path", "x/a.pdf");
            put(&mut file, taken, raw);
            assert_eq!(file, with(&put_there, "data_base64", "JVBERg=="), "{raw:?}");
        }
    }
}
