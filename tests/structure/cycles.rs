//! Files that use each other in a circle.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::paths::{Path, module_of, paths};

/// Returns each circle as the files on its shortest way: `a.rs → b.rs → a.rs`.
///
/// A file uses the file in which a name is defined: a re-export by the file of a folder stands for the original, and
/// is no use. What is in a module named `tests` does not count.
pub(crate) fn cycles(sources: &[(String, String)]) -> Vec<String> {
    let files = Files::new(sources);
    let uses: Uses = sources
        .iter()
        .map(|(file, source)| (file.as_str(), files.used_by(file, source)))
        .collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for file in uses.keys() {
        if seen.contains(file) {
            continue;
        }
        if let Some(circle) = circle(&uses, file) {
            found.push(circle.join(" → "));
            seen.extend(circle);
        }
    }
    found
}

/// The files that each file uses.
type Uses<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// Returns the shortest way from a file back to itself.
fn circle<'a>(uses: &Uses<'a>, start: &'a str) -> Option<Vec<&'a str>> {
    let mut reached = BTreeSet::new();
    let mut ways = VecDeque::from([vec![start]]);
    while let Some(way) = ways.pop_front() {
        for &next in uses.get(way.last()?).into_iter().flatten() {
            let longer = || way.iter().copied().chain([next]).collect();
            if next == start {
                return Some(longer());
            }
            if reached.insert(next) {
                ways.push_back(longer());
            }
        }
    }
    None
}

struct Files<'a> {
    /// The file of each module.
    modules: BTreeMap<Vec<String>, &'a str>,
    /// The names that modules re-export, each with the path that it stands for.
    exports: BTreeMap<Vec<String>, Vec<String>>,
}

impl<'a> Files<'a> {
    fn new(sources: &'a [(String, String)]) -> Self {
        let modules = sources.iter().map(|(file, _)| (module_of(file), file.as_str()));
        let mut files = Files {
            modules: modules.collect(),
            exports: BTreeMap::new(),
        };
        for (file, source) in sources {
            for path in paths(file, source) {
                if let Some(import) = path.import.as_ref().filter(|import| import.exported)
                    && let Some(meaning) = files.absolute(&path)
                {
                    let name = path.place.iter().chain([&import.name]).cloned();
                    files.exports.insert(name.collect(), meaning);
                }
            }
        }
        files
    }

    fn used_by(&self, file: &str, source: &str) -> BTreeSet<&'a str> {
        let paths = paths(file, source);
        let counts = |path: &&Path| {
            let is_export = path.import.as_ref().is_some_and(|import| import.exported);
            let names_a_part = is_export && is_of_folder(file);
            !names_a_part && !path.is_in_tests()
        };
        let imported = self.imported_modules(&paths);
        let used = paths.iter().filter(counts).filter_map(|path| {
            let meaning = self.absolute(path).or_else(|| {
                let base = imported.get(path.names.first()?.as_str())?;
                Some(base.iter().chain(&path.names[1..]).cloned().collect())
            });
            self.file_of(meaning?)
        });
        used.filter(|used| *used != file).collect()
    }

    /// Returns the modules that a file imports, by the names that they have there.
    fn imported_modules<'p>(&self, paths: &'p [Path]) -> BTreeMap<&'p str, Vec<String>> {
        let imports = paths.iter().filter_map(|path| {
            let module = self.absolute(path)?;
            let name = path.import.as_ref()?.name.as_str();
            self.modules.contains_key(&module).then_some((name, module))
        });
        imports.collect()
    }

    /// Returns a path from the root of the crate, if it begins there or at a module of its own.
    fn absolute(&self, path: &Path) -> Option<Vec<String>> {
        path.absolute().or_else(|| {
            let child: Vec<_> = path.place.iter().chain(path.names.first()).cloned().collect();
            self.modules.get(&child)?;
            Some(path.place.iter().chain(&path.names).cloned().collect())
        })
    }

    /// Returns the file that defines what a path from the root of the crate names.
    fn file_of(&self, mut path: Vec<String>) -> Option<&'a str> {
        // As many re-exports in a row are a circle of their own.
        for _ in 0..8 {
            let (module, file) = (0..=path.len())
                .rev()
                .find_map(|end| Some((end, *self.modules.get(&path[..end])?)))?;
            let name = path.get(..=module);
            match name.and_then(|name| self.exports.get(name)) {
                Some(meaning) => path = meaning.iter().chain(&path[module + 1..]).cloned().collect(),
                None => return Some(file),
            }
        }
        None
    }
}

