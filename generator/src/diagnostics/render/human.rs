//! Findings for people, in the manner of rustc.

use std::collections::HashMap;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::RenderOptions;
use super::place::{Place, place};
use super::visible::visible;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::source::{Document, Position};

/// The narrowest terminal that is written for.
const MIN_WIDTH: usize = 60;
/// Columns that line number and bar take.
const MARGIN: usize = 12;

/// Writes findings as rustc does: code, message, the marked place in the document, notes, help.
///
/// Unless `options.all` is set, only the first finding of each code is written in full; a note
/// says how many more there are. Source lines that are longer than the terminal are cut around
/// the marked place, and control characters of the document are made visible.
#[must_use]
pub fn render_human(
    diagnostics: &[Diagnostic],
    document: Option<&Document>,
    options: &RenderOptions,
) -> String {
    let renderer = if options.color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let width = options.width.max(MIN_WIDTH);
    let renderer = renderer.term_width(width).decor_style(DecorStyle::Ascii);
    let kind = |diagnostic: &Diagnostic| (diagnostic.code, diagnostic.severity);
    let mut left: HashMap<(Code, Severity), usize> = HashMap::new();
    for diagnostic in diagnostics {
        *left.entry(kind(diagnostic)).or_default() += 1;
    }
    let mut text = String::new();
    for diagnostic in diagnostics {
        let more = if options.all {
            0
        } else {
            match left.remove(&kind(diagnostic)) {
                Some(count) => count - 1,
                None => continue,
            }
        };
        text.push_str(&render_one(diagnostic, document, more, width, &renderer));
        text.push_str("\n\n");
    }
    text
}

/// Writes one finding; `more` is the number of those that are left out.
fn render_one(
    diagnostic: &Diagnostic,
    document: Option<&Document>,
    more: usize,
    width: usize,
    renderer: &Renderer,
) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let place = place(diagnostic, document);
    let title = level.primary_title(visible(&diagnostic.message, false));
    let mut group = Group::with_title(title.id(diagnostic.code.id()));
    let line = marked_line(&place, width);
    let is_cut = line.as_ref().is_some_and(|line| line.cut);
    match (line, place.position) {
        (Some(line), Some(position)) => {
            if line.cut {
                group = group.element(origin(&place, &position));
            }
            let label = diagnostic
                .label
                .as_deref()
                .map(|label| visible(label, false));
            let mark = AnnotationKind::Primary.span(line.mark).label(label);
            let path = place
                .file
                .filter(|_| !line.cut)
                .map(|file| visible(file, false));
            let snippet = Snippet::source(line.text)
                .line_start(position.line)
                .path(path);
            group = group.element(snippet.annotation(mark));
        }
        (_, Some(position)) => group = group.element(origin(&place, &position)),
        (_, None) => {
            let pointer = place.pointer.as_ref().map(ToString::to_string);
            let path = place.file.unwrap_or_default().to_owned() + &pointer.unwrap_or_default();
            if !path.is_empty() {
                group = group.element(Origin::path(visible(&path, false).into_owned()));
            }
        }
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(visible(note, true)));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(visible(help, true)));
    }
    if let Some(overlay) = &diagnostic.overlay {
        let lines = format!("or paste below `actions:` of an overlay:\n{overlay}");
        group = group.element(Level::HELP.message(visible(&lines, true).into_owned()));
    }
    if more > 0 {
        let note = format!("and {more} more like this (`-v` shows them all)");
        group = group.element(Level::NOTE.message(note));
    }
    let text = renderer.render(&[group]);
    if is_cut {
        without_file_mark(&text)
    } else {
        text
    }
}

/// The line `--> file:line:column`.
fn origin<'a>(place: &Place<'a>, position: &Position) -> Origin<'a> {
    let file = place.file.unwrap_or("<document>");
    Origin::path(visible(file, false))
        .line(position.line)
        .char_column(position.column)
}

/// Removes the line `:::` that stands between an origin and a snippet without path. (A cut line
/// cannot have a path: the column would be counted in what is left of it.)
fn without_file_mark(text: &str) -> String {
    let is_mark = |line: &str| {
        let (mut escape, mut rest) = (false, String::new());
        for character in line.chars() {
            match character {
                '\u{1b}' => escape = true,
                'm' if escape => escape = false,
                ' ' => {}
                _ if escape => {}
                other => rest.push(other),
            }
        }
        rest == ":::"
    };
    text.lines()
        .filter(|line| !is_mark(line))
        .collect::<Vec<_>>()
        .join("\n")
}

/// One line of a document, cut to fit, and the marked bytes in it.
struct Line {
    text: String,
    mark: Range<usize>,
    /// Whether something of the line was left out.
    cut: bool,
}

/// The line of a place, at most `width` characters around the mark. A mark that spans several
/// lines ends with its first line.
fn marked_line(place: &Place<'_>, width: usize) -> Option<Line> {
    let (text, position) = (place.text?, place.position?);
    let start = position.start.min(text.len());
    let from = text
        .get(..start)?
        .rfind('\n')
        .map_or(0, |newline| newline + 1);
    let rest = text.get(start..)?;
    let to = start + rest.find(['\n', '\r']).unwrap_or(rest.len());
    let end = position.end.clamp(start, to);
    let room = width.saturating_sub(MARGIN);
    let (mut head, mut tail) = (text.get(from..start)?, text.get(start..to)?);
    let (mut cut_head, mut cut_tail) = (false, false);
    if text.get(from..to)?.chars().nth(room).is_some() {
        let head_room = room / 3;
        if let Some((at, character)) = head.char_indices().rev().nth(head_room) {
            head = head.get(at + character.len_utf8()..)?;
            cut_head = true;
        }
        let tail_room = room - head_room.min(head.chars().count());
        if let Some((at, _)) = tail.char_indices().nth(tail_room) {
            tail = tail.get(..at)?;
            cut_tail = true;
        }
    }
    let (marked, rest) = tail.split_at_checked(end - start).unwrap_or((tail, ""));
    let mut line = String::with_capacity(head.len() + tail.len() + 6);
    line.push_str(if cut_head { "…" } else { "" });
    line.push_str(&visible(head, false));
    let mark_start = line.len();
    line.push_str(&visible(marked, false));
    let mark = mark_start..line.len();
    line.push_str(&visible(rest, false));
    line.push_str(if cut_tail { "…" } else { "" });
    Some(Line {
        text: line,
        mark,
        cut: cut_head || cut_tail,
    })
}
