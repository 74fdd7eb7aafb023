//! Changes the sizes of pools while an app runs.

use super::Session;
use super::calls::Call;
use crate::engine::audit::Deed;
use crate::error::{Error, Kind, Result};

impl Session {
    /// Changes how many runs may be in a [pool](crate::Rocketry::pool) at a time. Runs under way go on, also where they are
    /// more than that; where there is room now, those that wait start at once. After a restart of the app the size is that of
    /// the code and the settings.
    ///
    /// ```
    /// use rocketry::{Rocketry, Session, Task};
    ///
    /// let app = Rocketry::builder()
    ///     .pool("db", 2)
    ///     .func("at night", "daily after 22:00", |session: Session| session.set_pool("db", 8))
    ///     .task(Task::func("query", || async {}).pool("db"));
    /// # app.build().unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] holds if there is no such pool, and [`Error::is_state`] if the size is 0, which would let nothing
    /// start any more.
    pub fn set_pool(&self, name: &str, size: usize) -> Result<()> {
        if size == 0 {
            let message = format!("the pool `{name}` needs room: its size can't be 0");
            return Err(Error::new(Kind::State, message));
        }
        if self.state().pools.find(name).is_ok() && self.forwards(|| Ok(Call::Pool(name.into(), size))) {
            return Ok(());
        }
        let mut change = self.change();
        let found = change.pools.find(name);
        let pool = found.map_err(|mistake| Error::new(Kind::NotFound, mistake))?;
        change.audit(|state| {
            let known = state.pools.all().find(|(of, ..)| &***of == name);
            let before = known.map(|(_, size, ..)| size.to_string());
            let deed = Deed::new("set-pool").what(name).from(before.as_deref());
            deed.to(Some(&size.to_string()))
        });
        change.resize_pool(pool, size);
        Ok(())
    }
}
