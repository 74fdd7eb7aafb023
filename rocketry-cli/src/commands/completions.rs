//! `completions`: shell completions.

use clap::{Args, ValueEnum};
use clap_complete::{Shell as Static, generate};
use rocketry_api::TaskFilter;

use super::context::Context;
use crate::complete;
use crate::exit::Outcome;

/// Prints a script that lets a shell complete commands, options and names of tasks
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  source <(myapp completions bash)                                 in ~/.bashrc
  source <(myapp completions zsh)                                  in ~/.zshrc
  myapp completions fish > ~/.config/fish/completions/myapp.fish

In bash, zsh and fish, names of tasks are completed as well.")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    #[value(name = "powershell")]
    Power,
    Elvish,
}

/// Prints the completions of a command line. Called by the scripts of the shells.
#[derive(Debug, Args)]
pub(crate) struct Complete {
    /// The words so far, the last of which is incomplete
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

impl Completions {
    pub(crate) fn execute(self, context: &mut Context<'_>) -> Outcome {
        let name = context.reach.name().to_owned();
        let script = match self.shell {
            Shell::Bash => complete::bash(&name),
            Shell::Zsh => complete::zsh(&name),
            Shell::Fish => complete::fish(&name),
            Shell::Power => of_clap(Static::PowerShell, context),
            Shell::Elvish => of_clap(Static::Elvish, context),
        };
        context.out.text(&script)
    }
}

/// A script that only knows commands and options.
fn of_clap(shell: Static, context: &Context<'_>) -> String {
    let name = context.reach.name();
    let mut script = Vec::new();
    generate(shell, &mut (context.definition)(name), name, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

impl Complete {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let command = (context.definition)(context.reach.name());
        let wanted = complete::wanted(command, &self.words);
        let mut found = wanted.words;
        if wanted.tasks
            && let Ok(client) = context.reach.reader().await
            && let Ok(tasks) = client.tasks(&TaskFilter::default()).await
        {
            found.extend(tasks.iter().map(|task| task.name.to_string()));
        }
        let begun = self.words.last().map_or("", String::as_str);
        found.retain(|word| word.starts_with(begun));
        found.into_iter().try_for_each(|word| context.out.line(word))
    }
}
