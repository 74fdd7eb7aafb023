use std::fmt;

use rocketry::param::{Argument, Context};
use rocketry::prelude::*;
use rocketry::{Result, Value};

struct Letters;

impl fmt::Display for Letters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Letters")
    }
}

impl Argument for Letters {
    fn value(&self, context: &Context<'_>) -> Result<Value> {
        let text = context.session()?.param("text")?;
        Ok(Value::new(text.get::<String>().map_or(0, |text| text.len())))
    }
}

#[task(daily)]
fn nightly(#[arg(Letters)] letters: usize) {
    let _: usize = letters;
}

#[task(daily)]
fn daily(#[arg(EnvArg("LETTERS") >> Letters)] letters: usize) {
    let _: usize = letters;
}
