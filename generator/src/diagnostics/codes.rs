//! The one table of diagnostic codes.
//!
//! Areas: E01 source, syntax and budgets · E02 not OpenAPI, version, fields · E03 references ·
//! E04 operations, parameters and names · E05 schemas · E06 security and servers · E07 output
//! folder · E08 configuration and command line · E09 overlays, what no tool comes from, and what
//! a reviewer should look at. A code
//! is never given a second meaning. To add one: a line here, its text in `codes/`, a fixture in
//! `specs/negative/`.

use std::fmt;

use super::Severity;

/// A diagnostic code such as `E0301`, with its severity, title and explanation.
#[derive(Clone, Copy)]
pub struct Code(&'static Entry);

/// One line of the table.
struct Entry {
    id: &'static str,
    severity: Severity,
    lossy: bool,
    title: &'static str,
    explanation: &'static str,
}

impl Code {
    /// The code itself: `E0301`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.0.id
    }

    /// Its severity unless a diagnostic says otherwise.
    #[must_use]
    pub const fn severity(self) -> Severity {
        self.0.severity
    }

    /// Whether a warning with this code means that something was skipped or guessed, so that
    /// strict mode treats it as an error.
    #[must_use]
    pub const fn is_lossy(self) -> bool {
        self.0.lossy
    }

    /// A few words that hold for every finding with this code.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.0.title
    }

    /// The long text in Markdown: what, why it matters, how to mend it, an example.
    #[must_use]
    pub const fn explanation(self) -> &'static str {
        self.0.explanation
    }

    /// Finds a code by its id; letters may be of either case (`e0301`).
    #[must_use]
    pub fn find(id: &str) -> Option<Self> {
        let id = id.trim();
        Self::all().find(|code| code.id().eq_ignore_ascii_case(id))
    }

    /// Every code, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().copied()
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Code {}

impl PartialOrd for Code {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Code {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.id().cmp(other.id())
    }
}

impl std::hash::Hash for Code {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.id().hash(state);
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id())
    }
}

/// Declares the codes: `id severity lossy|kept "title"`. `lossy` means that a warning with this
/// code skipped or guessed something.
macro_rules! codes {
    (@lossy lossy) => { true };
    (@lossy kept) => { false };
    ($($id:ident $severity:ident $lossy:ident $title:literal;)*) => {
        impl Code {
            $(
                #[doc = $title]
                pub const $id: Self = Self(&Entry {
                    id: stringify!($id),
                    severity: Severity::$severity,
                    lossy: codes!(@lossy $lossy),
                    title: $title,
                    explanation: include_str!(concat!("codes/", stringify!($id), ".md")),
                });
            )*
        }

        const ALL: &[Code] = &[$(Code::$id),*];
    };
}

