//! A view: which tools a connection lists, and in which form.

/// Which tools are listed, and how; see [`super`] for what its parts mean.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct View {
    /// Which tools.
    pub(crate) scope: Scope,
    /// As themselves, or through a few tools that lead to them.
    pub(crate) form: Form,
    /// Only tools that read; others are refused.
    pub(crate) read_only: bool,
    /// Tools left out of the list.
    pub(crate) exclude: Vec<String>,
    /// Whether fields of the request had a say, so that others at the same address see another list.
    pub(crate) private: bool,
}

#[cfg(feature = "http")]
impl View {
    /// Leaves out the names of tools and toolsets that there are not.
    pub(crate) fn keep(&mut self, tool: &dyn Fn(&str) -> bool, toolset: &dyn Fn(&str) -> bool) {
        self.exclude.retain(|name| tool(name));
        if let Scope::Named { toolsets, tools } = &mut self.scope {
            toolsets.retain(|name| toolset(name));
            tools.retain(|name| tool(name));
        }
    }
}

/// Which tools a view is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Scope {
    /// All while they are few and small, otherwise the core.
    #[default]
    Default,
    /// Every tool.
    All,
    /// The 12 to 20 tools for the records that the API is mostly about.
    Core,
    /// The tools of some groups, and some tools by name.
    Named {
        /// Names of groups.
        toolsets: Vec<String>,
        /// Names of tools.
        tools: Vec<String>,
    },
}

/// In which form the tools of a view are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Form {
    /// Each tool as itself.
    #[default]
    Tools,
    /// Five tools that find, describe and run the others.
    Lean,
    /// Eight tools over records of an entity.
    Records,
}

/// Most names in one list: nobody writes more, and each is looked for.
const MOST_NAMES: usize = 500;

/// What one place (a flag, a URL, header fields) says of the view. What it does not say is as the place
/// before it has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Statement {
    scope: Option<Scope>,
    form: Option<Form>,
    read_only: bool,
    exclude: Vec<String>,
    private: bool,
}

