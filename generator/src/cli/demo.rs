//! `mcpwright demo`

use super::arguments::DemoCommand;
use super::terminal::Terminal;

pub fn run(_command: &DemoCommand, _terminal: &Terminal) -> u8 {
    0
}
