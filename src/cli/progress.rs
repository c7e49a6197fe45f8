//! What a long command is doing, on stderr and only where a person watches.

use std::time::Duration;

use indicatif::ProgressBar;

/// Gone when dropped. Where stderr is no terminal it shows nothing.
pub struct Progress(ProgressBar);

impl Progress {
    pub fn start() -> Progress {
        let bar = ProgressBar::new_spinner();
        bar.enable_steady_tick(Duration::from_millis(100));
        Progress(bar)
    }

    pub fn say(&self, what: &str) {
        self.0.set_message(format!("{what} …"));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
