//! Memory and descriptors over many minutes.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::pace::{Callers, End, call, count};
use super::service::Service;
use crate::bench::Figure;
use crate::failure::{Context as _, Result};
use crate::process::resident;
use crate::server::Server;

/// Calls in a second.
const RATE: f64 = 200.0;
/// Requests of a hundred that fail at the service.
const FAULTS: u64 = 5;
/// Time between two looks at the process.
const STEP: Duration = Duration::from_secs(2);
/// Descriptors that come and go with connections.
const SOME: usize = 8;

/// Calls at a rate for a time, and looks at the process in between.
///
/// # Errors
/// When a program does not start, or the server ends.
pub fn measure(seconds: u64) -> Result<Vec<Figure>> {
    let service = Service::start(Duration::from_millis(5), FAULTS)?;
    let folder = std::env::temp_dir().join(format!("mcpwright-soak-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let log = folder.join("audit.jsonl").display().to_string();
    let server = Server::start(&service.url, &[("AUDIT", &log)])?;
    let callers = Callers {
        number: 16,
        rate: Some(RATE),
    };
    // What is allocated once is there after this.
    call(
        &server,
        callers,
        Duration::from_secs((seconds / 10).clamp(5, 60)),
    )?;
    let before = descriptors(&server)?;
    let is_over = AtomicBool::new(false);
    let (calls, sizes) = thread::scope(|scope| {
        let looking = scope.spawn(|| look(&server, &is_over));
        let calls = call(&server, callers, Duration::from_secs(seconds));
        is_over.store(true, Ordering::Relaxed);
        let sizes = looking.join().ok().context("who looks panicked")??;
        Ok::<_, crate::failure::Failure>((calls?, sizes))
    })?;
    // Connections of callers that are gone are closed.
    thread::sleep(Duration::from_secs(2));
    let after = descriptors(&server)?;
    fs::remove_dir_all(&folder)?;
    let done = count(&calls, End::Done) as f64;
    let refused = count(&calls, End::Refused);
    Ok(vec![
        Figure::shown(
            "soak: calls per second",
            calls.len() as f64 / seconds.max(1) as f64,
            "",
        ),
        Figure::shown(
            "soak: calls with a result",
            100.0 * done / calls.len().max(1) as f64,
            "%",
        ),
        Figure::bounded("soak: calls that were refused", refused as f64, "", 0.0),
        Figure::bounded(
            "soak: memory, in ten minutes",
            slope(&sizes) * 600.0 / 1_048_576.0,
            "MiB",
            1.0,
        ),
        Figure::bounded(
            "soak: descriptors more than before",
            after.saturating_sub(before + SOME) as f64,
            "",
            0.0,
        ),
    ])
}

fn descriptors(server: &Server) -> Result<usize> {
    let folder = format!("/proc/{}/fd", server.process_id());
    Ok(fs::read_dir(&folder).context(folder)?.count())
}

/// Seconds and bytes.
fn look(server: &Server, is_over: &AtomicBool) -> Result<Vec<(f64, f64)>> {
    let begin = Instant::now();
    let mut sizes = Vec::new();
    while !is_over.load(Ordering::Relaxed) {
        let size = resident(server.process_id())? as f64;
        sizes.push((begin.elapsed().as_secs_f64(), size));
        thread::sleep(STEP);
    }
    Ok(sizes)
}

/// Bytes per second: the line through the points with the least squares.
fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len().max(1) as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let both: f64 = points
        .iter()
        .map(|point| (point.0 - x) * (point.1 - y))
        .sum();
    let square: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    if square > 0.0 { both / square } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::slope;

    #[test]
    fn the_slope_of_a_line_is_that_of_its_points() {
        let points: Vec<(f64, f64)> = (0..10).map(f64::from).map(|x| (x, 7.0 + 3.0 * x)).collect();
        assert!((slope(&points) - 3.0).abs() < 1e-9);
        assert_eq!(slope(&[]), 0.0);
        assert_eq!(slope(&[(1.0, 5.0)]), 0.0);
    }
}
