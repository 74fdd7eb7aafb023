//! Completion of command lines.

use clap::{Arg, Command};

/// The completions at the end of a command line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Words of the command line itself.
    pub(crate) words: Vec<String>,
    /// Whether the name of a task can be completed.
    pub(crate) tasks: bool,
}

/// The names of arguments that are tasks.
const TASKS: [&str; 4] = ["task", "tasks", "what", "only"];

/// The completions of a command line whose last word is incomplete.
pub(crate) fn wanted(mut command: Command, words: &[String]) -> Wanted {
    command.build();
    let (begun, complete) = words
        .split_last()
        .map_or(("", words), |(last, others)| (last.as_str(), others));
    let mut command = &command;
    let mut option = None;
    for word in complete {
        if let Some(inner) = command.find_subcommand(word) {
            command = inner;
            option = None;
            continue;
        }
        option = find_option(command, word);
    }
    if let Some(option) = option {
        return values(option);
    }
    if begun.starts_with('-') {
        return Wanted {
            words: options(command),
            tasks: false,
        };
    }
    let inner = command.get_subcommands().filter(|command| !command.is_hide_set());
    let words = inner.map(|command| command.get_name().to_owned()).collect();
    let positionals = command.get_positionals().map(values);
    positionals.fold(Wanted { words, tasks: false }, |mut all, of_one| {
        all.words.extend(of_one.words);
        all.tasks |= of_one.tasks;
        all
    })
}

/// The option with this name, if it takes its value as a separate word.
fn find_option<'a>(command: &'a Command, word: &str) -> Option<&'a Arg> {
    let is_meant = |arg: &&Arg| {
        let long = arg
            .get_long()
            .is_some_and(|long| word.strip_prefix("--") == Some(long));
        let short = arg
            .get_short()
            .is_some_and(|short| word.strip_prefix('-') == Some(short.to_string().as_str()));
        (long || short) && arg.get_action().takes_values()
    };
    command.get_arguments().find(is_meant)
}

fn values(arg: &Arg) -> Wanted {
    let words = arg.get_possible_values();
    Wanted {
        words: words.iter().map(|value| value.get_name().to_owned()).collect(),
        tasks: TASKS.contains(&arg.get_id().as_str()),
    }
}

fn options(command: &Command) -> Vec<String> {
    let shown = command.get_arguments().filter(|arg| !arg.is_hide_set());
    shown
        .filter_map(|arg| arg.get_long().map(|long| format!("--{long}")))
        .collect()
}

/// The script for bash.
pub(crate) fn bash(name: &str) -> String {
    let function = function(name);
    format!(
        "{function}() {{\n    \
             local IFS=$'\\n'\n    \
             COMPREPLY=($(\"${{COMP_WORDS[0]}}\" __complete -- \"${{COMP_WORDS[@]:1:COMP_CWORD}}\" 2>/dev/null))\n\
         }}\n\
         complete -F {function} {name}\n"
    )
}

/// The script for zsh.
pub(crate) fn zsh(name: &str) -> String {
    let function = function(name);
    format!(
        "#compdef {name}\n\
         {function}() {{\n    \
             compadd -- ${{(f)\"$(\"${{words[1]}}\" __complete -- \"${{(@)words[2,CURRENT]}}\" 2>/dev/null)\"}}\n\
         }}\n\
         compdef {function} {name}\n"
    )
}

/// The script for fish.
pub(crate) fn fish(name: &str) -> String {
    format!(
        "complete -c {name} -f -a '(set -l words (commandline -opc) (commandline -ct); \
         $words[1] __complete -- $words[2..] 2>/dev/null)'\n"
    )
}

/// The name of a shell function.
fn function(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    format!("_{}", name.chars().map(plain).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::wanted;
    use crate::arguments::Arguments;

    fn propose(line: &str) -> (Vec<String>, bool) {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let wanted = wanted(Arguments::definition("shop"), &words);
        (wanted.words, wanted.tasks)
    }

    #[test]
    fn commands_options_values_and_tasks_are_proposed() {
        let (words, tasks) = propose("ta");
        assert!(words.contains(&"tasks".to_owned()) && !words.contains(&"__complete".to_owned()) && !tasks);
        assert_eq!(propose("run-task re"), (vec![], true));
        assert_eq!(propose("terminate "), (vec![], true));
        assert!(propose("log --fo").0.contains(&"--follow".to_owned()));
        assert_eq!(
            propose("tasks --output js").0,
            ["table", "json", "jsonl", "csv", "ics", "svg"]
        );
        assert!(propose("run --only ").1);
    }
}