impl Statement {
    /// Reads a view as it stands in a URL after `/mcp/`, and after `--view`: its parts in any order,
    /// separated by `/`.
    ///
    /// # Errors
    /// One sentence that says what is wrong and what there is.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut statement = Self::default();
        let mut parts = text.split('/').filter(|part| !part.is_empty());
        let mut scope: Option<(&str, Scope)> = None;
        let mut form: Option<(&str, Form)> = None;
        while let Some(part) = parts.next() {
            match part {
                "all" => once(&mut scope, part, Scope::All)?,
                "core" => once(&mut scope, part, Scope::Core)?,
                "default" => once(&mut scope, part, Scope::Default)?,
                "x" => {
                    let toolsets = parts.next().map(names).transpose()?.unwrap_or_default();
                    if toolsets.is_empty() {
                        return Err(format!(
                            "after x/ stand names of toolsets, separated by commas ({GRAMMAR})"
                        ));
                    }
                    let tools = Vec::new();
                    once(&mut scope, part, Scope::Named { toolsets, tools })?;
                }
                "lean" => once(&mut form, part, Form::Lean)?,
                "records" => once(&mut form, part, Form::Records)?,
                "readonly" => statement.read_only = true,
                other => return Err(unknown(other)),
            }
        }
        statement.scope = scope.map(|(_, scope)| scope);
        statement.form = form.map(|(_, form)| form);
        Ok(statement)
    }

    /// Adds lists as flags, variables and header fields have them: toolsets and tools add up with one
    /// another, and replace `all` or `core` of the same place.
    pub(crate) fn lists(&mut self, lists: &Lists) -> Result<(), String> {
        let toolsets = names(&lists.toolsets)?;
        let tools = names(&lists.tools)?;
        if !toolsets.is_empty() || !tools.is_empty() {
            self.scope = Some(match self.scope.take() {
                Some(Scope::Named {
                    toolsets: mut more,
                    tools: mut known,
                }) => {
                    more.extend(toolsets);
                    known.extend(tools);
                    Scope::Named {
                        toolsets: more,
                        tools: known,
                    }
                }
                _ => Scope::Named { toolsets, tools },
            });
        }
        self.exclude.extend(names(&lists.exclude)?);
        self.read_only |= lists.read_only;
        Ok(())
    }

    /// That the statement came from fields of a request.
    #[cfg(any(feature = "http", test))]
    pub(crate) fn private(mut self) -> Self {
        self.private = self != Self::default();
        self
    }

    /// Whether the place says nothing.
    #[cfg(feature = "http")]
    pub(crate) fn is_silent(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the place says which tools, or in which form.
    pub(crate) fn names_tools(&self) -> bool {
        self.scope.is_some() || self.form.is_some()
    }

    /// The same, with tools and form of another where this says neither.
    pub(crate) fn or(mut self, other: Self) -> Self {
        if !self.names_tools() {
            self.scope = other.scope;
            self.form = other.form;
        }
        self
    }

    /// Names of tools that are left out.
    pub(crate) fn excluded(&self) -> &[String] {
        &self.exclude
    }

    /// The view of the place before this one, with what this one says. Whoever names tools gets them
    /// as tools, unless a form is named too; what was left out or forbidden before stays so.
    pub(crate) fn over(self, before: &View) -> View {
        let form = match (&self.form, &self.scope) {
            (Some(form), _) => *form,
            // Header fields narrow the view at an address and keep its form.
            (None, Some(_)) if !self.private => Form::Tools,
            _ => before.form,
        };
        // A form that is asked for by name is about everything, unless tools are named too.
        let scope = match (self.scope, self.form) {
            (Some(scope), _) => scope,
            (None, Some(_)) => Scope::All,
            (None, None) => before.scope.clone(),
        };
        let mut exclude = before.exclude.clone();
        exclude.extend(self.exclude);
        View {
            scope,
            form,
            read_only: before.read_only || self.read_only,
            exclude,
            private: before.private || self.private,
        }
    }
}

/// Lists of names as text, and a flag.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lists {
    pub(crate) toolsets: String,
    pub(crate) tools: String,
    pub(crate) exclude: String,
    pub(crate) read_only: bool,
}

const GRAMMAR: &str = "a view is made of all, core, readonly, lean, records and x/{toolsets}, separated by /, such as x/invoices,customers/readonly";

fn unknown(part: &str) -> String {
    let known = ["all", "core", "default", "readonly", "lean", "records"];
    let hint = crate::text::nearest(part, known)
        .map_or_else(String::new, |name| format!("; did you mean {name}?"));
    let part = crate::text::cap(&crate::text::clean(part), 60).into_owned();
    format!("there is no view `{part}`{hint} ({GRAMMAR})")
}

fn once<'a, T>(place: &mut Option<(&'a str, T)>, part: &'a str, value: T) -> Result<(), String> {
    if let Some((before, _)) = place {
        return Err(if *before == part {
            format!("{part} stands twice in the view")
        } else {
            format!("{before} and {part} exclude each other in a view")
        });
    }
    *place = Some((part, value));
    Ok(())
}

/// The names of a list with commas; blanks around them don't count.
fn names(list: &str) -> Result<Vec<String>, String> {
    let names: Vec<String> = list
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    if names.len() > MOST_NAMES {
        return Err(format!("a list has at most {MOST_NAMES} names"));
    }
    Ok(names)
}

