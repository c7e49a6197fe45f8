//! What a long command is doing, on stderr and only where a person watches.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Gone when dropped. Where stderr is no terminal it shows nothing.
pub struct Progress(ProgressBar);

impl Progress {
    pub fn start() -> Progress {
        let bar = ProgressBar::new_spinner();
        bar.enable_steady_tick(Duration::from_millis(100));
        Progress(bar)
    }

    /// How much of something that is known to end.
    pub fn count(&self, what: &str, done: usize, of: usize) {
        self.0.set_length(of as u64);
        self.0.set_style(ProgressStyle::with_template("{msg} [{bar:30}] {pos} of {len}, {eta} left").unwrap_or_else(
            |_| {
                // The template is right: this is never reached.
                ProgressStyle::default_bar()
            },
        ));
        self.0.set_message(what.to_owned());
        self.0.set_position(done as u64);
    }

    pub fn say(&self, what: &str) {
        self.0.set_message(format!("{what} …"));
    }

    /// How far it is, once that is known.
    pub fn reached(&self, done: usize, of: usize) {
        if self.0.length().is_none()
            && let Ok(style) = ProgressStyle::with_template("{msg} {bar:40} {pos} of {len}")
        {
            self.0.set_style(style);
        }
        self.0.set_length(of as u64);
        self.0.set_position(done as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
