//! Runs cases one after the other, with as much of the usual command line as is needed.

use std::panic::catch_unwind;
use std::process::ExitCode;

/// A case and its name.
pub(crate) type Case = (&'static str, fn());

/// Runs the cases whose names have one of the words on the command line in them; all, without any.
pub(crate) fn run(cases: &[Case]) -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let filters: Vec<&String> = words.iter().filter(|word| !word.starts_with('-')).collect();
    let exact = words.iter().any(|word| word == "--exact");
    let fits = |name: &str, filter: &str| {
        if exact {
            name == filter
        } else {
            name.contains(filter)
        }
    };
    let picked = cases
        .iter()
        .filter(|(name, _)| filters.is_empty() || filters.iter().any(|filter| fits(name, filter)));
    if words.iter().any(|word| word == "--list") {
        picked.for_each(|(name, _)| println!("{name}: test"));
        return ExitCode::SUCCESS;
    }
    let (mut passed, mut failed) = (0, 0);
    for (name, case) in picked {
        let well = catch_unwind(case).is_ok();
        println!("test {name} ... {}", if well { "ok" } else { "FAILED" });
        *(if well { &mut passed } else { &mut failed }) += 1;
    }
    let (verdict, filtered) = (
        if failed == 0 { "ok" } else { "FAILED" },
        cases.len() - passed - failed,
    );
    println!(
        "\ntest result: {verdict}. {passed} passed; {failed} failed; 0 ignored; 0 measured; {filtered} filtered out"
    );
    ExitCode::from(u8::from(failed > 0))
}
