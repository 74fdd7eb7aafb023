//! Access to the app for the resolution of parameters.

use std::any::Any;

use super::Session;
use crate::clock::Clock;
use crate::error::Result;
use crate::param::{Host, Params, Value};

impl Host for Session {
    fn params(&self) -> Params {
        Session::params(self)
    }

    fn clock(&self) -> &Clock {
        Session::clock(self)
    }

    fn returned(&self, task: &str) -> Result<Option<Value>> {
        Ok(self.task(task)?.result())
    }

    fn is_secret(&self, parameter: &str) -> bool {
        self.config().secrets.iter().any(|secret| secret == parameter)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
