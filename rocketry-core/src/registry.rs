//! The registry of annotated functions, in source order.

use crate::cond::CondDef;
use crate::error::Location;
use crate::hooks::{HookFn, HookKind, InitHook, Sides};
use crate::param::ParamFn;
use crate::task::TaskBuilder;

/// An annotated item of the binary.
#[derive(Debug)]
pub struct Registration {
    pub(crate) what: Registered,
    pub(crate) location: Location,
}

/// The kinds of annotated items.
#[derive(Debug)]
pub(crate) enum Registered {
    Task(fn() -> TaskBuilder),
    Param(&'static str, fn() -> ParamFn),
    Cond(&'static CondDef),
    Hook(HookKind, Sides, &'static str, fn() -> HookFn),
    Init(fn() -> InitHook),
}

inventory::collect!(Registration);

/// A task that is a type. `#[task]` generates it beside the function, under the same name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a task",
    label = "expected the name of a function with `#[task]`",
    note = "a task of another crate can be named by a string"
)]
pub trait TaskType: 'static {
    /// The type of the task's result.
    type Output;
    /// The name of the task.
    const NAME: &'static str;
    /// Returns the task itself.
    fn task() -> TaskBuilder;
}

impl Registration {
    /// Creates a task.
    pub const fn task<T: TaskType>(location: Location) -> Self {
        Registration {
            what: Registered::Task(T::task),
            location,
        }
    }

    /// Creates a session parameter.
    pub const fn param(name: &'static str, location: Location, make: fn() -> ParamFn) -> Self {
        Registration {
            what: Registered::Param(name, make),
            location,
        }
    }

    /// Creates a custom condition.
    pub const fn cond(def: &'static CondDef) -> Self {
        Registration {
            what: Registered::Cond(def),
            location: def.location,
        }
    }

    /// Creates a hook, called before its moment.
    pub const fn hook(kind: HookKind, name: &'static str, location: Location, make: fn() -> HookFn) -> Self {
        Registration {
            what: Registered::Hook(kind, Sides::Before, name, make),
            location,
        }
    }

    /// The same hook on other sides of its moment.
    #[must_use]
    pub const fn on(mut self, sides: Sides) -> Self {
        if let Registered::Hook(kind, _, name, make) = self.what {
            self.what = Registered::Hook(kind, sides, name, make);
        }
        self
    }

    /// Creates a hook before the build of each task.
    pub const fn init(location: Location, make: fn() -> InitHook) -> Self {
        Registration {
            what: Registered::Init(make),
            location,
        }
    }
}

/// All annotated items of the binary, in source order. `inventory` itself guarantees no order.
pub(crate) fn collected() -> Vec<&'static Registration> {
    let mut all: Vec<_> = inventory::iter::<Registration>.into_iter().collect();
    all.sort_by_key(|registration| {
        let Location {
            module,
            file,
            line,
            column,
        } = registration.location;
        (module, file, line, column)
    });
    all
}

/// Returns the path of a function within its crate: `module_path!()` and the function's name, without the
/// name of the crate.
pub const fn task_name(path: &'static str) -> &'static str {
    let bytes = path.as_bytes();
    let mut index = 0;
    while index + 1 < bytes.len() {
        if bytes[index] == b':' && bytes[index + 1] == b':' {
            return path.split_at(index + 2).1;
        }
        index += 1;
    }
    path
}
