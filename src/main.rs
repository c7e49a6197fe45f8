//! Hearth: one binary with commands.

use std::process::ExitCode;

/// For SQLite too, which asks for memory at every value it reads: pages and imports are a tenth quicker than with the
/// system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    hearth::cli::run()
}
