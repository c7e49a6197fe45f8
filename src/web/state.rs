//! What every request can reach.

use std::sync::Arc;

use super::openings::Openings;
use super::work::Work;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;

#[derive(Clone)]
pub struct AppState {
    pub db: Db,
    pub clock: Clock,
    pub config: Arc<Config>,
    pub openings: Openings,
    pub work: Work,
}

impl AppState {
    pub fn new(db: Db, clock: Clock, config: Config) -> AppState {
        AppState { db, clock, config: Arc::new(config), openings: Openings::default(), work: Work::default() }
    }
}
