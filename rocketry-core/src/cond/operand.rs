//! What stands beside `&` and `|` in the statement of a macro, and what the compiler says if it is no condition.

use std::marker::PhantomData;

use super::Condition;

/// What becomes a condition: a word, a string, or what `#[cond]` makes of a function.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no condition",
    label = "no condition",
    note = "a function becomes a condition with `#[cond]` above it, as in `#[cond] fn is_workday() -> bool`; a task is named in a word such as `after_success(fetch)`"
)]
pub trait Operand {
    /// The condition.
    fn into_condition(self) -> Condition;
}

#[diagnostic::do_not_recommend]
impl<T: Into<Condition>> Operand for T {
    fn into_condition(self) -> Condition {
        self.into()
    }
}

/// The condition that an operand is.
pub fn condition(operand: impl Operand) -> Condition {
    operand.into_condition()
}

/// The type of what a call in a statement returns.
pub struct Returned<T>(PhantomData<T>);

impl<T> Returned<T> {
    /// The type of the value.
    pub fn by(_: &T) -> Self {
        Returned(PhantomData)
    }
}

/// A call that returns a `bool` is made once, while the app is built.
pub struct DecidedOnce;

/// A call that returns anything else.
pub struct Askable;

/// Finds a `bool`. Chosen before [`ViaOther`], because it needs one reference less.
pub trait ViaBool {
    /// The sort of the value.
    fn sort(&self) -> DecidedOnce {
        DecidedOnce
    }
}

impl ViaBool for Returned<bool> {}

/// Finds everything else.
pub trait ViaOther {
    /// The sort of the value.
    fn sort(&self) -> Askable {
        Askable
    }
}

impl<T> ViaOther for &Returned<T> {}

/// A sort of value that may change while the app runs.
#[diagnostic::on_unimplemented(
    message = "this call is made once, while the app is built, and its answer would never change",
    label = "gives a plain `bool`",
    note = "`#[cond]` above the function makes it a condition that is asked again and again: `#[cond] fn is_workday() -> bool`, and then `daily & is_workday`"
)]
pub trait MayChange {}

impl MayChange for Askable {}

/// The condition that a call returns.
pub fn answer<S: MayChange>(_: &S, operand: impl Operand) -> Condition {
    operand.into_condition()
}
