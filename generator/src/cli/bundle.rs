//! `mcpwright bundle`

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::arguments::{BundleCommand, quoted};
use super::lock::LockFile;
use super::project::SETTINGS;
use super::terminal::Terminal;
use super::{REFUSED, generate, image, run as running};
use crate::bundle::{Kind, Made, Program, Subject, archive, files};
use crate::source::sha256;

/// What was written, each with its SHA-256: what differs was edited.
const RECORD: &str = "mcpwright.bundle.json";

pub fn run(command: &BundleCommand, terminal: &Terminal) -> u8 {
    if !Path::new(SETTINGS).is_file() {
        terminal.complain(format!(
            "there is no {SETTINGS} here: `mcpwright init` writes one, and `bundle` in it says who publishes the \
             server"
        ));
        return REFUSED;
    }
    match made(command, terminal) {
        Ok(()) => 0,
        Err(Stop::Said(code)) => code,
        Err(Stop::With(message)) => {
            terminal.complain(message);
            REFUSED
        }
    }
}

/// Why nothing is made.
enum Stop {
    /// The reason was said.
    Said(u8),
    /// The reason.
    With(String),
}

impl From<String> for Stop {
    fn from(message: String) -> Self {
        Self::With(message)
    }
}

fn made(command: &BundleCommand, terminal: &Terminal) -> Result<(), Stop> {
    let all = command.kinds.is_empty();
    let kinds: Vec<Kind> = Kind::ALL
        .into_iter()
        .filter(|kind| all || command.kinds.contains(kind))
        .collect();
    let wanted = running::as_typed().ok_or(Stop::Said(REFUSED))?;
    let config = wanted.spec.config()?;
    let publisher = config.publisher().map_err(|error| said(&error, terminal))?;
    let (config, out) = wanted
        .output
        .apply(config)
        .map_err(|error| Stop::Said(terminal.no_output(&error)))?;
    let generated = if kinds.contains(&Kind::Mcpb) && command.program.is_empty() {
        // What is built here is made from the same.
        generate::generated(&wanted, terminal).map_err(Stop::Said)?
    } else {
        // The names that the crate has.
        let lock = LockFile::of(&wanted.spec, &out);
        let text = lock.read()?;
        let config = lock.apply(config.clone(), text.as_deref());
        config
            .generate_embedded()
            .map_err(|error| said(&error, terminal))?
    };
    let folder = image::folder(&config, &out).map_err(|error| said(&error, terminal))?;
    let source = image::source(&folder, &command.out);
    let subject = Subject {
        api: &generated.api,
        publisher: &publisher,
        source: &source,
    };
    let icon = publisher.icon.as_deref().map(read).transpose()?;
    // All of it or nothing: what is missing is found before anything is written.
    let mut files_of: Made = Made::new();
    let mut left_out: Vec<String> = Vec::new();
    let mut bundle = None;
    for kind in kinds.iter().copied() {
        if kind == Kind::Mcpb {
            let programs = programs(command, terminal)?;
            let bytes = archive(subject, &programs, icon.as_deref())?;
            bundle = Some((sha256(&bytes), bytes.len(), systems(&programs)));
            files_of.insert(format!("{}.mcpb", subject.api.name), bytes);
            continue;
        }
        let digest = bundle.as_ref().map(|(digest, _, _)| digest.as_str());
        match files(subject, kind, digest) {
            Ok(made) => files_of.extend(made),
            // Who asks for everything is told what could not be.
            Err(message) if all => left_out.push(message),
            Err(message) => return Err(Stop::With(message)),
        }
    }
    write(&command.out, &files_of, command.force)?;
    let shown = command.out.display();
    if let Some((digest, size, systems)) = &bundle {
        let megabytes = f64::from(u32::try_from(size / 1_000).unwrap_or(u32::MAX)) / 1_000.0;
        terminal.say(format!(
            "{} {shown}/{}.mcpb ({megabytes:.1} MB, {systems})\n  sha256 {digest}",
            terminal.tick(),
            subject.api.name
        ));
    }
    for path in files_of.keys().filter(|path| !path.ends_with(".mcpb")) {
        if !path.contains("/templates/") || terminal.verbose {
            terminal.say(format!("{} {shown}/{path}", terminal.tick()));
        }
    }
    let remark = match kinds.contains(&Kind::Docker) {
        true => image::remark(&config, &out, &folder).map_err(|error| said(&error, terminal))?,
        false => None,
    };
    let remarks = subject.remarks(&kinds).into_iter().chain(remark);
    for line in left_out.into_iter().chain(remarks) {
        terminal.say(format!("  note: {line}"));
    }
    for line in next(&kinds, &command.out, &folder, subject) {
        terminal.say(format!("  next: {line}"));
    }
    Ok(())
}

