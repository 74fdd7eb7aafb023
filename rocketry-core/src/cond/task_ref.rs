//! References to tasks in statements.

use std::any::{TypeId, type_name};
use std::collections::HashMap;
use std::sync::OnceLock;

/// A type that names a task: a string, or the item from which a task was created.
///
/// A function is identified by its type. A function pointer has no such type and does not compile here; an array
/// converts functions into pointers, a tuple does not.
///
/// `M` only distinguishes implementations; it is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name a task",
    note = "give the function marked `#[task]`, or the name of the task as a string"
)]
pub trait TaskRef<M> {
    /// Returns the name of the task.
    fn name(self) -> String;
}

/// Marks a task named by a string.
#[derive(Clone, Copy, Debug)]
pub enum ByName {}

impl TaskRef<ByName> for &str {
    fn name(self) -> String {
        self.to_owned()
    }
}

impl TaskRef<ByName> for &String {
    fn name(self) -> String {
        self.clone()
    }
}

impl TaskRef<ByName> for String {
    fn name(self) -> String {
        self
    }
}

/// Marks a task named by its own type, which carries the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByType(pub &'static str);

impl TaskRef<ByType> for ByType {
    fn name(self) -> String {
        self.0.to_owned()
    }
}

/// A function that is a task, as recorded by `#[task]`, so that code can name the task by its function.
#[derive(Debug)]
pub struct NamedFunction {
    function: fn() -> TypeId,
    name: &'static str,
}

inventory::collect!(NamedFunction);

impl NamedFunction {
    /// Records the type of a function with the name of its task.
    pub const fn new(function: fn() -> TypeId, name: &'static str) -> Self {
        NamedFunction { function, name }
    }
}

/// Marks a function with these parameters and this result.
#[derive(Debug)]
pub struct ByFunction<F>(std::marker::PhantomData<F>);

/// Returns the name of the task for a function. For another function, returns the name of its type, which no task
/// has.
fn name_of<F: 'static>() -> String {
    static NAMES: OnceLock<HashMap<TypeId, &'static str>> = OnceLock::new();
    const {
        assert!(
            size_of::<F>() == 0,
            "a pointer to a function does not name a task; an array turns functions into pointers, a tuple does not"
        );
    }
    let names = NAMES.get_or_init(|| {
        let functions = inventory::iter::<NamedFunction>.into_iter();
        functions.map(|known| ((known.function)(), known.name)).collect()
    });
    names
        .get(&TypeId::of::<F>())
        .copied()
        .unwrap_or_else(type_name::<F>)
        .to_owned()
}

macro_rules! functions {
    ($(($($param:ident)*);)+) => {
        $(impl<F, R, $($param),*> TaskRef<ByFunction<fn($($param),*) -> R>> for F
        where
            F: Fn($($param),*) -> R + 'static,
        {
            fn name(self) -> String {
                name_of::<F>()
            }
        })+
    };
}

functions! {
    ();
    (A);
    (A B);
    (A B C);
    (A B C D);
    (A B C D E);
    (A B C D E G);
    (A B C D E G H);
    (A B C D E G H I);
    (A B C D E G H I J);
    (A B C D E G H I J K);
    (A B C D E G H I J K L);
    (A B C D E G H I J K L M);
}

/// Several tasks: a tuple, an array, a slice or a vector of references.
///
/// `M` only distinguishes implementations; it is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name several tasks",
    note = "give a tuple, an array, a slice or a vector of functions marked `#[task]` or of names"
)]
pub trait TaskRefs<M> {
    /// Returns the names of the tasks.
    fn names(self) -> Vec<String>;
}

impl<T: TaskRef<M>, M, const N: usize> TaskRefs<[M; N]> for [T; N] {
    fn names(self) -> Vec<String> {
        self.into_iter().map(TaskRef::name).collect()
    }
}

impl<T: TaskRef<M>, M> TaskRefs<Vec<M>> for Vec<T> {
    fn names(self) -> Vec<String> {
        self.into_iter().map(TaskRef::name).collect()
    }
}

impl<T: TaskRef<M> + Clone, M> TaskRefs<Box<[M]>> for &[T] {
    fn names(self) -> Vec<String> {
        self.iter().cloned().map(TaskRef::name).collect()
    }
}

impl<T: TaskRef<M> + Clone, M, const N: usize> TaskRefs<Box<[M; N]>> for &[T; N] {
    fn names(self) -> Vec<String> {
        self.as_slice().names()
    }
}

macro_rules! tuples {
    ($(($($task:ident $marker:ident $index:tt),+);)+) => {
        $(impl<$($task: TaskRef<$marker>, $marker),+> TaskRefs<($($marker,)+)> for ($($task,)+) {
            fn names(self) -> Vec<String> {
                vec![$(self.$index.name()),+]
            }
        })+
    };
}

tuples! {
    (A Ma 0);
    (A Ma 0, B Mb 1);
    (A Ma 0, B Mb 1, C Mc 2);
    (A Ma 0, B Mb 1, C Mc 2, D Md 3);
    (A Ma 0, B Mb 1, C Mc 2, D Md 3, E Me 4);
    (A Ma 0, B Mb 1, C Mc 2, D Md 3, E Me 4, F Mf 5);
    (A Ma 0, B Mb 1, C Mc 2, D Md 3, E Me 4, F Mf 5, G Mg 6);
    (A Ma 0, B Mb 1, C Mc 2, D Md 3, E Me 4, F Mf 5, G Mg 6, H Mh 7);
    (A Ma 0, B Mb 1, C Mc 2, D Md 3, E Me 4, F Mf 5, G Mg 6, H Mh 7, I Mi 8);
    (A Ma 0, B Mb 1, C Mc 2, D Md 3, E Me 4, F Mf 5, G Mg 6, H Mh 7, I Mi 8, J Mj 9);
    (A Ma 0, B Mb 1, C Mc 2, D Md 3, E Me 4, F Mf 5, G Mg 6, H Mh 7, I Mi 8, J Mj 9, K Mk 10);
    (A Ma 0, B Mb 1, C Mc 2, D Md 3, E Me 4, F Mf 5, G Mg 6, H Mh 7, I Mi 8, J Mj 9, K Mk 10, L Ml 11);
}

/// The task whose past a condition uses: a named task, or the owner of the statement.
///
/// `M` only distinguishes implementations; it is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name a task",
    note = "give `this_task`, the function marked `#[task]`, or the name of the task as a string"
)]
pub trait Subject<M> {
    /// Returns the name of the task; `None` is the owner of the statement.
    fn subject(self) -> Option<String>;
}

/// The owner of the statement: the type of [`this_task`](crate::conds::this_task).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThisTask;

impl Subject<ThisTask> for ThisTask {
    fn subject(self) -> Option<String> {
        None
    }
}

impl<T: TaskRef<M>, M> Subject<(M,)> for T {
    fn subject(self) -> Option<String> {
        Some(self.name())
    }
}
