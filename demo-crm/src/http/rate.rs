//! Requests per minute and key: a fixed window, which is what most vendors have.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const WINDOW: Duration = Duration::from_secs(60);

/// Counts requests of each key.
#[derive(Debug)]
pub struct RateLimit {
    limit: u32,
    windows: Mutex<HashMap<String, (Instant, u32)>>,
}

/// Where a key stands after a request.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// Requests per window.
    pub limit: u32,
    /// Requests left in this window.
    pub remaining: u32,
    /// Set when the request is one too many: seconds to wait.
    pub retry_after: Option<u64>,
}

impl RateLimit {
    /// A limiter; 0 means no limit.
    pub fn new(limit: u32) -> Self {
        Self {
            limit,
            windows: Mutex::new(HashMap::new()),
        }
    }

    /// Counts one request; `None` when there is no limit.
    pub fn count(&self, key: &str, now: Instant) -> Option<Standing> {
        if self.limit == 0 {
            return None;
        }
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let (start, used) = windows.entry(key.to_owned()).or_insert((now, 0));
        if now.duration_since(*start) >= WINDOW {
            (*start, *used) = (now, 0);
        }
        if *used >= self.limit {
            let left = WINDOW.saturating_sub(now.duration_since(*start));
            let retry_after = Some(left.as_secs() + 1);
            return Some(Standing {
                limit: self.limit,
                remaining: 0,
                retry_after,
            });
        }
        *used += 1;
        Some(Standing {
            limit: self.limit,
            remaining: self.limit - *used,
            retry_after: None,
        })
    }
}
