//! Suggestions for misspelt words.

/// Returns the candidate that `word` most likely stands for.
///
/// Each missing, added or replaced letter, or swap of neighbours, counts as one edit.
/// Longer words allow more edits. Case is ignored.
///
/// ```
/// use rocketry_syntax::suggest::nearest;
///
/// assert_eq!(nearest("mintuely", ["hourly", "minutely"]), Some("minutely"));
/// assert_eq!(nearest("banana", ["hourly", "minutely"]), None);
/// ```
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    candidates
        .into_iter()
        // The distance is at least the difference in length.
        .filter(|candidate| {
            let lengths = [word, candidate].map(|text| text.chars().count());
            lengths[0].abs_diff(lengths[1]) <= forgiven(word, candidate)
        })
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|&(mistakes, candidate)| mistakes <= forgiven(word, candidate))
        .min_by_key(|&(mistakes, _)| mistakes)
        .map(|(_, candidate)| candidate)
}

/// Returns true if `word` is `candidate` or clearly a misspelling of it.
///
/// Stricter than [`nearest`], because a false positive would reject a valid custom phrase.
pub(crate) fn is_near(word: &str, candidate: &str) -> bool {
    let forgiven = match candidate.len() {
        0..=3 => 0,
        4..=5 => 1,
        _ => 2,
    };
    // The distance is at least the difference in length; letters beyond ASCII only make it larger.
    let close_in_length = word.chars().count().abs_diff(candidate.len()) <= forgiven;
    word == candidate || (close_in_length && distance(word, candidate) <= forgiven)
}

fn forgiven(word: &str, candidate: &str) -> usize {
    match word.len().max(candidate.len()) {
        0..=2 => 0,
        3..=5 => 1,
        6..=8 => 2,
        _ => 3,
    }
}

/// The number of edits that turn one word into the other.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().flat_map(char::to_lowercase).collect();
    let b: Vec<char> = b.chars().flat_map(char::to_lowercase).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}
