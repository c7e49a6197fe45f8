//! Hearth: one binary with commands.

use std::process::ExitCode;

fn main() -> ExitCode {
    hearth::cli::run()
}
