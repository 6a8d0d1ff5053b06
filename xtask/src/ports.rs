//! Ports of this machine.

use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::Result;

/// Longest wait for a program that has to listen.
const PATIENCE: Duration = Duration::from_secs(10);

/// A port on which nobody listens now.
///
/// # Errors
/// When there is none.
pub fn free() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Waits until somebody listens on an address.
///
/// # Errors
/// When nobody does.
pub fn until_one_listens(address: &str) -> Result<()> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if TcpStream::connect(address).is_ok() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(20));
    }
    Err(format!("nobody listens on {address}").into())
}
