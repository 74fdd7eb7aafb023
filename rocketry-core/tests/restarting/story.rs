//! The output of an app over several lives, and the checks on it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::process::{Command, Stdio};

use crate::folder::Folder;
use crate::life;

/// How many lives the app has: it restarts twice.
pub(crate) const LIVES: usize = 3;

pub(crate) struct Story {
    lines: Vec<String>,
    /// Where what is left is put; nothing stays there.
    room: Folder,
}

impl Story {
    /// Lets the app live and restart in this way.
    pub(crate) fn of(way: &str) -> Self {
        let room = Folder::new();
        let place = room.path("");
        Story::told(way, room, &place, None)
    }

    /// The same with a run log at an address.
    #[allow(dead_code, reason = "for crates that have such logs")]
    pub(crate) fn logged(way: &str, log: &str) -> Self {
        let room = Folder::new();
        let place = room.path("");
        Story::told(way, room, &place, Some(log))
    }

    /// The same where nothing can be left for another process.
    pub(crate) fn without_room(way: &str) -> Self {
        let room = Folder::new();
        let nowhere = room.path("nowhere");
        Story::told(way, room, &nowhere, None)
    }

    fn told(way: &str, room: Folder, place: &std::path::Path, log: Option<&str>) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args([life::WORD, "with words", ""])
            .env("TMPDIR", place)
            .env("ROCKETRY_RESTARTING", way)
            .envs(log.map(|log| (life::LOG, log)))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // All lives write to one pipe, which has its end with the last of them.
        let said = std::io::read_to_string(process.stdout.take().unwrap()).unwrap();
        let status = process.wait().unwrap();
        assert!(status.success(), "{status}");
        let lines = said.lines().map(str::to_owned).collect();
        Story { lines, room }
    }

    /// Returns the rest of each line that begins with the given words.
    fn after<'a>(&'a self, words: &'a str) -> impl Iterator<Item = &'a str> {
        self.lines
            .iter()
            .filter_map(move |line| line.strip_prefix(words)?.strip_prefix(' '))
    }

    pub(crate) fn count(&self, line: &str) -> usize {
        self.lines.iter().filter(|said| *said == line).count()
    }

    /// Returns the number of processes in which the app has run.
    pub(crate) fn processes(&self) -> usize {
        self.after("life").collect::<HashSet<_>>().len()
    }

    pub(crate) fn holds(&self) {
        assert_eq!(self.lines.last().map(String::as_str), Some("all is well"));
        self.was_private();
        self.ran_what_was_asked();
        self.has_all_records();
    }

    fn was_private(&self) {
        assert!(self.after("mode").all(|mode| mode == "600"));
        let left: Vec<_> = fs::read_dir(&self.room).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }

    fn ran_what_was_asked(&self) {
        let mut done: Vec<u32> = self.after("done").map(|n| n.parse().unwrap()).collect();
        done.sort_unstable();
        assert_eq!(done, (0..life::RUNS).collect::<Vec<_>>(), "each once");
        assert_eq!(self.count("off"), 0, "it stays disabled");
    }

    /// Each run has a start and an end, each observed run is recorded, and all are counted.
    fn has_all_records(&self) {
        let mut runs: HashMap<(&str, &str), Vec<&str>> = HashMap::new();
        let mut totals: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for record in self.after("record") {
            let [task, run, action] = words(record);
            runs.entry((task, run)).or_default().push(action);
            *totals.entry((task, action)).or_default() += 1;
        }
        for (run, actions) in &runs {
            assert!(matches!(actions[..], ["run", "success"]), "{run:?}: {actions:?}");
        }
        assert_eq!(totals[&("work", "success")], life::RUNS as usize);
        assert_eq!(totals[&("noise", "success")], self.count("noise"));
        assert_eq!(totals[&("once", "run")], 1);
        for total in self.after("total") {
            let [task, action, total, last] = words(total);
            let recorded = totals.get(&(task, action)).copied().unwrap_or(0);
            assert_eq!(total.parse::<usize>().unwrap(), recorded, "{task} {action}");
            assert_eq!(last == "0", recorded == 0, "{task} {action}");
        }
        assert_eq!(self.after("life").count(), LIVES);
    }
}

fn words<const N: usize>(line: &str) -> [&str; N] {
    let words: Vec<&str> = line.split(' ').collect();
    words.try_into().unwrap_or_else(|_| panic!("{line}"))
}

pub(crate) fn refusals_name_what_has_no_words() {
    for (change, what) in life::CHANGES {
        let error = life::refusal(change);
        assert!(error.is_parameter(), "{error}");
        assert!(error.to_string().contains(what), "{error}");
    }
}