/// What is done with it.
fn next(kinds: &[Kind], out: &Path, folder: &Path, subject: Subject<'_>) -> Vec<String> {
    let name = &subject.api.name;
    let typed = |path: &Path| quoted(&path.to_string_lossy());
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let line = |kind: &Kind| match kind {
        Kind::Mcpb => Some(format!(
            "open {} with Claude Desktop",
            out.join(format!("{name}.mcpb")).display()
        )),
        Kind::Registry => subject
            .publisher
            .name
            .is_some()
            .then(|| format!("mcp-publisher publish {}", typed(&out.join("server.json")))),
        Kind::Docker => Some(format!(
            "docker build -f {} -t {} {}",
            typed(&out.join("docker").join("Dockerfile")),
            subject.local_image(),
            typed(folder)
        )),
        Kind::Helm => Some(format!(
            "helm install {name} {}{}",
            typed(&out.join("helm").join(name)),
            subject.chart_needs()
        )),
        Kind::Skill | Kind::Submission => None,
    };
    kinds.iter().filter_map(line).collect()
}

/// The programs that were named, or the one that is built here.
fn programs(command: &BundleCommand, terminal: &Terminal) -> Result<Vec<Program>, Stop> {
    let paths: Vec<PathBuf> = if command.program.is_empty() {
        vec![running::compiled(!command.debug, terminal).map_err(Stop::Said)?]
    } else {
        command.program.clone()
    };
    let program = |path: &PathBuf| {
        Program::read(read(path)?).ok_or_else(|| {
            format!(
                "{} is no program: neither ELF (Linux) nor Mach-O (macOS) nor PE (Windows)",
                path.display()
            )
        })
    };
    let programs: Result<Vec<Program>, String> = paths.iter().map(program).collect();
    Ok(programs?)
}

/// `linux x86_64, darwin universal`
fn systems(programs: &[Program]) -> String {
    let all: Vec<String> = programs
        .iter()
        .map(|program| match program.processor {
            Some(processor) => format!("{} {processor}", program.platform),
            None => program.platform.to_string(),
        })
        .collect();
    all.join(", ")
}

fn said(error: &crate::Error, terminal: &Terminal) -> Stop {
    terminal.failure(error);
    Stop::Said(REFUSED)
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

/// Writes the files, and what they were as they were written. What somebody filled in since is left alone.
///
/// # Errors
/// One line that names what is in the way; then nothing was written.
fn write(out: &Path, files: &Made, force: bool) -> Result<(), String> {
    let record = out.join(RECORD);
    let known: BTreeMap<String, String> = fs::read(&record)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    let mut edited = Vec::new();
    for (path, bytes) in files {
        let at = out.join(path);
        let folders = at
            .ancestors()
            .skip(1)
            .take_while(|folder| folder.starts_with(out));
        for folder in folders {
            if !folder.is_dir() && folder.symlink_metadata().is_ok() {
                return Err(format!(
                    "{} is in the way of a folder; move it, or name another folder with --out",
                    folder.display()
                ));
            }
        }
        if at.is_dir() {
            return Err(format!(
                "{} is a folder, and a file goes there",
                at.display()
            ));
        }
        if let Ok(now) = fs::read(&at) {
            let digest = sha256(&now);
            if now != *bytes && known.get(path) != Some(&digest) {
                edited.push(at.display().to_string());
            }
        }
    }
    if !edited.is_empty() && !force {
        return Err(format!(
            "edited since they were made: {}; move what you wrote elsewhere (values of a chart go into a file of \
             your own, with -f), name another folder with --out, or overwrite them with --force",
            edited.join(", ")
        ));
    }
    let mut all = known;
    for (path, bytes) in files {
        let at = out.join(path);
        put(&at, bytes).map_err(|error| format!("{}: {error}", at.display()))?;
        all.insert(path.clone(), sha256(bytes));
    }
    let text = serde_json::to_string_pretty(&all).unwrap_or_default();
    put(&record, format!("{text}\n").as_bytes())
        .map_err(|error| format!("{}: {error}", record.display()))
}

/// In one step, so that nobody finds half of it; a link that was there is replaced, not followed.
fn put(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut draft = tempfile::NamedTempFile::new_in(folder)?;
    draft.write_all(bytes)?;
    #[cfg(unix)]
    fs::set_permissions(
        draft.path(),
        std::os::unix::fs::PermissionsExt::from_mode(0o644),
    )?;
    draft.persist(path).map(drop).map_err(|error| error.error)
}
