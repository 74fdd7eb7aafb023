//! The paths in a source file, each with the module that it is written in.

use crate::tokens::{Token, tokens};

/// A path such as `super::state::State`, as it is written.
pub(crate) struct Path {
    /// The module in which the path is written.
    pub(crate) place: Vec<String>,
    pub(crate) names: Vec<String>,
    pub(crate) line: usize,
    pub(crate) import: Option<Import>,
}

/// What a `use` makes of a path.
pub(crate) struct Import {
    /// The name that it has from then on.
    pub(crate) name: String,
    /// Whether other modules can use the name.
    pub(crate) exported: bool,
}

impl Path {
    /// Returns whether the path is in a module named `tests`.
    pub(crate) fn is_in_tests(&self) -> bool {
        self.place.iter().any(|module| module == "tests")
    }

    /// Returns the path from the root of the crate, if it begins with `crate`, `super` or `self`.
    pub(crate) fn absolute(&self) -> Option<Vec<String>> {
        let is_root = |name: &String| matches!(name.as_str(), "crate" | "super" | "self");
        self.names.first().filter(|first| is_root(first))?;
        let mut base = self.place.clone();
        let mut rest = self.names.iter().peekable();
        while let Some(name) = rest.next_if(|name| is_root(name)) {
            match name.as_str() {
                "crate" => base.clear(),
                "super" => _ = base.pop(),
                _ => {}
            }
        }
        base.extend(rest.cloned());
        Some(base)
    }
}

/// Returns the module that a file contains.
pub(crate) fn module_of(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/')
        .filter(|&part| part != "lib")
        .map(String::from)
        .collect()
}

/// Returns the paths of a file with at least two names, and each import.
pub(crate) fn paths(file: &str, source: &str) -> Vec<Path> {
    let tokens = tokens(source);
    let mut reader = Reader {
        tokens: &tokens,
        at: 0,
        place: module_of(file),
        inline: Vec::new(),
        depth: 0,
        paths: Vec::new(),
    };
    while reader.step() {}
    reader.paths
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    place: Vec<String>,
    /// The depth of braces at which each inline module around the reader was opened.
    inline: Vec<usize>,
    depth: usize,
    paths: Vec<Path>,
}

impl<'a> Reader<'a> {
    fn step(&mut self) -> bool {
        match (self.text(0), self.text(1), self.text(2)) {
            (None, ..) => return false,
            (Some("mod"), Some(name), Some("{")) => {
                self.place.push(name.into());
                self.inline.push(self.depth);
                self.at += 2;
            }
            (Some("use"), ..) => self.import(),
            (Some(_), Some("::"), _) if !self.is_visibility() => self.expression(),
            (Some("{"), ..) => {
                self.depth += 1;
                self.at += 1;
            }
            (Some("}"), ..) => self.close(),
            _ => self.at += 1,
        }
        true
    }

    fn text(&self, ahead: usize) -> Option<&'a str> {
        self.tokens.get(self.at + ahead).map(|token| token.text.as_str())
    }

    fn before(&self, behind: usize) -> Option<&'a str> {
        let at = self.at.checked_sub(behind)?;
        self.tokens.get(at).map(|token| token.text.as_str())
    }

    /// Returns whether the next path is that of a `pub(in …)`.
    fn is_visibility(&self) -> bool {
        self.before(1) == Some("in") && self.before(2) == Some("(") && self.before(3) == Some("pub")
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        if self.inline.pop_if(|opened| *opened == self.depth).is_some() {
            self.place.pop();
        }
        self.at += 1;
    }

    /// Reads a path outside of a `use`.
    fn expression(&mut self) {
        let mut names = Vec::new();
        let line = self.tokens[self.at].line;
        while let Some(name) = self.text(0).filter(|text| is_name(text)) {
            names.push(name.to_owned());
            self.at += 1;
            if self.text(0) != Some("::") {
                break;
            }
            self.at += 1;
        }
        if names.len() > 1 {
            self.push(names, line, None);
        } else if names.is_empty() {
            self.at += 1;
        }
    }

    /// Reads a `use`.
    fn import(&mut self) {
        let exported = matches!(self.before(1), Some("pub" | ")"));
        self.at += 1;
        self.tree(Vec::new(), exported);
    }

    /// Reads a tree of imports whose names follow `names`.
    fn tree(&mut self, mut names: Vec<String>, exported: bool) {
        while let Some(text) = self.text(0) {
            let line = self.tokens[self.at].line;
            match text {
                "::" => self.at += 1,
                "{" => return self.group(&names, exported),
                "," | "}" | ";" => return,
                _ => {
                    self.at += 1;
                    names.push(text.to_owned());
                    if self.text(0) != Some("::") {
                        return self.leaf(names, exported, line);
                    }
                }
            }
        }
    }

    fn group(&mut self, names: &[String], exported: bool) {
        self.at += 1;
        while self.text(0).is_some_and(|text| text != "}") {
            self.tree(names.to_vec(), exported);
            if self.text(0) == Some(",") {
                self.at += 1;
            }
        }
        self.at += 1;
    }

    fn leaf(&mut self, mut names: Vec<String>, exported: bool, line: usize) {
        if names.len() > 1 && names.last().is_some_and(|name| name == "self") {
            names.pop();
        }
        let mut name = names.last().cloned();
        if self.text(0) == Some("as") {
            name = self.text(1).map(String::from);
            self.at += 2;
        }
        let name = name.unwrap_or_default();
        self.push(names, line, Some(Import { name, exported }));
    }

    fn push(&mut self, names: Vec<String>, line: usize, import: Option<Import>) {
        let place = self.place.clone();
        self.paths.push(Path {
            place,
            names,
            line,
            import,
        });
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::paths;

    fn written(source: &str) -> Vec<String> {
        let found = paths("a/b.rs", source).into_iter();
        found
            .map(|path| {
                let place = path.place.join("/");
                let name = path.import.map_or_else(String::new, |import| {
                    let sign = if import.exported { "=" } else { "-" };
                    format!(" {sign} {}", import.name)
                });
                format!("{place}: {}{name}", path.names.join("::"))
            })
            .collect()
    }

    #[test]
    fn imports_are_expanded() {
        assert_eq!(
            written("use super::c::{self, D, e::{F as G, H},};\npub(crate) use i;"),
            [
                "a/b: super::c - c",
                "a/b: super::c::D - D",
                "a/b: super::c::e::F - G",
                "a/b: super::c::e::H - H",
                "a/b: i = i",
            ]
        );
    }

    #[test]
    fn paths_in_expressions_have_their_module() {
        assert_eq!(
            written("fn f() { c::<D>::e(); g::h::<I>() } mod j { fn k(l: crate::M) {} } fn n(o: p::Q) {}"),
            ["a/b: g::h", "a/b/j: crate::M", "a/b: p::Q"]
        );
    }

    #[test]
    fn visibilities_are_no_paths() {
        assert!(written("pub(in crate::a) fn f(); pub(crate) fn g();").is_empty());
    }
}
