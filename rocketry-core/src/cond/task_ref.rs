//! How a statement names a task.

/// Something that names a task: a string, or what a task was made from.
///
/// `M` only tells the implementations apart; it is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name a task",
    note = "give the function marked `#[task]`, or the name of the task as a string"
)]
pub trait TaskRef<M> {
    /// The name of the task.
    fn name(self) -> String;
}

/// A task named by a string.
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

/// A task named by the type that stands for it, which carries its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByType(pub &'static str);

impl TaskRef<ByType> for ByType {
    fn name(self) -> String {
        self.0.to_owned()
    }
}

/// Several tasks: a tuple, an array, a slice or a vector of what names one.
///
/// `M` only tells the implementations apart; it is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name several tasks",
    note = "give a tuple, an array, a slice or a vector of functions marked `#[task]` or of names"
)]
pub trait TaskRefs<M> {
    /// The names of the tasks.
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

/// Whose past a condition looks at: a task that it names, or the one that owns the statement.
///
/// `M` only tells the implementations apart; it is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name a task",
    note = "give `this_task`, the function marked `#[task]`, or the name of the task as a string"
)]
pub trait Subject<M> {
    /// The name of the task; `None` is the task that owns the statement.
    fn subject(self) -> Option<String>;
}

/// The task that owns the statement: the type of [`this_task`](crate::conds::this_task).
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
