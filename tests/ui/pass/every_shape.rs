//! Functions of every shape that may be annotated, in every place.

use std::sync::Arc;

use rocketry::prelude::*;

/// Documented, public and in a public module.
pub(crate) mod open {
    use std::sync::Arc;

    use rocketry::prelude::*;

    /// What a day brought.
    #[derive(Clone, Debug)]
    pub(crate) struct Report(pub(crate) u32);

    /// Loads.
    ///
    /// # Errors
    ///
    /// Never.
    #[task(daily, name = "load it", on_startup)]
    pub(crate) async fn load() -> Result<Report, std::fmt::Error> {
        Ok(Report(1))
    }

    /// Whether the day is one of work.
    #[cond("is workday")]
    pub(crate) fn is_workday(now: Now) -> bool {
        now.weekday().number_from_monday() < 6
    }

    /// Whether a file exists.
    #[cond("file '{path}' is larger than {size}")]
    pub(crate) fn larger(
        size: u64,
        #[arg(Arg("root"))] root: Arc<String>,
        path: String,
    ) -> std::io::Result<bool> {
        std::fs::metadata(std::path::Path::new(root.as_str()).join(path)).map(|meta| meta.len() > size)
    }
}

#[param("root")]
fn root(#[arg(EnvArg("ROOT") >> SimpleArg("/"))] path: String) -> std::io::Result<String> {
    Ok(std::fs::canonicalize(path)?.display().to_string())
}

#[param]
fn r#type() -> &'static str {
    "small"
}

#[cond]
fn is_over(#[given] limit: usize, #[allow(unused_variables)] root: String) -> bool {
    root.len() > limit
}

#[task(open::is_workday & open::larger(10, "in.csv") & !is_over(3_usize))]
fn r#loop(mut root: String, r#type: String, #[arg(Return(open::load))] report: Arc<open::Report>) -> usize {
    root.push_str(&r#type);
    root.len() + report.0 as usize
}

#[task(start = "daily & is workday & file 'in.csv' is larger than 10", end = !open::is_workday)]
async fn forever(#[arg(Return(r#loop).or(0_usize))] length: usize) -> impl Sized {
    length.to_string()
}

#[task(execution = "main")]
#[cfg(not(any()))]
#[must_use]
fn with_attributes(
    #[cfg(any())] absent: String,
    #[cfg(not(any()))]
    #[arg(SimpleArg(1_u8))]
    present: u8,
) -> u8 {
    present
}

#[task(never)]
#[cfg(any())]
fn not_there(nothing: NoSuchType) {}

#[setup]
fn prepare(session: Session) -> std::io::Result<std::fs::File> {
    drop(session);
    std::fs::File::open("/dev/null")
}

#[hook(task_execute)]
fn announce() {}

#[test]
fn inside_a_function() {
    #[task(after_success(inner))]
    fn outer(#[arg(Return(inner))] number: u8) -> u8 {
        number
    }

    #[task(never)]
    fn inner() -> u8 {
        1
    }

    #[cond("is inside")]
    fn is_inside() -> bool {
        true
    }

    assert_eq!(outer(inner()), 1);
    assert_eq!(rocketry::Condition::from(is_inside).to_string(), "is inside");
}

#[test]
fn functions_stay_functions() {
    assert_eq!(
        r#loop("ab".to_owned(), "c".to_owned(), Arc::new(open::Report(4))),
        7
    );
    assert_eq!(root("/".to_owned()).expect("the root is there"), "/");
    assert_eq!(r#type(), "small");
    assert_eq!(with_attributes(2), 2);
}

#[test]
fn conditions_print_as_they_are_written() {
    assert_eq!(
        open::larger(10, "in.csv").to_string(),
        "file 'in.csv' is larger than 10"
    );
    assert_eq!(is_over(3).to_string(), "is_over(limit=\"3\")");
}
