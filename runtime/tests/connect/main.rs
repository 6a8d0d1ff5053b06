//! `connect` and `disconnect`: the command itself, in homes of their own.
#![cfg(unix)]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr
)]

#[path = "../common/mod.rs"]
mod common;
mod credentials;
mod files;
mod links;
mod said;
mod servers;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

const SECRETS: [&str; 2] = ["token-canary", "key-canary"];

/// A home of its own, which goes when it is dropped.
struct Home(PathBuf);

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

struct Outcome {
    code: i32,
    out: String,
    err: String,
}

impl Home {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("mcpwright-connect-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn run(&self, args: &[&str]) -> Outcome {
        self.run_with(args, &[])
    }

    fn run_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Outcome {
        let run = Command::new(common::process::binary())
            .args(args)
            .env_clear()
            .env("HOME", &self.0)
            .env("FIX_BASE_URL", "http://127.0.0.1:9")
            .env("FIX_TOKEN", SECRETS[0])
            .env("FIX_KEY", SECRETS[1])
            .envs(variables.iter().copied())
            .current_dir(&self.0)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let outcome = Outcome {
            code: run.status.code().unwrap(),
            out: String::from_utf8(run.stdout).unwrap(),
            err: String::from_utf8(run.stderr).unwrap(),
        };
        for secret in SECRETS {
            let said = format!("{}{}", outcome.out, outcome.err);
            assert!(!said.contains(secret), "{said}");
        }
        outcome
    }

    fn well(&self, args: &[&str]) -> String {
        let outcome = self.run(args);
        assert_eq!(outcome.code, 0, "{args:?}: {}", outcome.err);
        outcome.out
    }

    fn put(&self, path: &str, text: &str) -> PathBuf {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).unwrap()
    }

    /// Files beside a file that begin with its name.
    fn backups(&self, path: &str) -> Vec<PathBuf> {
        let path = self.0.join(path);
        let begin = format!("{}.backup-", path.file_name().unwrap().to_str().unwrap());
        let entries = fs::read_dir(path.parent().unwrap()).unwrap();
        entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| {
                path.file_name()
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .starts_with(&begin)
            })
            .collect()
    }
}

/// Clients with a file: its path below a home on Linux, and a file as people have it.
const FILES: &[(&str, &str, &str)] = &[
    (
        "claude-desktop",
        ".config/Claude/claude_desktop_config.json",
        "{\n    \"globalShortcut\": \"\",\n    \"mcpServers\": {\n        \"files\": {\"command\": \"npx\", \"args\": [\"files\"]}\n    }\n}\n",
    ),
    (
        "claude-code",
        ".claude.json",
        "{\"numStartups\":7,\"mcpServers\":{},\"cost\":1.50}",
    ),
    (
        "codex",
        ".codex/config.toml",
        "# mine\nmodel = \"o4\" # best\n\n[mcp_servers.docs]\ncommand = \"docs\" # theirs\n\n[tui]\ntheme = \"x\"\n",
    ),
    (
        "cursor",
        ".cursor/mcp.json",
        "{\n  // mine\n  \"mcpServers\": {\n    \"other\": { \"url\": \"https://other.example\" }, // theirs\n  },\n}\n",
    ),
    (
        "vscode",
        ".config/Code/User/mcp.json",
        "{\n\t// mine\n\t\"inputs\": [\n\t\t{ \"id\": \"other\", \"type\": \"promptString\" } // theirs\n\t],\n\t\"servers\": {}\n}\n",
    ),
    (
        "windsurf",
        ".codeium/windsurf/mcp_config.json",
        "{\"mcpServers\": {}}\n",
    ),
    ("antigravity", ".gemini/config/mcp_config.json", "{\n}\n"),
    (
        "gemini-cli",
        ".gemini/settings.json",
        "{\r\n  // mine\r\n  \"theme\": \"dark\"\r\n}\r\n",
    ),
    (
        "zed",
        ".config/zed/settings.json",
        "// Zed settings\n//\n{\n  \"ui_font_size\": 16, /* big */\n  \"context_servers\": {\n    \"other\": {\n      \"command\": \"x\",\n    },\n  },\n}\n",
    ),
    (
        "goose",
        ".config/goose/config.yaml",
        "# mine\nGOOSE_MODEL: x # best\nextensions:\n  # theirs\n  developer:\n    enabled: true # yes\n    type: builtin\nGOOSE_MODE: auto\n",
    ),
    (
        "lmstudio",
        ".lmstudio/mcp.json",
        "{\n  \"mcpServers\": {}\n}",
    ),
    (
        "mcporter",
        ".mcporter/mcporter.json",
        "{ \"mcpServers\": { \"a\": { \"baseUrl\": \"https://a.example\" } }, \"imports\": [] }\n",
    ),
    (
        "openclaw",
        ".openclaw/openclaw.json",
        "{\n  // mine\n  agents: { defaults: { model: 'x' } },\n}\n",
    ),
    (
        "copilot-cli",
        ".copilot/mcp-config.json",
        "{\n  \"mcpServers\": {}\n}\n",
    ),
];