/// Whether a text switches something on, as GitHub's `X-MCP-Readonly` reads it.
pub(crate) fn is_on(text: &str) -> bool {
    ["true", "t", "1", "yes", "y", "on"]
        .iter()
        .any(|on| text.trim().eq_ignore_ascii_case(on))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(toolsets: &[&str], tools: &[&str]) -> Scope {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Scope::Named {
            toolsets: own(toolsets),
            tools: own(tools),
        }
    }

    fn parse(text: &str) -> Result<View, String> {
        Statement::parse(text).map(|statement| statement.over(&View::default()))
    }

    #[test]
    fn parts_of_a_path_combine_in_any_order() {
        let parsed = |text: &str| parse(text).unwrap_or_default();
        for (text, scope, form, read_only) in [
            ("", Scope::Default, Form::Tools, false),
            ("/", Scope::Default, Form::Tools, false),
            ("all", Scope::All, Form::Tools, false),
            ("core", Scope::Core, Form::Tools, false),
            ("readonly", Scope::Default, Form::Tools, true),
            ("lean", Scope::All, Form::Lean, false),
            ("lean/core", Scope::Core, Form::Lean, false),
            ("readonly/records/", Scope::All, Form::Records, true),
            ("x/a,b", named(&["a", "b"], &[]), Form::Tools, false),
            (
                "x/ a , b/readonly",
                named(&["a", "b"], &[]),
                Form::Tools,
                true,
            ),
            ("lean/x/a", named(&["a"], &[]), Form::Lean, false),
        ] {
            let view = View {
                scope,
                form,
                read_only,
                ..View::default()
            };
            assert_eq!(parsed(text), view, "{text}");
        }
    }

    #[test]
    fn what_is_no_view_is_said_with_what_there_is() {
        for (text, part) in [
            ("leen", "did you mean lean?"),
            ("All", "did you mean all?"),
            ("x", "after x/ stand names of toolsets"),
            ("x/,", "after x/ stand names of toolsets"),
            ("all/core", "all and core exclude each other"),
            ("lean/records", "lean and records exclude each other"),
            ("x/a/x/b", "x stands twice"),
            ("nonsense", "x/{toolsets}"),
        ] {
            let wrong = parse(text).err().unwrap_or_default();
            assert!(wrong.contains(part), "{text}: {wrong}");
        }
        let long = "n,".repeat(MOST_NAMES + 1);
        assert!(parse(&format!("x/{long}")).is_err());
    }

    #[test]
    fn later_places_choose_and_prohibitions_add_up() {
        let statement = |text: &str| Statement::parse(text).unwrap_or_default();
        let lists = |toolsets: &str, exclude: &str, read_only: bool| {
            let mut statement = Statement::default();
            let lists = Lists {
                toolsets: toolsets.to_owned(),
                exclude: exclude.to_owned(),
                read_only,
                ..Lists::default()
            };
            assert!(statement.lists(&lists).is_ok());
            statement
        };
        let operator = lists("", "a", true).over(&View::default());
        let lean = statement("lean").over(&operator);
        assert_eq!(
            (lean.form, lean.read_only, lean.exclude.len()),
            (Form::Lean, true, 1)
        );
        // Another address lists tools again, and stays read-only.
        let all = statement("all").over(&lean);
        assert_eq!(
            (&all.scope, all.form, all.read_only),
            (&Scope::All, Form::Tools, true)
        );
        // An address that says nothing of them keeps what the operator chose.
        let same = statement("readonly").over(&lean);
        assert_eq!((&same.scope, same.form), (&lean.scope, lean.form));
        // Fields narrow what is at an address, and what they make is for this request alone.
        let fields = lists("b", "c", false).private();
        let narrowed = fields.over(&lean);
        assert_eq!(narrowed.form, Form::Lean);
        assert_eq!(narrowed.scope, named(&["b"], &[]));
        assert_eq!(narrowed.exclude, ["a", "c"]);
        assert!(narrowed.private && !lean.private);
        assert!(!Statement::default().private().over(&lean).private);
    }

    #[test]
    fn switches_are_read_as_others_read_them() {
        assert!(
            ["true", "1", " YES ", "on", "t", "Y"]
                .iter()
                .all(|text| is_on(text))
        );
        assert!(
            ["", "0", "false", "no", "off", "2"]
                .iter()
                .all(|text| !is_on(text))
        );
    }
}
