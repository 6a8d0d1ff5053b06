//! The trace that a request belongs to, as its caller says (W3C Trace Context, Level 1).

/// Longest `tracestate` that is passed on: what every implementation has to take (§3.3.1.5).
const STATE: usize = 512;

/// A span of a caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parent {
    /// 32 hexadecimal digits.
    trace: String,
    /// 16 hexadecimal digits.
    #[cfg_attr(
        not(feature = "otel"),
        allow(dead_code, reason = "of a trace that is continued")
    )]
    pub(super) span: String,
    /// Whether the caller keeps the trace.
    #[cfg_attr(
        not(feature = "otel"),
        allow(dead_code, reason = "of a trace that is continued")
    )]
    pub(super) sampled: bool,
    /// `tracestate`; empty if there is none.
    #[cfg_attr(
        not(feature = "otel"),
        allow(dead_code, reason = "of a trace that is continued")
    )]
    pub(super) state: String,
}

impl Parent {
    /// Reads `traceparent` and `tracestate`. A text that is not a valid `traceparent` is as good as none (§3.2).
    pub(crate) fn read(parent: Option<&str>, state: Option<&str>) -> Option<Self> {
        let mut parts = parent?.trim().split('-');
        let (version, trace, span, flags) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        // Later versions may have more parts; `ff` is none.
        let known = version != "ff" && (version != "00" || parts.next().is_none());
        let is_id = |text: &str, length: usize| {
            is_hexadecimal(text, length) && text.bytes().any(|byte| byte != b'0')
        };
        if !known
            || !is_hexadecimal(version, 2)
            || !is_hexadecimal(flags, 2)
            || !is_id(trace, 32)
            || !is_id(span, 16)
        {
            return None;
        }
        let fits = |state: &&str| {
            state.len() <= STATE && state.bytes().all(|byte| (b' '..=b'~').contains(&byte))
        };
        Some(Self {
            trace: trace.to_owned(),
            span: span.to_owned(),
            sampled: u8::from_str_radix(flags, 16).is_ok_and(|flags| flags & 1 == 1),
            state: state.filter(fits).unwrap_or_default().to_owned(),
        })
    }

    /// The id of the trace, 32 hexadecimal digits.
    pub(crate) fn trace(&self) -> &str {
        &self.trace
    }
}

fn is_hexadecimal(text: &str, length: usize) -> bool {
    let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == length && text.bytes().all(digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const SPAN: &str = "00f067aa0ba902b7";

    #[test]
    fn a_parent_is_read_to_the_letter_and_anything_else_is_none() {
        for (parent, expected) in [
            (format!("00-{TRACE}-{SPAN}-01"), Some(true)),
            (format!("00-{TRACE}-{SPAN}-00"), Some(false)),
            (format!("00-{TRACE}-{SPAN}-03"), Some(true)),
            (format!("01-{TRACE}-{SPAN}-01-more"), Some(true)),
            (format!("00-{TRACE}-{SPAN}-01-more"), None),
            (format!("ff-{TRACE}-{SPAN}-01"), None),
            (format!("00-{}-{SPAN}-01", "0".repeat(32)), None),
            (format!("00-{TRACE}-{}-01", "0".repeat(16)), None),
            (format!("00-{}-{SPAN}-01", TRACE.to_uppercase()), None),
            (format!("00-{TRACE}-{SPAN}"), None),
            (format!("00-{TRACE}-{SPAN}-1"), None),
            (format!("00-{TRACE}x-{SPAN}-01"), None),
            ("\u{661}".repeat(27), None),
            (String::new(), None),
        ] {
            let read = Parent::read(Some(&parent), None);
            assert_eq!(read.as_ref().map(|read| read.sampled), expected, "{parent}");
            if let Some(read) = read {
                assert_eq!((read.trace(), read.span.as_str()), (TRACE, SPAN));
            }
        }
        assert_eq!(Parent::read(None, Some("a=b")), None);
    }

    #[test]
    fn a_state_goes_with_it_if_it_is_one() {
        let parent = format!("00-{TRACE}-{SPAN}-01");
        let long = format!("a={}", "x".repeat(600));
        for (state, expected) in [
            ("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", true),
            ("a=\r\nX-Evil: 1", false),
            (long.as_str(), false),
        ] {
            let read = Parent::read(Some(&parent), Some(state)).map(|read| read.state);
            let expected = if expected { state } else { "" };
            assert_eq!(read.as_deref(), Some(expected), "{state}");
        }
    }
}
