//! What a task may return as an error, and what is recorded of it.

use std::error::Error;
use std::fmt;
use std::rc::Rc;

use rocketry_core::Inaction;

use crate::support::{app, message, start};

/// An error with a source.
#[derive(Debug)]
struct Outer(Box<dyn Error + Send + Sync>);

impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the import failed")
    }
}

impl Error for Outer {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

/// An error that can't leave its thread.
#[derive(Debug)]
struct Local(Rc<str>, Outer);

impl fmt::Display for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Local {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.1)
    }
}

/// An error of a library without `std`.
struct OnlyDisplay;

impl fmt::Display for OnlyDisplay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("code 7")
    }
}

#[derive(Debug)]
struct OnlyDebug;

struct Mute;

/// A result that can't leave the process.
struct Shared;

fn outer() -> Outer {
    Outer("the file is gone".into())
}

fn local() -> Local {
    Local("not here".into(), outer())
}

const CHAIN: &str = "the import failed: the file is gone";

#[test]
fn the_message_and_all_sources_are_recorded() {
    macro_rules! recorded {
        ($($type:ty: $error:expr => $message:expr;)*) => {$({
            // A value that can leave the process, and one that can't.
            let portable = task!("work", [], Err::<u8, $type>($error)).start("daily");
            assert_eq!(message(&start(app().task(portable)), "work"), $message);
            let shared = task!("work", [], Err::<Shared, $type>($error)).start("daily");
            assert_eq!(message(&start(app().task(shared)), "work"), $message);
        })*};
    }
    recorded! {
        Outer: outer() => CHAIN;
        String: "plain".to_owned() => "plain";
        &str: "plain" => "plain";
        Box<dyn Error + Send + Sync>: outer().into() => CHAIN;
        Box<dyn Error + Send>: Box::new(outer()) => CHAIN;
        Box<dyn Error>: outer().into() => CHAIN;
        Rc<Outer>: Rc::new(outer()) => CHAIN;
        Local: local() => format!("not here: {CHAIN}");
        Box<dyn Error>: local().into() => format!("not here: {CHAIN}");
        OnlyDisplay: OnlyDisplay => "code 7";
        u8: 7 => "7";
        OnlyDebug: OnlyDebug => "an error of type `runtime::errors::OnlyDebug`: OnlyDebug";
        Mute: Mute => "an error of type `runtime::errors::Mute`";
    }
}

#[test]
fn an_inaction_stays_one_behind_any_pointer() {
    let inaction = || Inaction::because("no files");
    let hidden: [fn() -> Box<dyn Error>; 2] = [
        || Box::new(Inaction::because("no files")),
        || Box::new(Outer(Box::new(Inaction::because("no files")))),
    ];
    for hide in hidden {
        let app = start(app().task(task!("work", [], Err::<(), _>(hide())).start("daily")));
        assert_eq!(
            crate::support::ends(&app, "work"),
            [rocketry_core::Action::Inaction]
        );
    }
    let app = start(app().task(task!("work", [], Err::<(), _>(inaction())).start("daily")));
    assert_eq!(
        crate::support::ends(&app, "work"),
        [rocketry_core::Action::Inaction]
    );
    assert_eq!(message(&app, "work"), "no files");
}

#[test]
fn a_closure_may_return_a_boxed_error() {
    let app = app()
        .func("thread", "daily", || -> Result<(), Box<dyn Error>> {
            Err(outer().into())
        })
        .func("send", "daily", || async {
            Err::<u8, Box<dyn Error + Send>>(Box::new(outer()))
        })
        .func("sync", "daily", || async {
            Err::<u8, Box<dyn Error + Send + Sync>>(outer().into())
        });
    let app = start(app);
    for task in ["thread", "send", "sync"] {
        assert_eq!(message(&app, task), CHAIN, "{task}");
    }
}
