//! Changes the sizes of pools in a running app.

use super::Session;
use super::calls::Call;
use crate::engine::audit::AuditedAction;
use crate::error::{Error, Kind, Result};

impl Session {
    /// Changes the maximum number of concurrent runs in a [pool](crate::Rocketry::pool). Runs in progress
    /// continue, even if they exceed the new size. If the pool grows, waiting runs start immediately. A
    /// restart of the app restores the size from the code and the settings.
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
    /// [`Error::is_not_found`] is true if there is no such pool; the message contains the most similar name.
    /// [`Error::is_state`] is true if the size is 0, which would prevent every start.
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
            let audited = AuditedAction::new("set-pool").what(name).from(before.as_deref());
            audited.to(Some(&size.to_string()))
        });
        change.resize_pool(pool, size);
        Ok(())
    }
}
