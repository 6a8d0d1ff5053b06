//! A request as text, for someone who wants to see it and not send it: exact but for the credentials.

use super::{Failure, Upstream, mask};
use crate::operation::OperationDef;
use crate::request::Request;
use crate::text::cap;

/// Characters of a body that are shown.
const BODY: usize = 20_000;
/// What stands where a credential would.
const HIDDEN: &str = "[credential]";

impl Upstream {
    /// The request that would be sent: request line, header fields, body. Nothing is opened or asked for.
    ///
    /// # Errors
    /// Why it could not be sent, as far as that is known before.
    pub(crate) async fn sketch(
        &self,
        operation: &OperationDef,
        request: Request,
    ) -> Result<String, Failure> {
        let (applied, prepared) = self.assemble(operation, request).await?;
        let body = prepared.body().and_then(reqwest::Body::as_bytes);
        let url = mask::text(prepared.url().as_str(), &applied.secrets);
        let mut lines = vec![format!("{} {url}", prepared.method())];
        for (name, value) in prepared.headers() {
            let value = if value.is_sensitive() {
                HIDDEN.to_owned()
            } else {
                String::from_utf8_lossy(value.as_bytes()).into_owned()
            };
            lines.push(format!("{name}: {value}"));
        }
        if applied.wants_token {
            lines.push(format!("authorization: {HIDDEN}"));
        }
        if let Some(body) = body {
            lines.push(String::new());
            lines.push(match std::str::from_utf8(body) {
                Ok(text) => cap(&mask::text(text, &applied.secrets), BODY).into_owned(),
                Err(_) => format!("[{} bytes]", body.len()),
            });
        }
        Ok(lines.join("\n"))
    }
}
