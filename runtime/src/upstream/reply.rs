//! An answer of the service, read with a limit.

use super::budget::Budget;
use super::coding::Body;
use super::error::Failure;
use super::payload;
use crate::operation::OperationDef;
use crate::typed::Payload;

/// An answer of the service with any status but a redirect.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Header fields, names in lower case; values that are no text are left out, and so are coding and
    /// length of a body that came compressed.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub payload: Payload,
    /// JSON Pointer and text of the first numbers in a JSON body that [`Payload`] holds inexactly.
    pub(crate) inexact: Vec<(String, String)>,
}

impl Reply {
    /// The first value of a header field; `name` in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether the status is 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The same with a text that is JSON read as such, where the document promises JSON: scripts that name no media
    /// type send `text/html`.
    pub(super) fn promised(mut self, operation: &OperationDef) -> Self {
        if let Payload::Text(text) = &self.payload
            && operation.promises_json()
            && let Some((value, inexact)) = payload::json_in(text)
        {
            self.payload = Payload::Json(value);
            self.inexact = inexact;
        }
        self
    }

    pub(super) async fn read(
        mut response: reqwest::Response,
        limit: usize,
        budget: &Budget,
    ) -> Result<Self, Failure> {
        let status = response.status().as_u16();
        let mut headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .filter_map(|(name, value)| {
                Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
            })
            .collect();
        let find = |name: &str| {
            headers
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.clone())
        };
        if (300..400).contains(&status) && status != 304 {
            let host = find("location")
                .and_then(|to| response.url().join(&to).ok())
                .and_then(|to| to.host_str().map(str::to_owned));
            return Err(Failure::Redirect { status, host });
        }
        let codings = headers
            .iter()
            .filter(|(name, _)| name == "content-encoding")
            .map(|(_, value)| value.as_str());
        let body_was_coded = codings.clone().next().is_some();
        let mut body = Body::new(status, limit, codings);
        // Until the answer is parsed; what is made of it is of bounded size.
        let mut share = budget.share();
        loop {
            match response.chunk().await {
                Ok(None) => break,
                Ok(Some(chunk)) => {
                    body.push(&chunk)?;
                    if !share.grow(body.held()) {
                        return Err(Failure::Crowded { status });
                    }
                }
                Err(_) => return Err(Failure::Truncated { status }),
            }
        }
        let body = body.finish()?;
        let (payload, inexact) = payload::read(
            find("content-type").as_deref(),
            find("content-disposition").as_deref(),
            body,
        );
        if body_was_coded {
            headers.retain(|(name, _)| {
                !matches!(name.as_str(), "content-encoding" | "content-length")
            });
        }
        Ok(Self {
            status,
            headers,
            payload,
            inexact,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;

    #[test]
    fn json_of_another_media_type_is_read_where_json_is_promised() {
        const JSON: OperationDef = OperationDef {
            accept: &["application/json", "application/problem+json"],
            ..OperationDef::DEFAULT
        };
        const ANY: OperationDef = OperationDef {
            accept: &["application/json", "text/html"],
            ..OperationDef::DEFAULT
        };
        for (operation, text, expected) in [
            (&JSON, "{\"id\": 7}", Some(json!({"id": 7}))),
            (&JSON, "\u{feff}\n[1]", Some(json!([1]))),
            (&JSON, "{\"id\": 7", None),
            (&JSON, "7", None),
            (&JSON, "<html>{}</html>", None),
            (&ANY, "{\"id\": 7}", None),
        ] {
            let reply = Reply {
                status: 200,
                headers: Vec::new(),
                payload: Payload::Text(text.to_owned()),
                inexact: Vec::new(),
            };
            let expected = expected.map_or_else(|| reply.payload.clone(), Payload::Json);
            assert_eq!(reply.promised(operation).payload, expected, "{text}");
        }
    }
}
