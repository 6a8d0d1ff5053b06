//! The findings of a run.

use super::{Diagnostic, Pointer, Severity};

/// Collects findings in the order in which they are made.
#[derive(Clone, Debug, Default)]
pub struct Sink {
    diagnostics: Vec<Diagnostic>,
    errors: usize,
    warnings: usize,
    strict: bool,
}

impl Sink {
    /// An empty sink.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a finding. In a strict sink a warning that means "something was skipped or guessed"
    /// ([`Code::is_lossy`](super::Code::is_lossy)) becomes an error.
    pub fn push(&mut self, mut diagnostic: Diagnostic) {
        if self.strict && promoted(&diagnostic) {
            diagnostic.severity = Severity::Error;
        }
        match diagnostic.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Info => {}
        }
        self.diagnostics.push(diagnostic);
    }

    /// Adds findings that were made elsewhere, for example [`Document::remarks`].
    ///
    /// [`Document::remarks`]: crate::source::Document::remarks
    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        diagnostics
            .into_iter()
            .for_each(|diagnostic| self.push(diagnostic));
    }

    /// From now on warnings that mean "something was skipped or guessed" count as errors; those
    /// that are here already are raised too.
    pub fn make_strict(&mut self) {
        self.strict = true;
        for diagnostic in &mut self.diagnostics {
            if promoted(diagnostic) {
                diagnostic.severity = Severity::Error;
                self.errors += 1;
                self.warnings = self.warnings.saturating_sub(1);
            }
        }
    }

    /// Takes the actions that overlays could mend findings with from those at such places.
    pub(crate) fn without_overlays(&mut self, of: impl Fn(&Pointer) -> bool) {
        for diagnostic in &mut self.diagnostics {
            if diagnostic.overlay.is_some() && diagnostic.pointer.as_ref().is_none_or(&of) {
                diagnostic.overlay = None;
            }
        }
    }

    /// Whether there is at least one error.
    #[must_use]
    pub const fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Number of errors.
    #[must_use]
    pub const fn error_count(&self) -> usize {
        self.errors
    }

    /// Number of warnings.
    #[must_use]
    pub const fn warning_count(&self) -> usize {
        self.warnings
    }

    /// Number of findings of every severity.
    #[must_use]
    pub fn len(&self) -> usize {
        self.diagnostics.len()
    }

    /// Whether there is no finding.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// The findings, in the order in which they were made.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.diagnostics.iter()
    }

    /// The findings as a slice, for the renderers.
    #[must_use]
    pub fn as_slice(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The findings, owned.
    #[must_use]
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.diagnostics
    }
}

impl<'a> IntoIterator for &'a Sink {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Whether strict mode turns this finding into an error.
fn promoted(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Warning && diagnostic.code.is_lossy()
}

#[cfg(test)]
mod tests {
    use super::super::Code;
    use super::*;

    #[test]
    fn strict_raises_lossy_warnings_before_and_after() {
        let mut sink = Sink::new();
        sink.push(Diagnostic::new(Code::E0405, "skipped"));
        sink.push(Diagnostic::new(Code::E0603, "no servers"));
        assert_eq!((sink.error_count(), sink.warning_count()), (0, 2));
        sink.make_strict();
        assert_eq!((sink.error_count(), sink.warning_count()), (1, 1));
        sink.push(Diagnostic::new(Code::E0510, "type mended"));
        assert_eq!((sink.error_count(), sink.warning_count()), (2, 1));
        assert!(sink.has_errors());
        assert_eq!(sink.into_vec().len(), 3);
    }
}
