//! Changes of the settings while the app runs.

use std::sync::Arc;

use super::pools::{MOST_THREADS, PoolId, processors};
use super::state::State;
use crate::config::Config;

impl State {
    /// Puts settings in force, in place of the last ones.
    ///
    /// # Errors
    ///
    /// There is no such pool; nothing has changed.
    pub(crate) fn put_settings(&mut self, settings: Config) -> Result<(), String> {
        let before = self.settings.clone();
        let named = settings.pools.iter();
        let resized = named.filter(|(name, size)| before.pools.get(*name) != Some(*size));
        let mut sizes = Vec::new();
        for (name, size) in resized {
            sizes.push((self.pools.find(name)?, *size));
        }
        if settings.max_process_count != before.max_process_count {
            let size = settings.max_process_count.unwrap_or_else(processors);
            sizes.push((PoolId::PROCESSES, size));
        }
        if settings.max_thread_count != before.max_thread_count {
            sizes.push((PoolId::THREADS, settings.max_thread_count.unwrap_or(MOST_THREADS)));
        }
        for (pool, size) in sizes {
            self.resize_pool(pool, size);
        }
        if settings.poll_interval != before.poll_interval {
            let polled: Vec<_> = self.ids().filter(|id| self.task(*id).is_polled()).collect();
            for id in polled {
                self.mark(id);
            }
        }
        self.settings = Arc::new(settings);
        self.has_new_settings = true;
        Ok(())
    }

    /// Changes the size of a pool. Where there is room now, the runs that wait start.
    pub(crate) fn resize_pool(&mut self, pool: PoolId, size: usize) {
        self.pools.resize(pool, size);
        self.mark_next_in_pool(pool);
    }
}
