//! Credentials that callers bring along, each for its own calls: nothing of them is kept, and while a call
//! with its own credential is worked on, no other one is there.

use std::future::Future;
use std::sync::Arc;

use super::Credentials;

tokio::task_local! {
    static OWN: Option<Arc<Credentials>>;
}

/// Works on a call with its caller's own credentials, if there are any.
pub(crate) async fn with<F: Future>(credentials: Option<Arc<Credentials>>, work: F) -> F::Output {
    OWN.scope(credentials, work).await
}

/// Those of the call that is worked on.
pub(crate) fn of_the_call() -> Option<Arc<Credentials>> {
    OWN.try_with(Clone::clone).ok().flatten()
}