/// Returns whether a file is that of a folder or a crate, which lists its parts.
fn is_of_folder(file: &str) -> bool {
    matches!(file.rsplit('/').next(), Some("mod.rs" | "lib.rs"))
}

#[cfg(test)]
mod tests {
    use super::cycles;

    fn check(sources: &[(&str, &str)]) -> Vec<String> {
        let owned = sources
            .iter()
            .map(|(file, source)| ((*file).into(), (*source).into()));
        cycles(&owned.collect::<Vec<_>>())
    }

    #[test]
    fn files_that_use_each_other_are_found() {
        assert_eq!(
            check(&[
                ("a.rs", "use crate::b::B;"),
                ("b.rs", "fn f() { super::a::f(); }")
            ]),
            ["a.rs → b.rs → a.rs"]
        );
        let row = [
            ("a.rs", "use crate::b::B;"),
            ("b.rs", "use crate::c::C;"),
            ("c.rs", "use crate::{a::A, d::D};"),
            ("d.rs", "use crate::b::B;"),
        ];
        assert_eq!(
            check(&row),
            ["a.rs → b.rs → c.rs → a.rs", "d.rs → b.rs → c.rs → d.rs"]
        );
    }

    #[test]
    fn one_direction_is_not_a_cycle() {
        assert!(check(&[("a.rs", "use crate::b::B;"), ("b.rs", "use std::fmt;")]).is_empty());
        assert!(check(&[("a.rs", "use super::a::A; fn f() { self::g(); }")]).is_empty());
    }

    #[test]
    fn a_re_export_stands_for_the_file_of_the_name() {
        let folder = (
            "a/mod.rs",
            "mod b; mod c; pub use b::B; pub(crate) use self::c::C as D;",
        );
        let circle = [
            folder,
            ("a/b.rs", "use crate::a::D;"),
            ("a/c.rs", "use super::B;"),
        ];
        assert_eq!(check(&circle), ["a/b.rs → a/c.rs → a/b.rs"]);
        let row = [folder, ("a/b.rs", "use super::D;"), ("a/c.rs", "")];
        assert!(check(&row).is_empty());
        let root = ("lib.rs", "pub use a::D;");
        let through_the_root = [
            root,
            folder,
            ("a/b.rs", "use crate::D;"),
            ("a/c.rs", "use super::B;"),
        ];
        assert_eq!(check(&through_the_root), ["a/b.rs → a/c.rs → a/b.rs"]);
    }

    #[test]
    fn a_folder_that_uses_its_own_parts_is_not_used_by_them() {
        let parts = [
            ("a/mod.rs", "mod b; use b::B; fn f() {}"),
            ("a/b.rs", "use super::f;"),
        ];
        assert_eq!(check(&parts), ["a/b.rs → a/mod.rs → a/b.rs"]);
    }

    #[test]
    fn an_imported_module_stands_for_its_path() {
        let files = [
            ("a/mod.rs", "pub mod b;"),
            ("a/b.rs", "use crate::c::C;"),
            ("c.rs", "use crate::a; fn f() { a::b::g(); }"),
        ];
        assert_eq!(check(&files), ["a/b.rs → c.rs → a/b.rs"]);
    }

    #[test]
    fn tests_are_no_part_of_what_they_test() {
        let files = [
            ("a.rs", "mod tests { use crate::b::B; }"),
            ("b.rs", "use crate::a::A;"),
        ];
        assert!(check(&files).is_empty());
        assert!(check(&[("a/tests.rs", "use crate::b::B;"), ("b.rs", "use crate::a::A;")]).is_empty());
    }
}
