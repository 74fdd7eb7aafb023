//! A list that nearly always has one member at the most.

use std::ops::{Deref, DerefMut};

/// A list that needs no room elsewhere for its first member.
#[derive(Clone, Debug, Default)]
pub(crate) enum Few<T> {
    #[default]
    None,
    One(T),
    Many(Vec<T>),
}

impl<T> Few<T> {
    /// Adds a member behind the others.
    pub(crate) fn push(&mut self, member: T) {
        match self {
            Few::None => *self = Few::One(member),
            Few::Many(members) => members.push(member),
            Few::One(_) => {
                let mut members: Vec<T> = self.take(|_| true).into_iter().collect();
                members.push(member);
                *self = Few::Many(members);
            }
        }
    }

    /// Takes the first member out for which something holds; the others keep their order.
    pub(crate) fn take(&mut self, mut holds: impl FnMut(&T) -> bool) -> Option<T> {
        match self {
            Few::One(member) if holds(member) => match std::mem::take(self) {
                Few::One(member) => Some(member),
                Few::None | Few::Many(_) => None,
            },
            Few::None | Few::One(_) => None,
            Few::Many(members) => {
                let index = members.iter().position(holds)?;
                Some(members.remove(index))
            }
        }
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Few::None => &[],
            Few::One(member) => std::slice::from_ref(member),
            Few::Many(members) => members,
        }
    }
}

impl<T> DerefMut for Few<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        match self {
            Few::None => &mut [],
            Few::One(member) => std::slice::from_mut(member),
            Few::Many(members) => members,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Few;

    #[test]
    fn members_keep_their_order() {
        let mut few = Few::default();
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
        let mut few = Few::None;
        few.push("a");
        assert_eq!(few.take(|_| false), None);
        assert_eq!(few.take(|_| true), Some("a"));
        assert!(few.is_empty());
    }
}
