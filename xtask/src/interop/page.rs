//! What people see and do in Chromium: the page at the MCP URL, the operator's page, and the views of MCP Apps.

use std::path::Path;
use std::process::{Command, Stdio};

use super::Tally;
use super::install::Tools;
use super::services::Services;
use crate::crm::{self, PACKAGE, PREFIX};
use crate::failure::{Context as _, Result};
use crate::ports;
use crate::process::{self, Running};

/// Signs in at the operator's page.
const OPERATOR: &str = "an-operator-s-credential-of-this-run-alone";

/// Where Debian, other distributions and macOS put the browser.
const BROWSERS: [&str; 4] = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

pub fn run(tools: &Tools, services: &Services, tally: &mut Tally) -> Result<()> {
    let Some(browser) = browser("the page in a browser") else {
        return Ok(());
    };
    let folder = tools.output("page");
    std::fs::create_dir_all(&folder)?;
    let (locked, key) = locked(services, &folder)?;
    let operator = format!("http://{}/", locked.2);
    let mut command = tools.page();
    command.envs([
        ("PAGE_URL", services.url.as_str()),
        ("LOCKED_URL", &locked.1),
        ("LOCKED_KEY", &key),
        ("OPERATOR_URL", &operator),
        ("OPERATOR_KEY", OPERATOR),
        ("CHROMIUM", &browser),
    ]);
    command.env("OUTPUT", &folder);
    tally.expect("the page in Chromium, with axe-core", &mut command);
    Ok(())
}

/// The views of MCP Apps in the host of the published SDK.
pub fn apps(tools: &Tools, services: &Services, tally: &mut Tally) -> Result<()> {
    let Some(browser) = browser("MCP Apps in a browser") else {
        return Ok(());
    };
    let folder = tools.output("apps");
    std::fs::create_dir_all(&folder)?;
    let mut command = tools.apps();
    command.envs([
        ("APPS_URL", services.url.as_str()),
        ("CRM_URL", services.crm_url()),
        ("CRM_KEY", crm::KEY),
        ("CHROMIUM", &browser),
    ]);
    command.env("OUTPUT", &folder);
    tally.expect(
        "MCP Apps in the SDK's host in Chromium, with axe-core",
        &mut command,
    );
    Ok(())
}

/// The browser; without one, it is said what is skipped.
fn browser(skipped: &str) -> Option<String> {
    let named = std::env::var("CHROMIUM").ok();
    let mut known = named
        .into_iter()
        .chain(BROWSERS.into_iter().map(str::to_owned));
    let found = known.find(|path| Path::new(path).exists());
    if found.is_none() {
        println!("skipped: {skipped}; install chromium, or say with CHROMIUM where it is");
    }
    found
}

/// A server that knows its callers by keys, its address and the operator's; and a key.
fn locked(services: &Services, folder: &Path) -> Result<((Running, String, String), String)> {
    let (keys, audit) = (folder.join("keys.json"), folder.join("audit.jsonl"));
    // Those of the last run would have another pepper, and other calls.
    for file in [&keys, &audit] {
        let _ = std::fs::remove_file(file);
    }
    let own = [
        (format!("{PREFIX}_KEYS"), keys.into_os_string()),
        (format!("{PREFIX}_AUDIT"), audit.into_os_string()),
        (format!("{PREFIX}_ADMIN_KEY"), OPERATOR.into()),
        (
            format!("{PREFIX}_PEPPER"),
            "0123456789abcdef0123456789abcdef".into(),
        ),
    ];
    let program = || {
        let mut command = Command::new(crm::program(PACKAGE));
        services.configure(&mut command).envs(own.clone());
        command
    };
    let create = ["keys", "create", "--name", "page", "--scope", "*:*"];
    let (output, _) = process::capture(program().args(create))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let key = said.trim();
    let address = format!("127.0.0.1:{}", ports::free()?);
    let admin = format!("127.0.0.1:{}", ports::free()?);
    let mut command = program();
    command
        .args(["http", "--auth", "keys", "--listen", &address])
        .args(["--admin-listen", &admin])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let server = Running(command.spawn().context(PACKAGE)?);
    ports::until_one_listens(&address)?;
    let url = format!("http://{address}/mcp");
    Ok(((server, url, admin), key.to_owned()))
}
