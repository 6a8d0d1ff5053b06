//! Findings for people, in the manner of rustc.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::RenderOptions;
use super::place::{Place, place};
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::source::{Document, Position};

/// The narrowest terminal that is written for.
const MIN_WIDTH: usize = 60;

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
    let mut text = String::new();
    let mut written: Vec<(Code, Severity)> = Vec::new();
    for diagnostic in diagnostics {
        let kind = (diagnostic.code, diagnostic.severity);
        if !options.all && written.contains(&kind) {
            continue;
        }
        let mut more = 0;
        if !options.all {
            written.push(kind);
            let same = |other: &&Diagnostic| (other.code, other.severity) == kind;
            more = diagnostics.iter().filter(same).count().saturating_sub(1);
        }
        text.push_str(&render_one(diagnostic, document, more, width, &renderer));
        text.push_str("\n\n");
    }
    text
}

/// Writes one finding.
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
    let title = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code.id());
    let line = marked_line(&place, width);
    let is_cut = line.as_ref().is_some_and(|line| line.cut);
    let mut group = Group::with_title(title);
    match (line, place.position) {
        (Some(line), Some(position)) => {
            if line.cut {
                group = group.element(origin(&place, &position));
            }
            let mark = AnnotationKind::Primary
                .span(line.mark)
                .label(diagnostic.label.as_deref());
            let path = place.file.filter(|_| !line.cut);
            let snippet = Snippet::source(line.text)
                .line_start(position.line)
                .path(path);
            group = group.element(snippet.annotation(mark));
        }
        (_, Some(position)) => group = group.element(origin(&place, &position)),
        (_, None) => {
            let pointer = diagnostic.pointer.as_ref().map(ToString::to_string);
            let path = place.file.unwrap_or_default().to_owned() + &pointer.unwrap_or_default();
            if !path.is_empty() {
                group = group.element(Origin::path(path));
            }
        }
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    if more > 0 {
        let note = format!("and {more} more like this (list them with --all)");
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
    Origin::path(file)
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

/// The marked line of the document.
fn marked_line(place: &Place<'_>, width: usize) -> Option<Line> {
    cut_line(place.text?, &place.position?, width)
}

/// One line of a document, cut to fit, and the marked bytes in it.
#[derive(Debug, PartialEq)]
struct Line {
    text: String,
    mark: std::ops::Range<usize>,
    /// Whether something of the line was left out.
    cut: bool,
}

/// Cuts the line of `position` out of the text, at most `width` characters around the mark. A mark
/// that spans several lines ends with its first line.
fn cut_line(text: &str, position: &Position, width: usize) -> Option<Line> {
    let start = position.start.min(text.len());
    let before = text.get(..start)?;
    let from = before.rfind('\n').map_or(0, |newline| newline + 1);
    let rest = text.get(start..)?;
    let to = start + rest.find(['\n', '\r']).unwrap_or(rest.len());
    let end = position.end.clamp(start, to);
    // Room for the line number and its bar.
    let room = width.saturating_sub(12);
    let head: &str = text.get(from..start)?;
    if to - from <= room || text.get(from..to)?.chars().nth(room).is_none() {
        let line = text.get(from..to)?;
        return Some(Line {
            text: line.to_owned(),
            mark: start - from..end - from,
            cut: false,
        });
    }
    let head_room = room / 3;
    let (head, cut_head) = match head.char_indices().rev().nth(head_room) {
        Some((at, character)) => (head.get(at + character.len_utf8()..)?, true),
        None => (head, false),
    };
    let tail: &str = text.get(start..to)?;
    let tail_room = room - head_room.min(head.chars().count());
    let (tail, cut_tail) = match tail.char_indices().nth(tail_room) {
        Some((at, _)) => (tail.get(..at)?, true),
        None => (tail, false),
    };
    let mut line = String::with_capacity(head.len() + tail.len() + 6);
    if cut_head {
        line.push('…');
    }
    line.push_str(head);
    let mark_start = line.len();
    line.push_str(tail);
    let mark = mark_start..mark_start + (end - start).min(tail.len());
    if cut_tail {
        line.push('…');
    }
    Some(Line {
        text: line,
        mark,
        cut: true,
    })
}
