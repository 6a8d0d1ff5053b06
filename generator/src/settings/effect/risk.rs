//! Class and hints. Text of the document is hostile: it may raise a risk. Lowering one is the operator's
//! decision, and takes a reason that reports show.

use super::Effect;
use crate::diagnostics::Code;
use crate::ir::{Hints, Risk};
use crate::settings::facts::{Annotations, Facts};

impl Effect<'_> {
    pub(super) fn risk(&mut self) {
        let (inferred, inferred_hints) = (self.operation.risk, self.operation.hints);
        let (mut risk, mut hints) = (inferred, inferred_hints);
        let raised = &self.said.raised;
        if let Some(class) = wanted(raised, &self.operation.method, risk) {
            if class >= risk {
                set(class, &self.operation.method, &mut risk, &mut hints);
            } else {
                self.refuse("class", &format!("the class is `{}`", risk.as_str()));
            }
        }
        let annotated = annotated(&raised.annotations, hints);
        if promises(annotated, hints) || annotated.idempotent && !hints.idempotent {
            self.refuse("annotations", "the hints promise less");
        } else {
            hints = annotated;
        }
        let facts = &self.said.facts;
        if let Some(class) = wanted(facts, &self.operation.method, risk) {
            let key = if facts.class.is_some() {
                "class"
            } else {
                "outward"
            };
            let place = self.said.place(key).cloned();
            if class < risk && self.said.reason(key).is_none() {
                let message = format!(
                    "the class of `{}` is `{}` ({}); `{}` needs a reason",
                    self.operation.tool,
                    risk.as_str(),
                    self.operation.risk_reason,
                    class.as_str(),
                );
                self.find(place.as_ref(), Code::E0928, message);
            }
            set(class, &self.operation.method, &mut risk, &mut hints);
        }
        let annotated = self::annotated(&facts.annotations, hints);
        if promises(annotated, hints) {
            let keys = [
                "annotations.readOnlyHint",
                "annotations.destructiveHint",
                "annotations.openWorldHint",
            ];
            let key = keys.into_iter().find(|key| self.said.place(key).is_some());
            let key = key.unwrap_or_default();
            if self.said.reason(key).is_none() {
                let place = self.said.place(key).cloned();
                let message = format!(
                    "`{}` promises more than the class `{}` of `{}`, and needs a reason",
                    key.rsplit('.').next().unwrap_or(key),
                    risk.as_str(),
                    self.operation.tool
                );
                self.find(place.as_ref(), Code::E0928, message);
            }
        }
        hints = annotated;
        if (risk, hints) == (inferred, inferred_hints) {
            return;
        }
        let keys = ["class", "outward", "x-mcp:class", "x-mcp:outward"];
        let set = keys.iter().find_map(|key| self.said.settings.get(*key));
        if let Some((setting, _)) = set
            && risk != inferred
        {
            let reason = setting.reason.as_deref().map(|r| format!(": {r}"));
            self.operation.risk_reason =
                format!("set in {}{}", setting.from, reason.unwrap_or_default());
        }
        self.operation.risk = risk;
        self.operation.hints = hints;
    }

    pub(super) fn refuse(&mut self, key: &str, but: &str) {
        let prefix = format!("x-mcp:{key}");
        let all = self.said.settings.iter();
        let set: Vec<_> = all.filter(|(k, _)| k.starts_with(&prefix)).collect();
        let place = set.first().map(|(_, (_, place))| place.clone());
        self.refused
            .extend(set.iter().map(|(key, _)| (*key).clone()));
        let message = format!(
            "the document may not lower the risk of `{}`: {but}",
            self.operation.tool
        );
        self.find(place.as_ref(), Code::E0929, message);
    }
}

/// The class that facts ask for.
fn wanted(facts: &Facts, method: &str, current: Risk) -> Option<Risk> {
    match (facts.class, facts.outward) {
        (class, Some(true)) => class.max(Some(Risk::Outward)),
        (Some(class), _) => Some(class),
        (None, Some(false)) if current == Risk::Outward => Some(match method {
            "GET" | "HEAD" => Risk::Read,
            "DELETE" => Risk::Destructive,
            _ => Risk::Write,
        }),
        (None, _) => None,
    }
}

/// The hints of a class, as far as the method does not say more (RFC 9110 §9.2.2).
fn set(class: Risk, method: &str, risk: &mut Risk, hints: &mut Hints) {
    if class == *risk {
        return;
    }
    *risk = class;
    *hints = match class {
        Risk::Read => Hints {
            read_only: true,
            destructive: false,
            idempotent: true,
            open_world: false,
        },
        _ => Hints {
            read_only: false,
            destructive: class > Risk::Write || matches!(method, "PUT" | "PATCH"),
            idempotent: matches!(method, "PUT" | "DELETE") && class < Risk::Outward,
            open_world: class == Risk::Outward,
        },
    };
}

fn annotated(annotations: &Annotations, hints: Hints) -> Hints {
    Hints {
        read_only: annotations.read_only_hint.unwrap_or(hints.read_only),
        destructive: annotations.destructive_hint.unwrap_or(hints.destructive),
        idempotent: annotations.idempotent_hint.unwrap_or(hints.idempotent),
        open_world: annotations.open_world_hint.unwrap_or(hints.open_world),
    }
}

/// Whether hints promise that less can happen than others do.
fn promises(new: Hints, old: Hints) -> bool {
    new.read_only && !old.read_only
        || !new.destructive && old.destructive
        || !new.open_world && old.open_world
}
