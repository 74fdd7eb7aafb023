//! A list that nearly always has at most one member.

use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};

/// A list that stores its first member inline.
#[derive(Clone, Debug, Default)]
pub(crate) enum OneOrMany<T> {
    #[default]
    None,
    One(T),
    /// A deque, because members are mostly taken from the front, which must not move the others.
    Many(VecDeque<T>),
}

impl<T> OneOrMany<T> {
    /// Appends a member.
    #[inline]
    pub(crate) fn push(&mut self, member: T) {
        match self {
            OneOrMany::None => *self = OneOrMany::One(member),
            OneOrMany::Many(members) => {
                // Twice the capacity, so that the two pieces rarely have to be joined.
                if members.len() == members.capacity() {
                    members.reserve(members.len());
                }
                members.push_back(member);
                if !members.as_slices().1.is_empty() {
                    members.make_contiguous();
                }
            }
            OneOrMany::One(_) => {
                let mut members: VecDeque<T> = self.take(|_| true).into_iter().collect();
                members.push_back(member);
                *self = OneOrMany::Many(members);
            }
        }
    }

    /// Removes and returns the first member that matches. The others keep their order.
    #[inline]
    pub(crate) fn take(&mut self, mut holds: impl FnMut(&T) -> bool) -> Option<T> {
        match self {
            OneOrMany::One(member) if holds(member) => match std::mem::take(self) {
                OneOrMany::One(member) => Some(member),
                OneOrMany::None | OneOrMany::Many(_) => None,
            },
            OneOrMany::None | OneOrMany::One(_) => None,
            OneOrMany::Many(members) => {
                let index = members.iter().position(holds)?;
                members.remove(index)
            }
        }
    }
}

impl<T> FromIterator<T> for OneOrMany<T> {
    fn from_iter<I: IntoIterator<Item = T>>(members: I) -> Self {
        let mut list = OneOrMany::None;
        members.into_iter().for_each(|member| list.push(member));
        list
    }
}

impl<T> Deref for OneOrMany<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            OneOrMany::None => &[],
            OneOrMany::One(member) => std::slice::from_ref(member),
            OneOrMany::Many(members) => members.as_slices().0,
        }
    }
}

impl<T> DerefMut for OneOrMany<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        match self {
            OneOrMany::None => &mut [],
            OneOrMany::One(member) => std::slice::from_mut(member),
            OneOrMany::Many(members) => members.make_contiguous(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::OneOrMany;

    #[test]
    fn members_keep_their_order() {
        let mut few = OneOrMany::default();
        assert!(few.is_empty());
        (1..=4).for_each(|number| few.push(number));
        assert_eq!(few.take(|number| *number == 2), Some(2));
        assert_eq!(few.take(|number| *number == 2), None);
        assert_eq!(*few, [1, 3, 4]);
        for number in [1, 3, 4] {
            assert_eq!(few.take(|member| *member == number), Some(number));
        }
        few.push(5);
        assert_eq!(*few, [5]);
    }

    #[test]
    fn one_member_comes_and_goes() {
        let mut few = OneOrMany::None;
        few.push("a");
        assert_eq!(few.take(|_| false), None);
        assert_eq!(few.take(|_| true), Some("a"));
        assert!(few.is_empty());
    }
}
