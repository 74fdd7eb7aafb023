//! The operands of `&` and `|` in the statement of a macro, and the compile errors for other types.

use std::marker::PhantomData;

use super::Condition;

/// A type that converts into a condition: a word, a string, or a function with `#[cond]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a condition",
    label = "no condition",
    note = "a function becomes a condition with `#[cond]` above it, as in `#[cond] fn is_workday() -> bool`; a task is named in a word such as `after_success(fetch)`"
)]
pub trait Operand {
    /// Converts the operand into a condition.
    fn into_condition(self) -> Condition;
}

#[diagnostic::do_not_recommend]
impl<T: Into<Condition>> Operand for T {
    fn into_condition(self) -> Condition {
        self.into()
    }
}

/// Converts an operand into a condition.
pub fn condition(operand: impl Operand) -> Condition {
    operand.into_condition()
}

/// Represents the return type of a call in a statement.
pub struct Returned<T>(PhantomData<T>);

impl<T> Returned<T> {
    /// Represents the type of a value.
    pub fn by(_: &T) -> Self {
        Returned(PhantomData)
    }
}

/// A call that returns a `bool`, which is evaluated only once, when the app is built.
pub struct DecidedOnce;

/// A call that returns any other type.
pub struct Askable;

/// Selects `bool`. The compiler finds it before [`ViaOther`], because it requires one reference less.
pub trait ViaBool {
    /// Returns the kind of the value.
    fn sort(&self) -> DecidedOnce {
        DecidedOnce
    }
}

impl ViaBool for Returned<bool> {}

/// Selects all other types.
pub trait ViaOther {
    /// Returns the kind of the value.
    fn sort(&self) -> Askable {
        Askable
    }
}

impl<T> ViaOther for &Returned<T> {}

/// A kind of value that can change while the app runs.
#[diagnostic::on_unimplemented(
    message = "this call is made once, while the app is built, and its answer would never change",
    label = "gives a plain `bool`",
    note = "`#[cond]` above the function makes it a condition, which is evaluated repeatedly: `#[cond] fn is_workday() -> bool`, and then `daily & is_workday`"
)]
pub trait MayChange {}

impl MayChange for Askable {}

/// Converts the result of a call into a condition.
pub fn answer<S: MayChange>(_: &S, operand: impl Operand) -> Condition {
    operand.into_condition()
}
