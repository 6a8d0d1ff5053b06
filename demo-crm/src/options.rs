//! Command-line options, read by hand: seven flags do not need a parser crate.

use std::path::PathBuf;

/// What `demo-crm --help` prints.
pub const USAGE: &str = "\
Usage: demo-crm [OPTIONS]

  --port N           port to listen on, 0 = any free one (default 8787)
  --host ADDRESS     address to bind (default 127.0.0.1)
  --public-url URL   what links in answers and mails start with (default: the bound address)
  --db FILE          keep the data in FILE (default: in memory, gone when the server stops)
  --today DATE       pretend that it is DATE (YYYY-MM-DD); makes every answer deterministic
  --rate-limit N     requests per minute and key, 0 = no limit (default 600)
  --document FILE    OpenAPI document to serve at /api/v1/openapi.yaml
  --help             print this
";

/// How to run the server.
#[derive(Debug, Clone)]
pub struct Options {
    /// Port to bind; 0 picks a free one.
    pub port: u16,
    /// Address to bind.
    pub host: String,
    /// Start of links in answers and mails, without `/api/v1`; the bound address when absent.
    pub public_url: Option<String>,
    /// Database file; in memory when absent.
    pub db: Option<PathBuf>,
    /// The day the CRM believes it is, `YYYY-MM-DD`; the real UTC date when absent.
    pub today: Option<String>,
    /// Requests per minute and API key; 0 switches the limit off.
    pub rate_limit: u32,
    /// OpenAPI document served at `/api/v1/openapi.yaml`.
    pub document: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 8787,
            host: "127.0.0.1".to_owned(),
            public_url: None,
            db: None,
            today: None,
            rate_limit: 600,
            document: None,
        }
    }
}

impl Options {
    /// Reads flags; `Ok(None)` means that help was asked for.
    ///
    /// # Errors
    /// A sentence for the user when a flag is unknown or its value does not fit.
    pub fn from_args(args: impl Iterator<Item = String>) -> Result<Option<Self>, String> {
        let mut options = Self::default();
        let mut args = args;
        while let Some(flag) = args.next() {
            if flag == "--help" || flag == "-h" {
                return Ok(None);
            }
            let (flag, inline) = match flag.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (flag, None),
            };
            let mut value = || {
                inline
                    .clone()
                    .or_else(|| args.next())
                    .ok_or_else(|| format!("{flag} needs a value"))
            };
            match flag.as_str() {
                "--port" => options.port = number(&flag, &value()?)?,
                "--host" => options.host = value()?,
                "--public-url" => {
                    options.public_url = Some(value()?.trim_end_matches('/').to_owned());
                }
                "--db" => options.db = Some(value()?.into()),
                "--today" => options.today = Some(value()?),
                "--rate-limit" => options.rate_limit = number(&flag, &value()?)?,
                "--document" => options.document = Some(value()?.into()),
                _ => return Err(format!("unknown option {flag}")),
            }
        }
        Ok(Some(options))
    }
}

fn number<T: std::str::FromStr>(flag: &str, text: &str) -> Result<T, String> {
    text.parse()
        .map_err(|_| format!("{flag}: {text:?} is not a number in range"))
}
