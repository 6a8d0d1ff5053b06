//! Security requirements that name their scheme by URI (OpenAPI 3.2 §4.30).

use serde_json::{Map, Value};

use super::files::Target;
use super::{Bundler, Kind, MAIN, Stop, at};
use crate::diagnostics::Site;
use crate::reference::is_uri_of_scheme;

/// The section of `components` that holds schemes.
const SCHEMES: &str = "securitySchemes";

impl Bundler<'_> {
    /// The schemes that the requirements of an operation, or of the document, name by URI. Those of
    /// other files become components.
    pub(super) fn requirements(
        &mut self,
        members: &mut Map<String, Value>,
        file: usize,
        site: &Site<'_>,
    ) -> Result<(), Stop> {
        let site = site.member("security");
        match members.get_mut("security") {
            Some(Value::Array(requirements)) => {
                for (index, requirement) in requirements.iter_mut().enumerate() {
                    self.requirement(requirement, file, &site.element(index))?;
                }
            }
            Some(requirement) => self.requirement(requirement, file, &site)?,
            None => {}
        }
        Ok(())
    }

    fn requirement(
        &mut self,
        requirement: &mut Value,
        file: usize,
        site: &Site<'_>,
    ) -> Result<(), Stop> {
        let Value::Object(schemes) = requirement else {
            return Ok(());
        };
        if !schemes.keys().any(|name| is_uri_of_scheme(name)) {
            return Ok(());
        }
        for (name, scopes) in std::mem::take(schemes) {
            let target = self
                .scheme(&name, file)
                .map_err(|stop| at(stop, &site.member(&name)))?;
            if let Some(target) = &target {
                let here = site.pointer();
                let branch = self.origins.branch(&here.child(&name));
                self.origins.set(&here.child(target), branch);
            }
            schemes.insert(target.unwrap_or(name), scopes);
        }
        Ok(())
    }

    /// What a scheme is to be called instead; `None` where its name stays as it is. What is the name of a
    /// component is one, whatever it looks like.
    fn scheme(&mut self, name: &str, file: usize) -> Result<Option<String>, Stop> {
        let is_here = file == MAIN && name.starts_with('#');
        if !is_uri_of_scheme(name) || is_here || self.names.is_taken(SCHEMES, name) {
            return Ok(None);
        }
        Ok(Some(match self.files.target(name, file)? {
            Target::Main(fragment) => format!("#{fragment}"),
            Target::Refused(target) => target,
            Target::Part(part, fragment) => {
                let name = self.name(Kind::SecurityScheme, SCHEMES, part, &fragment);
                format!("#/components/{SCHEMES}/{name}")
            }
        }))
    }
}
