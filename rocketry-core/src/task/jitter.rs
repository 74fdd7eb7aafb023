//! Spreads starts that are due together.

use rocketry_syntax::ast::Delta;

use crate::time::Timestamp;

/// Returns the delay of a start: less than `within`, and the same for the same task and instant in every process and
/// version.
pub(crate) fn delay(task: &str, due: Timestamp, within: Delta) -> Delta {
    let due = due.as_micros().to_le_bytes();
    let hash = fnv_1a(task.bytes().chain(due));
    Delta(hash.checked_rem(within.0).unwrap_or(0))
}

/// Computes the 64-bit FNV-1a hash. Unlike the hashes of the standard library it never changes.
fn fnv_1a(bytes: impl Iterator<Item = u8>) -> u64 {
    const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    bytes.fold(OFFSET_BASIS, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(PRIME)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        let hash = |text: &str| fnv_1a(text.bytes());
        assert_eq!(hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(hash("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn a_delay_is_spread_over_the_whole_of_the_time_given() {
        let within = Delta(30_000_000);
        let delays = (0..3_000).map(|task| delay(&format!("task {task}"), Timestamp::from_micros(0), within));
        let mut thirds = [0; 3];
        for Delta(delay) in delays {
            thirds[usize::try_from(delay / 10_000_000).unwrap()] += 1;
        }
        assert!(
            thirds.iter().all(|count| (900..1_100).contains(count)),
            "{thirds:?}"
        );
    }

    #[test]
    fn no_time_is_no_delay() {
        assert_eq!(delay("task", Timestamp::from_micros(5), Delta(0)), Delta(0));
    }
}
