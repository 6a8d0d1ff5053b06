//! The generated server as an OAuth resource server: `oidc-provider`, one of the certified authorization servers,
//! issues, takes back and exchanges tokens, and the TypeScript SDK finds its way from 401 to the tools.

use super::Tally;
use super::install::Tools;
use super::services::Services;
use crate::crm::{KEY, PREFIX};

pub fn run(tools: &Tools, services: &Services, tally: &mut Tally) {
    let mut command = tools.oauth();
    command.arg(services.program()).envs([
        ("CRM_URL", services.crm_url()),
        ("CRM_KEY", KEY),
        ("PREFIX", PREFIX),
    ]);
    tally.expect("access tokens of oidc-provider", &mut command);
}