codes! {
    E0101 Error   kept  "The JSON is malformed";
    E0102 Error   kept  "The YAML is malformed";
    E0103 Error   kept  "The document is not UTF-8";
    E0104 Error   kept  "The document is empty";
    E0105 Error   kept  "A key occurs twice in one object";
    E0106 Error   kept  "The file holds more than one YAML document";
    E0107 Error   kept  "A YAML tag is not read";
    E0108 Error   kept  "A YAML key is not a scalar";
    E0109 Error   kept  "The document is larger than the budget of bytes";
    E0110 Error   kept  "The document has more nodes than the budget allows";
    E0111 Error   kept  "The document is nested deeper than the budget allows";
    E0112 Error   kept  "The document expands more YAML aliases than the budget allows";
    E0113 Warning lossy "A number has no JSON form";
    E0114 Warning lossy "A number loses digits";
    E0115 Error   kept  "A YAML merge key does not name mappings";
    E0116 Error   kept  "The document cannot be read";
    E0117 Info    kept  "A text was read as a number";
    E0118 Error   kept  "A YAML anchor is defined twice";
    E0120 Error   kept  "The document consists of more files than the budget allows";

    E0201 Error   kept  "The root of the document is not an object";
    E0202 Error   kept  "The document is not an OpenAPI document";
    E0203 Error   kept  "The Swagger version is not read";
    E0204 Error   kept  "The OpenAPI version is not known";
    E0205 Warning kept  "The OpenAPI version is not a text";
    E0210 Warning lossy "A field has a value of the wrong kind";
    E0211 Warning lossy "A boolean is written as a text";
    E0212 Warning lossy "A list is written as something else";
    E0213 Warning lossy "A parameter has both a schema and content";
    E0214 Warning lossy "A type stands outside the schema of its parameter";
    E0215 Warning lossy "The parent of a tag cannot be used";
    E0216 Warning lossy "A request body has no content";
    E0217 Warning lossy "A query string stands beside query parameters";
    E0218 Warning lossy "A style does not go with the type of a parameter";
    E0219 Warning lossy "A method stands in the wrong place";
    E0220 Warning lossy "A field is misspelt";
    E0221 Warning lossy "Null stands where an object belongs";
    E0222 Warning lossy "A reference stands in the place of an operation";
    E0223 Warning lossy "Swagger 2.0 stands in a document of OpenAPI 3";
    E0224 Warning kept  "A path has a parameter in the form of a router";
    E0225 Warning lossy "An encoding belongs to no property";
    E0226 Warning lossy "OpenAPI 3 stands in a document of Swagger 2.0";
    E0227 Warning lossy "A key of responses is no status code";
    E0228 Warning lossy "A parameter has several media types";
    E0229 Warning lossy "A schema stands directly in a media type or request body";
    E0230 Warning lossy "The place of a parameter is misspelt";

    E0301 Warning lossy "A reference points nowhere";
    E0302 Warning lossy "A chain of references never ends";
    E0303 Warning lossy "A reference leads to a document that was not given";
    E0304 Warning lossy "A reference points to something of the wrong kind";
    E0340 Warning lossy "The file of a reference cannot be read";
    E0341 Warning lossy "A reference leaves the folder of the document";
    E0350 Warning lossy "A collectionFormat cannot be kept";
    E0351 Warning lossy "An operation has more than one body";

    E0360 Warning lossy "A chain of references is longer than the budget allows";
    E0361 Warning lossy "The file of a reference is malformed";

    E0401 Warning lossy "A path placeholder has no parameter";
    E0402 Warning lossy "A path parameter does not occur in the path";
    E0403 Warning kept  "An operationId occurs twice";
    E0404 Warning lossy "An operation is declared twice";
    E0405 Warning lossy "An operation is malformed and was skipped";
    E0406 Warning lossy "The media type of a request body is not supported";
    E0407 Warning lossy "A path does not start with a slash";
    E0408 Warning lossy "A parameter is declared twice";
    E0409 Info    kept  "A header parameter is ignored";
    E0410 Info    kept  "A tool name was shortened or made unique";
    E0411 Error   kept  "The document has no operations";
    E0412 Error   kept  "The document has more operations than the budget allows";
    E0413 Warning lossy "A parameter is incomplete";
    E0414 Info    kept  "A parameter is a credential";
    E0415 Info    kept  "Only one media type of a body is used";
    E0416 Info    kept  "A path has no word that names a tool";
    E0417 Info    kept  "An example of a body does not fit its schema";
    E0418 Error   kept  "The document is too large to be served";
    E0420 Warning lossy "A header of a part has no fixed value";
    E0421 Info    kept  "A parameter is a credential that no security scheme declares";
    E0422 Info    kept  "A parameter has one value";
    E0423 Info    kept  "A path ends with a fragment";
    E0424 Warning lossy "A header of a part is declared twice";
    E0425 Info    kept  "A body is taken to be required";
    E0426 Error   kept  "A prompt of the configuration cannot be used";
    E0427 Warning lossy "A text names a tool that there is not";
    E0440 Info    kept  "An XML body is sent as text";
    E0441 Info    kept  "A property of bodies is a credential";
    E0450 Warning lossy "The parts of a form have no names";
    E0451 Info    kept  "A value is asked for as text of its media type";
    E0460 Warning lossy "An address cannot be fetched";
    E0490 Info    kept  "Two schemes of one requirement fill the same field";
    E0491 Info    kept  "A path has a query";
    E0492 Warning lossy "An operation asks for a header that no argument can set";

    E0501 Warning lossy "A schema is neither an object nor a boolean";
    E0502 Warning lossy "A pattern cannot be used";
    E0503 Warning lossy "A default does not match its schema";
    E0504 Info    kept  "A recursive schema was cut in the tool schema";
    E0505 Warning lossy "A schema is too large for a tool and was cut";
    E0506 Info    kept  "A schema keyword is not supported";
    E0510 Warning lossy "A schema type is misspelt or unknown";
    E0511 Warning lossy "`required` stands on a property as a boolean";
    E0512 Warning lossy "An enum is empty or not a list";
    E0513 Warning lossy "An enum has more values than the budget allows";
    E0514 Warning lossy "A limit cannot be used";
    E0515 Warning lossy "`required` is not a list of names";
    E0516 Warning lossy "An enum value does not fit its type";
    E0517 Warning lossy "A property of some cases is excluded in all";
    E0518 Warning lossy "A discriminator cannot be used";
    E0519 Warning lossy "Limits leave no value";
    E0520 Warning lossy "Branches of allOf exclude each other";
    E0527 Warning lossy "A format or pattern leaves no value";
    E0528 Error   kept  "The schemas take more work than the budget allows";
    E0529 Info    kept  "How the pages of a list go on is not known";
    E0530 Info    kept  "Null is refused for a list of related records";

    E0601 Warning lossy "A security scheme is not declared";
    E0602 Warning lossy "A kind of security scheme is not supported yet";
    E0603 Warning kept  "The document names no absolute server URL";
    E0604 Warning lossy "A server of a path or operation is not used";
    E0605 Warning lossy "Security requirements are malformed";
    E0606 Warning lossy "The address of a server names a user";
    E0610 Info    kept  "An operation has a server of its own";
    E0611 Warning lossy "A security scheme would set a header that it must not";
    E0620 Warning lossy "A server variable is not declared";
    E0621 Warning lossy "The default of a server variable cannot be used";

    E0701 Error   kept  "The output folder holds files that are not ours";
    E0702 Error   kept  "A file cannot be written";
    E0703 Error   kept  "The output would follow a symbolic link";
    E0704 Error   kept  "A generated file was edited by hand";
    E0705 Error   kept  "The output is not what the document generates";

    E0801 Error   kept  "An option or configuration value is not valid";

    E0901 Error   kept  "A file is not an OpenAPI Overlay";
    E0902 Error   kept  "An action of an overlay is malformed";
    E0903 Warning kept  "The info of an overlay is incomplete";
    E0904 Error   kept  "A target of an overlay is not JSONPath";
    E0905 Warning lossy "A target of an overlay selects nothing";
    E0906 Error   kept  "An action of an overlay does not fit its target";
    E0907 Info    kept  "The extends of an overlay is not used";
    E0908 Warning lossy "A member of an overlay is not known";
    E0909 Error   kept  "A target of an overlay costs too much";
    E0910 Info    kept  "Webhooks do not become tools";
    E0911 Info    kept  "Callbacks do not become tools";
    E0912 Info    kept  "Links are not used";
    E0920 Error   kept  "The configuration is not TOML";
    E0921 Error   lossy "A key of the configuration is not known";
    E0922 Error   lossy "A value of the configuration is of the wrong kind";
    E0923 Error   lossy "A selector of the configuration selects nothing";
    E0924 Error   lossy "A selector of the configuration cannot be read";
    E0925 Error   lossy "The configuration names a tool that does not exist";
    E0926 Error   lossy "The configuration names an argument that the tool does not have";
    E0928 Error   lossy "A risk is lowered without a reason";
    E0929 Warning lossy "A document may not lower a risk";
    E0930 Error   lossy "A tool name of the configuration cannot be used";
    E0931 Error   lossy "A fact does not fit the argument that it is about";
    E0932 Error   lossy "An operation is turned off without a reason";
    E0933 Error   lossy "A fact fits no answer of the operations that it is about";
    E0934 Error   lossy "The configuration names a security scheme that the document does not have";
    E0940 Error   lossy "A composite is incomplete or has a key of another kind";
    E0941 Error   lossy "An operation of a composite cannot be used for it";
    E0942 Error   lossy "An argument of a composite does not fit its operations";
    E0943 Error   lossy "The document does not know of a place in an answer";
    E0944 Info    kept  "A header field is made anew for each call";
    E0945 Error   lossy "An operation cannot be split as the configuration says";
    E0946 Error   lossy "A list cannot be merged as the configuration says";
    E0947 Error   lossy "A hint of the configuration fits no error";
    E0948 Info    kept  "What is never shown cannot be checked";
    E0950 Error   kept  "The lock file cannot be used";
    E0951 Warning kept  "A name in the lock file is no tool name";
    E0952 Error   kept  "A change breaks calls of agents";
    E0953 Warning kept  "A change of risk";
    E0954 Info    kept  "A change that breaks nothing";
    E0980 Warning kept  "A text speaks to the model";
    E0981 Warning kept  "A text looks like a secret";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_in_order() {
        let ids: Vec<_> = Code::all().map(Code::id).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
        assert!(ids.iter().all(|id| id.len() == 5 && id.starts_with('E')));
    }

    #[test]
    fn codes_are_found_by_id() {
        assert_eq!(Code::find("E0301"), Some(Code::E0301));
        assert_eq!(Code::find(" e0301 "), Some(Code::E0301));
        assert_eq!(Code::find("E9999"), None);
    }

    #[test]
    fn every_code_has_a_complete_page() {
        for code in Code::all() {
            let page = code.explanation();
            let heading = format!("# {}: {}\n", code.id(), code.title());
            assert!(
                page.starts_with(&heading),
                "{code}: first line must be {heading:?}"
            );
            for part in [
                "\n## Why it matters\n",
                "\n## How to mend it\n",
                "\n## Example\n",
            ] {
                assert!(page.contains(part), "{code}: {part:?} is missing");
            }
        }
    }
}
