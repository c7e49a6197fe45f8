//! How far the reading and the writing of a file are, and who is told.

use std::sync::Arc;

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Reading { rows: usize },
    Writing { done: usize, of: usize },
}

pub(super) type Tell = Arc<dyn Fn(Step) + Send + Sync>;
