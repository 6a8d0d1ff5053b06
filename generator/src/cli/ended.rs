//! That this process is to end.

/// What says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// An interrupt (Ctrl-C), which a terminal sends to all that it runs.
    Interrupted,
    /// This process alone is asked to.
    Terminated,
}

/// Signals that say so.
#[derive(Debug)]
pub struct Ended {
    #[cfg(unix)]
    terminated: Option<tokio::signal::unix::Signal>,
}

impl Ended {
    /// From within a runtime. From now on they do not end the process by themselves.
    pub fn new() -> Self {
        Self {
            #[cfg(unix)]
            terminated: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
                .ok(),
        }
    }

    /// The next one.
    pub async fn next(&mut self) -> End {
        tokio::select! {
            () = interrupted() => End::Interrupted,
            () = self.terminated() => End::Terminated,
        }
    }

    #[cfg(unix)]
    async fn terminated(&mut self) {
        match &mut self.terminated {
            Some(signal) => {
                signal.recv().await;
            }
            None => std::future::pending().await,
        }
    }

    /// Never comes here.
    #[cfg(not(unix))]
    async fn terminated(&mut self) {
        std::future::pending().await
    }
}

async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
